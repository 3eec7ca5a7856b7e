"""Tables of every make: a corner of them, their size, and the whole for a file."""

from typing import Any

import pandas
import pyarrow
import pytest

from agentbench.renderers.base import TIMES
from tests.renderers.values import BadRepr, new_renderers

RENDERERS = new_renderers()
FRAME = pandas.DataFrame({"city": ["Bern", "Wien"], "people": [134_000, 1_900_000]})


def _sized(rows: int, columns: int) -> str:
    noun = "column" if columns == 1 else "columns"
    return f"{rows:,} rows {TIMES} {columns} {noun}"


def test_a_frame_looks_as_jupyter_shows_one() -> None:
    html = RENDERERS.render(FRAME).data["text/html"]
    assert '<table border="1" class="dataframe">' in html
    left = 'style="text-align: left;"'
    assert f"<th>0</th><td {left}>Bern</td><td>134000</td>" in html
    assert f"<th></th><th {left}>city</th><th>people</th>" in html
    assert f"<p>{_sized(2, 2)}</p>" in html


def test_a_frame_as_text_has_numbers_to_the_right() -> None:
    lines = RENDERERS.render(FRAME).data["text/plain"].split("\n")
    assert lines[:3] == ["   city   people", "0  Bern   134000", "1  Wien  1900000"]
    assert lines[-1] == _sized(2, 2)


def test_a_large_frame_shows_its_first_corner() -> None:
    frame = pandas.DataFrame([[0] * 30] * 5_000)
    shown = RENDERERS.render(frame).data
    assert shown["text/html"].count("<tr>") == 21
    assert _sized(5_000, 30) in shown["text/html"]
    assert shown["text/plain"].count("\n") < 30


def test_a_preview_is_four_by_four() -> None:
    preview = RENDERERS.preview(pandas.DataFrame([[0] * 30] * 50)).data
    assert preview["text/html"].count("<td>0</td>") == 16
    assert preview["text/plain"] == _sized(50, 30)


def test_cells_cannot_become_html() -> None:
    frame = pandas.DataFrame({"<i>": ["<script>x</script>"]})
    html = RENDERERS.render(frame).data["text/html"]
    assert "<script" not in html
    assert "&lt;i&gt;" in html


def test_one_bad_cell_does_not_spoil_the_table() -> None:
    frame = pandas.DataFrame({"a": [BadRepr(), 1]}, dtype=object)
    assert "BadRepr that cannot be shown" in RENDERERS.render(frame).data["text/plain"]


@pytest.mark.parametrize("columns", [["a", "a"], [None, 3], [("a", 1), ("b", 2)]])
def test_columns_may_have_any_names(columns: list[Any]) -> None:
    frame = pandas.DataFrame([[1, 2]], columns=columns)
    assert RENDERERS.render(frame).data["text/html"].count("<td>") == 2


def test_arrow_and_series_are_tables_too() -> None:
    arrow = pyarrow.table({"n": [1, 2]})
    assert RENDERERS.render(arrow).data["text/plain"] == f"n\n1\n2\n\n{_sized(2, 1)}"
    series = pandas.Series([1, 2], name="n")
    assert RENDERERS.renderer_for(series).name == "table"


def test_polars_is_a_table_too() -> None:
    polars = pytest.importorskip("polars")
    shown = RENDERERS.render(polars.DataFrame({"n": [1, 2]})).data
    assert shown["text/plain"] == f"n\n1\n2\n\n{_sized(2, 1)}"


def test_records_are_a_table_when_a_hint_says_so() -> None:
    records = [{"a": 1}, {"a": 2, "b": 3}]
    assert "text/html" in RENDERERS.render(records, {"type": "table"}).data
    assert "application/json" in RENDERERS.render(records).data


def test_csv_text_is_a_table_when_a_hint_says_so() -> None:
    shown = RENDERERS.render("a,b\n1,2\n", {"filename": "x.csv"}).data
    assert "<td>1</td><td>2</td>" in shown["text/html"]
    assert RENDERERS.render("a,b\n1,2\n").data == {"text/plain": "a,b\n1,2\n"}


def test_a_table_is_copied_by_tabs_and_downloaded_by_commas() -> None:
    assert RENDERERS.copy(FRAME) == "city\tpeople\nBern\t134000\nWien\t1900000\n"
    file = RENDERERS.download(FRAME)
    assert file is not None
    assert (file.filename, file.mime) == ("data.csv", "text/csv")
    assert file.content == b"city,people\nBern,134000\nWien,1900000\n"
