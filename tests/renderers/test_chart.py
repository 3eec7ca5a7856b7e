"""Charts: alive where Jupyter can, as a picture elsewhere, in words always."""

import base64
import io
from typing import Any

import altair
import pandas
import PIL.Image
import pytest

from agentbench.renderers.base import TIMES
from agentbench.renderers.chart.live import PLOTLY, SCHEMA, VEGALITE
from agentbench.renderers.chart.spec import VEGA
from tests.renderers.values import VALUES, new_renderers

RENDERERS = new_renderers()


@pytest.fixture(scope="module")
def chart() -> Any:
    return VALUES["altair"]()


def test_an_altair_chart_is_alive_and_a_picture_and_words(chart: Any) -> None:
    shown = RENDERERS.render(chart).data
    assert shown[VEGALITE]["$schema"] == SCHEMA
    assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG")
    assert shown["text/plain"] == "Chart: bar, x: n, y: x"


def test_an_altair_chart_of_many_rows_is_no_error() -> None:
    frame = pandas.DataFrame({"n": range(9_000)})
    shown = RENDERERS.render(altair.Chart(frame).mark_point().encode(x="n:Q")).data
    assert len(next(iter(shown[VEGALITE]["datasets"].values()))) == 9_000


def test_a_chart_with_too_much_data_says_so() -> None:
    frame = pandas.DataFrame({"n": range(90_000)})
    shown = RENDERERS.render(altair.Chart(frame).mark_point().encode(x="n:Q")).data
    assert set(shown) == {"text/plain"}
    assert "are too many to show here" in shown["text/plain"]


@pytest.mark.parametrize("name", ["altair", "matplotlib"])
def test_a_preview_of_a_chart_is_a_small_picture(name: str) -> None:
    png = base64.b64decode(RENDERERS.preview(VALUES[name]()).data["image/png"])
    assert max(PIL.Image.open(io.BytesIO(png)).size) <= 300
    assert len(png) <= 13_000


def test_a_matplotlib_figure_is_a_png() -> None:
    shown = RENDERERS.render(VALUES["matplotlib"]()).data
    assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG")
    assert shown["text/plain"] == f"Figure 400 {TIMES} 300, 1 plot"


def test_axes_show_the_figure_they_belong_to() -> None:
    figure = VALUES["matplotlib"]()
    assert RENDERERS.render(figure.axes[0]) == RENDERERS.render(figure)


def test_a_plotly_figure_goes_to_its_own_extension() -> None:
    shown = RENDERERS.render(VALUES["plotly"]()).data
    assert shown[PLOTLY]["data"][0]["type"] == "bar"
    assert shown["text/plain"] == "Plotly figure, 1 trace: bar"


def test_a_chart_is_downloaded_as_a_picture(chart: Any) -> None:
    file = RENDERERS.download(chart, {"filename": "sales.png"})
    assert file is not None
    assert (file.filename, file.mime) == ("sales.png", "image/png")


RAW_VEGA: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega/v5.json",
    "width": 60,
    "height": 20,
    "marks": [{"type": "rect", "encode": {"enter": {"width": {"value": 9}}}}],
}


@pytest.mark.parametrize("spec", [VALUES["vega data"](), RAW_VEGA])
def test_a_specification_is_alive_only_where_nothing_but_our_stage_draws_it(
    spec: Any,
) -> None:
    shown = RENDERERS.render(spec).data
    assert set(shown) == {VEGA, "image/png", "text/plain"}
    assert shown[VEGA] == spec


@pytest.mark.parametrize(
    "part",
    [
        {"data": [{"name": "t", "url": "http://example.org/t.json"}]},
        {"marks": [{"type": "image", "encode": {"enter": {"url": {"value": "x"}}}}]},
    ],
)
def test_a_specification_that_names_an_address_is_a_tree(part: Any) -> None:
    assert "application/json" in RENDERERS.render({**RAW_VEGA, **part}).data
