"""Values of every kind, friendly and hostile, and graphs to draw."""

import collections
import dataclasses
import datetime
import decimal
import enum
import io
import pathlib
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import altair
import matplotlib.figure
import numpy
import pandas
import PIL.Image
import plotly.graph_objects
import polars
import pyarrow
import pydantic

from agentbench.domain.block import Block
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.port import Table
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.run import Failure, RunStatus
from agentbench.renderers import BUILTIN_RENDERERS
from agentbench.renderers.registry import Renderers


def new_renderers(**options: Any) -> Renderers:
    return Renderers((make() for make in BUILTIN_RENDERERS), **options)


# ---- hostile classes -------------------------------------------------------------


class BadRepr:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class LongRepr:
    def __repr__(self) -> str:
        return "y" * 5_000_000


class BadClass:
    @property
    def __class__(self) -> type:
        raise RuntimeError("no class")


class AnswersAll:
    def __getattr__(self, name: str) -> Any:
        return lambda *a, **k: "<b>every method</b>"


class BadMapping(dict[str, Any]):
    def items(self) -> Any:
        raise RuntimeError("no items")


class BadText(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("no text")


class BadHtml:
    def _repr_html_(self) -> str:
        raise RuntimeError("no html")


class Html:
    def _repr_html_(self) -> str:
        return "<b>bold</b>"


class Mood(enum.Enum):
    GOOD = "good"


@dataclasses.dataclass
class Account:
    name: str
    password: str = dataclasses.field(default="hunter2", repr=False)


class Person(pydantic.BaseModel):
    name: str
    born: datetime.date
    pin: pydantic.SecretStr = pydantic.SecretStr("1234")


# ---- graphs and runs -------------------------------------------------------------


class Note(FunctionBlock):
    role = "note"


def _blocks() -> list[Block]:
    def fetch(url: str, headers: dict[str, str] | None = None) -> str:
        """Fetches a page."""
        return url

    def summarise(text: str, words: int) -> str:
        """Writes a summary."""
        return text[:words]

    def tabulate(
        text: str,
        width: Annotated[int, pydantic.Field(json_schema_extra={"advanced": True})] = 3,
    ) -> Table:
        """Makes a table."""
        return text

    def note(text: str = "") -> None:
        """Says something."""

    return [
        FunctionBlock(fetch, id="web.fetch", sticky=True),
        FunctionBlock(summarise, id="text.summarise"),
        FunctionBlock(tabulate, id="table.make"),
        Note(note, id="values.note"),
    ]


BLOCKS = BlockRegistry(_blocks)


def new_graph(name: str = "news") -> Graph:
    graph = Graph(name, blocks=BLOCKS)
    page = graph.add("web.fetch", "page", url="https://example.org")
    short = graph.add("text.summarise", "short", text=page, words=40)
    graph.add("table.make", "rows", text=short)
    graph.add("values.note", "remark", text="Every morning.")
    return graph


def chain(length: int) -> Graph:
    graph = Graph("chain", blocks=BLOCKS)
    last = graph.add("web.fetch", url="u")
    for _ in range(length - 1):
        last = graph.add("text.summarise", text=last, words=3)
    return graph


class EndedRun:
    """A run as `RunView` says, over and done."""

    def __init__(self, outputs: Mapping[str, list[Any]], *failures: Failure) -> None:
        self.id = "run-0001"
        self.agent = "news"
        self.status = RunStatus.FAILED if failures else RunStatus.COMPLETED
        self.outputs = outputs
        self.failures = list(failures)
        self.graph = new_graph()
        self.node_statuses = {"page": ("completed", 3), "short": "failed"}

    def stop(self) -> None: ...

    def wait(self, timeout: float | None = None) -> "EndedRun":
        return self

    async def finished(self) -> "EndedRun":
        return self


# ---- the corpus ------------------------------------------------------------------


def _recursive() -> list[Any]:
    held: list[Any] = [1]
    held.append(held)
    return held


def _nested(depth: int) -> Any:
    held: Any = "bottom"
    for _ in range(depth):
        held = [held]
    return held


def _frame() -> pandas.DataFrame:
    dates = pandas.date_range("2024-01-01", periods=3)
    return pandas.DataFrame({"n": [1, 2, 3], "x": [0.5, None, 2], "day": dates})


def _weird_frame() -> pandas.DataFrame:
    columns = [None, "<script>alert(1)</script>", "a", "a", 3]
    cells = [BadRepr(), "\ud800", {"k": [1]}, b"\x00", "z" * 9_999]
    return pandas.DataFrame([cells, cells], columns=columns, dtype=object)


def _png(width: int = 60, height: int = 40) -> bytes:
    written = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(written, "PNG")
    return written.getvalue()


def _noise() -> PIL.Image.Image:
    seeded = numpy.random.default_rng(1)
    return PIL.Image.fromarray(seeded.integers(0, 255, (480, 520, 3), dtype="uint8"))


def _figure() -> matplotlib.figure.Figure:
    figure = matplotlib.figure.Figure(figsize=(4, 3))
    figure.add_subplot().plot([1, 3, 2])
    return figure


def _raised() -> Exception:
    try:
        return 1 / 0  # type: ignore[return-value]
    except ZeroDivisionError as error:
        return error


CODE = "import math\n\ndef area(r: float) -> float:\n    return math.pi * r**2\n"
DIFF = "--- a\n+++ b\n@@ -1 +1 @@\n-Rain.\n+Sun.\n"
CHAT = [
    {"role": "user", "content": "Rain?"},
    {
        "role": "assistant",
        "content": [{"type": "text", "text": "**No**"}, {"type": "x"}],
    },
    {
        "role": "tool",
        "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}],
    },
]
PLACE = {
    "type": "Feature",
    "properties": {"name": "Oslo"},
    "geometry": {"type": "Point", "coordinates": [10.75, 59.91]},
}
NOTEBOOK: dict[str, Any] = {
    "nbformat": 4,
    "cells": [
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        {
            "cell_type": "code",
            "source": "1 + 1",
            "outputs": [
                {"output_type": "execute_result", "data": {"text/plain": "2"}},
                {"output_type": "error", "ename": "E", "evalue": "no"},
                None,
            ],
        },
        "no cell",
    ],
}
VEGA = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "mark": "point",
    "data": {"values": [{"a": 1}]},
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}
RAW_VEGA = "https://vega.github.io/schema/vega/v5.json"
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm" + bytes(60)
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = "<!doctype html><title>T</title><script>alert(1)</script><p>Hello, reader</p>"

