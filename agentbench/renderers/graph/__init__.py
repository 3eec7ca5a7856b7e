"""Graphs and runs: as an offline drawing, and as text that can be compared.

The drawing goes as an image that carries itself: the form that survives in an untrusted
notebook, in an exported page and without a kernel.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.layout import arrange
from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.domain.run import RunStatus
from agentbench.renderers.base import (
    BaseRenderer,
    clean,
    count,
    cut,
    escape,
    filename,
    fit,
    picture,
    short,
    stable,
)
from agentbench.renderers.graph.drawing import draw_graph

__all__ = [
    "GraphRenderer",
    "RunRenderer",
    "draw_graph",
    "graph_picture",
    "graph_text",
    "run_text",
]

MOST_NODES = 600
"""A larger graph is shown as text only."""
TEXT_LINES = 300
"""How many nodes, and how many links, the text names."""
VALUES_SHOWN = 5
GOING_ON = (RunStatus.QUEUED, RunStatus.RUNNING)
HOW_TO_GO_ON = (
    "  It was going on when this was shown. `%agent runs` lists it,"
    " and `ab.run(id)` shows how it stands."
)
READABLE, MOST_SCROLLED = 0.6, 1_800
"""A picture shrinks to the cell's width, but not below this part of its size, so that
its words stay readable; a very large one does, to be seen as a whole."""


class GraphRenderer(BaseRenderer):
    """Shows a graph as a drawing, and as text: a line per node, a line per link.

    The hint `statuses` puts a status on nodes, as `draw_graph` takes them.
    """

    name = "graph"
    priority = 90

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, Graph)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = {"text/plain": graph_text(value)}
        html = graph_picture(value, hints.get("statuses"))
        return MimeBundle({"text/html": html, **text} if html else text)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": _head(value)})

    def download(self, value: Any, hints: Hints) -> Download | None:
        name = filename(hints, filename({"filename": f"{value.name}.svg"}, "graph.svg"))
        content = draw_graph(value, hints.get("statuses")).encode()
        return Download(filename=name, mime="image/svg+xml", content=content)


class RunRenderer(BaseRenderer):
    """Shows a run: its graph with the statuses, and its status, outputs and failures.

    A run that goes on is told as it stands, and how to see more of it: the notebook may
    be saved. With the hint `is_live`, whoever shows it sees to that.
    """

    name = "run"
    priority = 85

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not all(hasattr(type(value), part) for part in ("wait", "finished", "stop")):
            return False
        return all(hasattr(value, part) for part in ("agent", "status", "outputs"))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = run_text(value)
        if not hints.get("is_live") and value.status in GOING_ON:
            text = f"{text}\n{HOW_TO_GO_ON}"
        graph = getattr(value, "graph", None)
        if not isinstance(graph, Graph):
            return MimeBundle({"text/plain": text})
        html = graph_picture(graph, getattr(value, "node_statuses", None))
        pre = f"<pre>{escape(text)}</pre>"
        return MimeBundle({"text/html": f"{html}{pre}", "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": run_text(value).partition("\n")[0]})


def graph_picture(graph: Graph, statuses: Mapping[str, Any] | None) -> str:
    """The drawing as an image in HTML; empty where there is nothing or too much to draw."""
    if not graph.nodes or len(graph.nodes) > MOST_NODES:
        return ""
    drawing = draw_graph(graph, statuses)
    wide = int(float(drawing.partition('width="')[2].partition('"')[0]))
    least = min(int(wide * READABLE), MOST_SCROLLED)
    style = f"width:100%;max-width:{wide}px;min-width:{least}px;height:auto"
    image = picture("image/svg+xml", drawing.encode(), _head(graph), style)
    return f'<div style="overflow-x:auto">{image}</div>'


def _head(graph: Graph) -> str:
    nodes, links = count(len(graph.nodes), "node"), count(len(graph.links), "link")
    return f"{fit(graph.name, 120)}: {nodes}, {links}"


def graph_text(graph: Graph) -> str:
    """A graph as text: every node in the order of the work, every link after it."""
    nodes = graph.nodes
    places = arrange(graph, sorted(nodes))
    ids = sorted(nodes, key=lambda id: (places[id][0], id))
    order = {id: n for n, id in enumerate(ids)}
    rows = [(id, nodes[id].block, _title(graph, id)) for id in ids[:TEXT_LINES]]
    wide = [max((len(row[n]) for row in rows), default=0) for n in (0, 1)]
    lines = [
        f"  {id.ljust(wide[0])}  {block.ljust(wide[1])}  {title}".rstrip()
        for id, block, title in rows
    ]
    links = sorted(graph.links, key=lambda k: (order[k.source], order[k.target], k))
    joined = [
        f"  {link}{' (sticky)' if graph.is_sticky(link) else ''}"
        for link in links[:TEXT_LINES]
    ]
    more = _more(len(ids), "node"), _more(len(links), "link")
    reason = [f"  read-only: {fit(graph.read_only, 300)}"] if graph.read_only else []
    parts = [_head(graph), *reason, *lines, *more[0], *joined, *more[1]]
    return cut("\n".join(parts))


def _title(graph: Graph, id: str) -> str:
    node, block = graph.node(id), graph.block_of(id)
    if block is None:
        return f"{node.title} (unknown block)".strip()
    return fit(graph.title_of(id), 80)


def _more(number: int, noun: str) -> list[str]:
    more = number - TEXT_LINES
    return [f"  … {count(more, f'more {noun}')}"] if more > 0 else []


def run_text(run: Any) -> str:
    """A run as text without ids or times, so that two runs of one graph compare equal."""
    status = str(run.status.value if isinstance(run.status, RunStatus) else run.status)
    lines = [f"{fit(str(run.agent), 120)}: {status.replace('_', ' ')}"]
    outputs = run.outputs.items()
    lines += [f"  {fit(str(name), 60)} = {_values(given)}" for name, given in outputs]
    failures = getattr(run, "failures", ())
    lines += [f"  failed: {fit(stable(str(failure)), 300)}" for failure in failures]
    return clean("\n".join(lines))


def _values(values: Any) -> str:
    shown = [short(value, 120 if len(values) == 1 else 40) for value in values]
    if len(shown) <= VALUES_SHOWN:
        return ", ".join(shown) or "(nothing)"
    return f"{', '.join(shown[:VALUES_SHOWN])}, … ({len(shown):,} values)"
