"""Charts drawn from tables."""

import json
from typing import Any

import pandas as pd
import pytest

from agentbench.blocks.chart import plot


@pytest.fixture
def air() -> pd.DataFrame:
    days = pd.to_datetime(["2024-01-01", "2024-01-02"] * 2)
    return pd.DataFrame(
        {
            "day": days,
            "PM 2.5": [8.0, None, 21.0, 25.0],
            "city": ["Rome", "Rome", "Oslo", "Oslo"],
            "unused": [1, 2, 3, 4],
        }
    )


async def _drawn(fire: Any, **constants: Any) -> dict[str, Any]:
    (chart,) = (await fire(plot, **constants))["result"]
    return dict(json.loads(chart.to_json()))


@pytest.mark.parametrize(
    ("kind", "mark"),
    [("line", "line"), ("bar", "bar"), ("area", "area"), ("scatter", "circle")],
)
async def test_a_chart_puts_two_columns_on_its_axes(
    fire: Any, air: pd.DataFrame, kind: str, mark: str
) -> None:
    chart = await _drawn(fire, table=air, x="day", y="PM 2.5", colour="city", kind=kind)
    encoding = chart["encoding"]
    assert chart["mark"]["type"] == mark
    assert encoding["x"]["type"] == "temporal"
    assert (encoding["y"]["title"], encoding["y"]["type"]) == ("PM 2.5", "quantitative")
    assert encoding["color"]["type"] == "nominal"


async def test_dates_that_are_text_are_on_an_axis_of_time(fire: Any) -> None:
    read = pd.DataFrame({"date": ["2024-01-01", None, "2024-01-03"], "rain": [1, 2, 3]})
    chart = await _drawn(fire, table=read, x="date", y="rain")
    assert chart["encoding"]["x"]["type"] == "temporal"
    assert "2024-01-01T00:00:00" in json.dumps(chart)
    words = pd.DataFrame({"date": ["2024-01-01", "later"], "rain": [1, 2]})
    chart = await _drawn(fire, table=words, x="date", y="rain")
    assert chart["encoding"]["x"]["type"] == "nominal"
    assert read["date"][0] == "2024-01-01"


async def test_the_data_is_inside_and_only_what_is_drawn(
    fire: Any, air: pd.DataFrame
) -> None:
    chart = await _drawn(fire, table=air, x="day", y="PM 2.5")
    (rows,) = chart["datasets"].values()
    assert rows[:2] == [
        {"day": "2024-01-01T00:00:00", "PM 2.5": 8.0},
        {"day": "2024-01-02T00:00:00", "PM 2.5": None},
    ]


async def test_the_same_table_gives_the_same_chart(
    fire: Any, air: pd.DataFrame
) -> None:
    drawn = [
        await _drawn(
            fire, table=air.copy(), x="city", y="unused", kind="bar", title="T"
        )
        for _ in range(2)
    ]
    assert json.dumps(drawn[0]) == json.dumps(drawn[1])
    assert drawn[0]["title"]["text"] == "T"
    assert drawn[0]["encoding"]["x"]["sort"] is None


async def test_a_histogram_counts(fire: Any, air: pd.DataFrame) -> None:
    chart = await _drawn(fire, table=air, x="PM 2.5", kind="histogram")
    assert chart["encoding"]["x"]["bin"] is True
    assert chart["encoding"]["y"]["aggregate"] == "count"


async def test_a_name_with_a_dot_is_one_field(fire: Any, air: pd.DataFrame) -> None:
    chart = await _drawn(fire, table=air, x="city", y="PM 2.5", kind="bar")
    assert chart["encoding"]["y"]["field"] == r"PM 2\.5"


async def test_many_rows_are_drawn_and_too_many_are_refused(fire: Any) -> None:
    rows = await _drawn(fire, table=pd.DataFrame({"x": range(20_000)}), x="x", y="x")
    assert len(next(iter(rows["datasets"].values()))) == 20_000
    with pytest.raises(ValueError, match=r"20001 rows; .* Summarise or filter"):
        await fire(plot, table=pd.DataFrame({"x": range(20_001)}), x="x", y="x")


@pytest.mark.parametrize(
    ("constants", "message"),
    [
        ({"x": "city"}, "'y' names no column; a line needs one"),
        ({"x": "cty", "y": "day"}, "'x' names the column 'cty'.*mean 'city'"),
        ({"x": "city", "y": "day", "colour": "q"}, "'colour' names the column 'q'"),
    ],
)
async def test_a_column_that_is_not_there_is_named(
    fire: Any, air: pd.DataFrame, constants: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        await fire(plot, table=air, **constants)


async def test_a_chart_can_be_made_a_picture(fire: Any, air: pd.DataFrame) -> None:
    convert = pytest.importorskip("vl_convert")
    chart = await _drawn(
        fire, table=air, x="day", y="PM 2.5", colour="city", title="Air"
    )
    picture = convert.vegalite_to_svg(chart)
    assert "Air" in picture
    assert "Oslo" in picture
