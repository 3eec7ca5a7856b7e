"""Blocks that draw."""

import re
from typing import Annotated, Any, Literal

from agentbench.blocks.base import (
    about,
    block,
    checked_column,
    example,
    frame,
    library,
    plain_rows,
)
from agentbench.domain.port import Chart, Table

_MOST_ROWS = 20_000
_FEW = 10  # so many words have room side by side
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_COLOUR = "#3b6ea8"
_PALE = "#a3a9af"


@block(
    id="chart.plot",
    title="Chart",
    keywords=("plot", "graph", "line", "bar", "scatter", "histogram", "altair", "draw"),
    examples=[
        example(
            {
                "table": [{"day": "2024-01-01", "n": 3}, {"day": "2024-01-02", "n": 4}],
                "x": "day",
                "y": "n",
            },
            note="A line over time.",
        )
    ],
)
def plot(
    table: Annotated[Table, about("The rows to draw.")],
    x: Annotated[str, about("The column along the bottom.", title="X")],
    y: Annotated[
        str,
        about(
            "The column of heights; a histogram counts instead.", title="Y", shown=True
        ),
    ] = "",
    *,
    kind: Annotated[
        Literal["line", "bar", "area", "scatter", "histogram"],
        about("How it is drawn."),
    ] = "line",
    colour: Annotated[str, about("A column: each of its values has a colour.")] = "",
    title: Annotated[str, about("What stands above it.")] = "",
    width: Annotated[int, about("In pixels.", advanced=True)] = 600,
    height: Annotated[int, about("In pixels.", advanced=True)] = 320,
) -> Annotated[Chart, about("An Altair chart; its data is inside it.")]:
    """Draws a table as lines, bars, areas, points or a histogram.

    Dates, also as text like 2024-01-31, are put on an axis of time, numbers on an
    axis of numbers; anything else stays in the order of the table.
    """
    altair = library("altair", "chart.plot")
    data = frame(table, "chart.plot")
    if kind != "histogram" and not y:
        raise ValueError(f"'y' names no column; a {kind} needs one for the heights.")
    given = {"x": x, "y": "" if kind == "histogram" else y, "colour": colour}
    named = {
        port: checked_column(data, name, port) for port, name in given.items() if name
    }
    if len(data) > _MOST_ROWS:
        raise ValueError(
            f"The table has {len(data)} rows; a chart shows at most {_MOST_ROWS}."
            " Summarise or filter it first."
        )
    chosen = data[list(dict.fromkeys(named.values()))]
    chosen = chosen.assign(**{name: _dated(chosen[name]) for name in chosen.columns})
    # Plain rows rather than the frame: no limit of 5,000, and no type is guessed. As a
    # plain dictionary, because Altair takes seconds to check its own class of data.
    chart = altair.Chart({"values": _drawable(chosen)})
    encoded = _encoding(altair, chosen, named, kind)
    drawn = _MARKS[kind](chart).encode(**encoded)
    return _styled(drawn, altair, title).properties(width=width, height=height)


_MARKS: dict[str, Any] = {
    "line": lambda chart: chart.mark_line(strokeWidth=2, color=_COLOUR),
    "bar": lambda chart: chart.mark_bar(color=_COLOUR),
    "area": lambda chart: chart.mark_area(opacity=0.7, color=_COLOUR),
    "scatter": lambda chart: chart.mark_circle(size=45, opacity=0.7, color=_COLOUR),
    "histogram": lambda chart: chart.mark_bar(color=_COLOUR, binSpacing=1),
}


def _encoding(altair: Any, data: Any, named: dict[str, str], kind: str) -> Any:
    x = named["x"]
    if kind == "histogram":
        binned = _type(data[x]) == "quantitative"
        encoding = {
            "x": altair.X(field=_field(x), type=_type(data[x]), bin=binned, title=x),
            "y": altair.Y(aggregate="count", type="quantitative", title="count"),
        }
    else:
        y = named["y"]
        encoding = {
            "x": _axis(altair.X, data, x, in_order=kind != "bar"),
            "y": _axis(altair.Y, data, y, in_order=False),
            "tooltip": [
                altair.Tooltip(field=_field(name), type=_type(data[name]), title=name)
                for name in dict.fromkeys(named.values())
            ],
        }
    if "colour" in named:
        name = named["colour"]
        encoding["color"] = altair.Color(
            field=_field(name), type=_type(data[name]), title=name, sort=None
        )
    return encoding


def _axis(channel: Any, data: Any, name: str, *, in_order: bool) -> Any:
    kind = _type(data[name])
    if kind == "quantitative":
        # Heights begin at zero; along the bottom, numbers begin where they begin.
        scale = {"zero": not in_order, "nice": True}
        return channel(field=_field(name), type=kind, title=name, scale=scale)
    if kind == "temporal":
        return channel(field=_field(name), type=kind, title=name)
    upright = {"axis": {"labelAngle": 0}} if data[name].nunique() <= _FEW else {}
    return channel(field=_field(name), type=kind, title=name, sort=None, **upright)


def _dated(series: Any) -> Any:
    """Dates that are written as text, as a CSV file has them, as dates."""
    if series.dtype.kind != "O" or series.isna().all():
        return series
    said = series.dropna()
    if not all(isinstance(text, str) and _DATE.fullmatch(text) for text in said):
        return series
    pandas = library("pandas", "chart.plot")
    return pandas.to_datetime(series, errors="coerce", format="ISO8601")


def _type(series: Any) -> str:
    if series.dtype.kind in "iuf":
        return "quantitative"
    return "temporal" if series.dtype.kind == "M" else "nominal"


def _field(name: str) -> str:
    """The name as Vega-Lite needs it: dots and brackets in it are no path."""
    for sign in ("\\", ".", "[", "]", ":", "'", '"'):
        name = name.replace(sign, "\\" + sign)
    return name


def _drawable(data: Any) -> list[dict[str, Any]]:
    rows = plain_rows(data)
    days = [name for name in data.columns if data[name].dtype.kind == "M"]
    for row in rows:
        for name in days:
            if row[name] and len(row[name]) == 10:
                row[name] += "T00:00:00"  # a bare day would be read as UTC
    return rows


def _styled(chart: Any, altair: Any, title: str) -> Any:
    if title:
        chart = chart.properties(title=altair.TitleParams(title, anchor="start"))
    return (
        chart.configure_view(stroke=None)
        .configure_axis(
            gridColor=_PALE,
            gridOpacity=0.3,
            domainColor="#a3a9af",
            tickColor="#a3a9af",
            titleFontWeight="normal",
            labelFontSize=11,
            titleFontSize=12,
        )
        .configure_axisX(grid=False)
        .configure_title(fontSize=15, offset=12)
        .configure_legend(titleFontWeight="normal")
    )
