"""Beside: the graphs of two runs next to each other, marked where the runs differ."""

import html
from collections.abc import Iterable, Mapping

from agentbench.domain.graph import Graph
from agentbench.renderers.graph import graph_picture
from agentbench.workbench.film.changes import Difference

FIRST, DIFFERS, CHANGED, ADDED, REMOVED = (
    "first_difference", "differs", "changed", "added", "removed",
)  # fmt: skip
"""The marks of nodes; an earlier one goes before those after it."""
_SIDES = ("before", "after")
_PAIR = "display:flex;flex-wrap:wrap;gap:8px 24px;margin:6px 0"
_SIDE = "flex:1 1 340px;min-width:0;margin:0"
_CAPTION = "font-size:12px;opacity:.72;margin:0 0 2px"


def marks_of(
    graphs: tuple[Graph, Graph],
    differences: Iterable[Difference],
    first: Difference | None,
) -> Mapping[str, str]:
    """By node, how it differs between two runs; a node that does not has none."""
    before, after = (graph.nodes for graph in graphs)
    marks: dict[str, str] = {}
    for one in differences:
        if one.what == "graph" and one.node in before and one.node in after:
            marks[one.node] = CHANGED
        elif one.what != "graph":
            marks.setdefault(one.node, DIFFERS)
    marks |= dict.fromkeys(before.keys() - after.keys(), REMOVED)
    marks |= dict.fromkeys(after.keys() - before.keys(), ADDED)
    if first is not None and first.node:
        marks[first.node] = FIRST
    return {node: mark for node, mark in marks.items() if node}


def beside(graphs: tuple[Graph, Graph], marks: Mapping[str, str]) -> str:
    """Both drawings in HTML; one where the graphs are the same; none where none differs."""
    if not marks:
        return ""
    shown = list(zip(_SIDES, graphs, strict=True))
    if graphs[0].to_json() == graphs[1].to_json():
        shown = [("both", graphs[1])]
    parts = []
    for side, graph in shown:
        picture = graph_picture(
            graph, {id: marks[id] for id in graph.nodes if id in marks}
        )
        if picture:
            caption = f'<figcaption style="{_CAPTION}">{html.escape(side)}</figcaption>'
            parts.append(f'<figure style="{_SIDE}">{caption}{picture}</figure>')
    return f'<div style="{_PAIR}">{"".join(parts)}</div>' if parts else ""
