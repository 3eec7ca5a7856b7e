"""Stages: which library of the front end draws a value, and its program for a page.

They are those of `widgets/src/stages/`; each draws in a frame of its own, from text.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentbench.workbench.bundle import late_text

STAGED = 300_000
"""Letters of what is drawn; of a larger one its text is shown."""
_STAGES = {
    "plotly": re.compile(r"application/vnd\.plotly\.v1\+json"),
    "vega": re.compile(
        r"application/vnd\.(vega(lite)?\.v\d+|agentbench\.vega)[.+]json"
    ),
    "mermaid": re.compile(r"text/vnd\.mermaid"),
    "graphviz": re.compile(r"text/vnd\.graphviz"),
    "latex": re.compile(r"text/latex"),
}
_YIELDS = {"latex": "text/html"}
"""What is better than it where a bundle has that too."""
_CARTESIAN = frozenset(
    [
        "bar",
        "box",
        "contour",
        "heatmap",
        "histogram",
        "histogram2d",
        "histogram2dcontour",
        "image",
        "pie",
        "scatter",
        "scatterternary",
        "violin",
    ]
)
"""The traces that our own library of Plotly knows."""
_ENDS = re.compile(r"<(?=/script|script|!--)", re.IGNORECASE)
_COMPILES = "WebAssembly.instantiate"


@dataclass(frozen=True, kw_only=True)
class Program:
    """A stage as it lies in a page: packed, with what a policy has to allow for it."""

    name: str
    packed: str
    """Base64 of gzip of JSON, `js` and `css`."""
    digest: str
    """By which a policy lets it run: `sha256-…`."""
    compiles: bool
    """Whether it compiles machine code."""


def stage_of(data: Mapping[str, Any]) -> tuple[str, str]:
    """The stage that draws a bundle and what it draws from, as text; empty for none."""
    for name, shows in _STAGES.items():
        held = next((data[mime] for mime in data if shows.fullmatch(mime)), None)
        if held is None or data.get(_YIELDS.get(name, "")) is not None:
            continue
        if isinstance(held, list) and all(isinstance(line, str) for line in held):
            held = "".join(held)
        try:
            text = held if isinstance(held, str) else json.dumps(held)
        except (TypeError, ValueError, RecursionError):
            continue
        if len(text) <= STAGED:
            return name, text
    return "", ""


def program_of(name: str, drawn: Sequence[str] = ()) -> Program:
    """The program of a stage; nothing in its text ends, or hides, its own element.

    It is as small as it can be for what is to be drawn.
    """
    js, css = late_text(name, is_small=all(map(_has_two_axes, drawn)))
    # As a page reads it, so that the digest is of what runs.
    js = _ENDS.sub(r"\\x3C", js.replace("\r\n", "\n").replace("\r", "\n"))
    text = json.dumps({"js": js, "css": css})
    return Program(
        name=name,
        packed=base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
        digest=digest_of(js),
        compiles=_COMPILES in js,
    )


def digest_of(text: str) -> str:
    """By which a page's policy knows a program, or a style, of its own."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _has_two_axes(text: str) -> bool:
    """Whether all of a figure of Plotly is drawn by the smaller library."""
    try:
        traces = json.loads(text)["data"]
        return all(trace.get("type", "scatter") in _CARTESIAN for trace in traces)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