VALUES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: None,
    "true": lambda: True,
    "whole number": lambda: 42,
    "huge number": lambda: 10**9_000,
    "nan": lambda: float("nan"),
    "decimal": lambda: decimal.Decimal("1.50"),
    "numpy number": lambda: numpy.float64(2.5),
    "empty text": lambda: "",
    "text": lambda: "a plain sentence",
    "huge text": lambda: "x" * 50_000_000,
    "lone surrogates": lambda: "a\ud800b\x00c",
    "text that raises": lambda: BadText("x"),
    "markdown": lambda: "# Title\n\n- one\n- two\n\n**bold**",
    "page": lambda: PAGE,
    "svg": lambda: SVG,
    "data uri": lambda: "data:image/png;base64,AAAA",
    "link": lambda: "https://example.org/?q=<b>&x=1",
    "date": lambda: datetime.datetime(2024, 1, 2, 3, 4, tzinfo=datetime.UTC),
    "enum": lambda: Mood.GOOD,
    "bytes": lambda: b"\x00\xff" * 500,
    "png": _png,
    "broken png": lambda: _png()[:30],
    "list": lambda: [1, "two", None],
    "empty list": list,
    "long list": lambda: list(range(200_000)),
    "recursive list": _recursive,
    "deep list": lambda: _nested(50_000),
    "dictionary": lambda: {"a": {"b": [1, 2]}, 3: float("inf"), ("t",): b"x"},
    "dictionary that raises": lambda: BadMapping(a=1),
    "default dictionary": lambda: collections.defaultdict(list, a=[1]),
    "set": lambda: {"b", "a", "c"},
    "list with bad repr": lambda: [BadRepr()],
    "bad repr": BadRepr,
    "long repr": LongRepr,
    "bad class": BadClass,
    "answers all": AnswersAll,
    "bad html": BadHtml,
    "own html": Html,
    "object": object,
    "function": lambda: len,
    "class": lambda: dict,
    "dataclass": lambda: Account("ada"),
    "model": lambda: Person(name="Ada", born=datetime.date(1815, 12, 10)),
    "frame": _frame,
    "bad frame": _weird_frame,
    "empty frame": pandas.DataFrame,
    "wide frame": lambda: pandas.DataFrame(numpy.zeros((800, 150))),
    "series": lambda: pandas.Series([1, 2], name="n"),
    "arrow table": lambda: pyarrow.table({"n": [1, 2], "t": ["a", None]}),
    "sound": lambda: b"RIFF$\0\0\0WAVEfmt " + bytes(40),
    "image": lambda: PIL.Image.new("RGBA", (300, 200), "red"),
    "noisy image": _noise,
    "grey pixels": lambda: numpy.zeros((32, 32), dtype="uint8"),
    "array": lambda: numpy.arange(6).reshape(2, 3),
    "plane of floats": lambda: numpy.linspace(-1, 1, 2_400).reshape(40, 60),
    "floats that are none": lambda: numpy.full((40, 40), numpy.nan),
    "raw vega data": lambda: {**VEGA, "$schema": RAW_VEGA, "mark": None},
    "altair": lambda: altair.Chart(_frame()).mark_bar().encode(x="n:O", y="x:Q"),
    "matplotlib": _figure,
    "plotly": lambda: plotly.graph_objects.Figure(plotly.graph_objects.Bar(y=[1, 2])),
    "exception": _raised,
    "path": lambda: pathlib.Path("data/report.txt"),
    "code": lambda: CODE,
    "json text": lambda: '{"a": [1, 2]}',
    "bad json text": lambda: '{"a": [1, 2}',
    "deep json text": lambda: '{"a":' * 5_000 + "1" + "}" * 5_000,
    "formula": lambda: "$$x^2$$",
    "bad formula": lambda: "$$\\frac{",
    "mermaid": lambda: "flowchart LR\n  a --> b",
    "graphviz": lambda: "digraph { a -> b }",
    "diff": lambda: DIFF,
    "conversation": lambda: CHAT,
    "bad conversation": lambda: [{"role": "user", "content": object()}],
    "notebook": lambda: NOTEBOOK,
    "notebook text": lambda: '{"cells": [], "metadata": {}, "nbformat": 4}',
    "bad notebook": lambda: {"nbformat": 4, "cells": [{"source": 3, "outputs": 7}]},
    "place": lambda: PLACE,
    "bad place": lambda: {"type": "Polygon", "coordinates": [[1, "x"], [None]]},
    "far places": lambda: {"type": "LineString", "coordinates": [[1e308, 0], [0, 1e9]]},
    "vega data": lambda: VEGA,
    "bad vega data": lambda: {**VEGA, "mark": {"type": 3}, "encoding": 7},
    "plotly data": lambda: {"data": [{"type": "bar", "y": [1]}], "layout": {}},
    "bad plotly data": lambda: {"data": [{"type": "bar", "y": {1}}], "layout": {}},
    "film": lambda: WEBM,
    "pdf": lambda: b"%PDF-1.4\n1 0 obj <</Type /Page>> endobj\n%%EOF",
    "huge bytes": lambda: bytes(50_000_000),
    "huge pdf": lambda: b"%PDF-" + bytes(20_000_000),
    "polars frame": lambda: polars.DataFrame({"n": [1, 2], "t": ["a", None]}),
    "graph": new_graph,
    "empty graph": lambda: Graph("", blocks=BLOCKS),
    "run": lambda: EndedRun({"brief": ["short"], "n": list(range(9))}),
}
