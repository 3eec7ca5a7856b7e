"""The canvas of each graph, in whatever host: with magics or without."""

from agentbench.domain.graph import Graph
from agentbench.widgets.graph_editor import GraphEditor
from agentbench.widgets.pump import PUMP
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench, workbench

DRAWN = 0.5
"""Seconds after which a canvas is drawn, and the workbench is got ready for a run."""


def editor(graph: Graph) -> GraphEditor:
    """The canvas of a graph, as a widget: `mo.ui.anywidget(ab.editor(graph))` in marimo.

    Where the extension is loaded, a graph at the end of a cell shows it by itself.
    """
    return editor_of(graph, workbench())


def editor_of(graph: Graph, bench: Workbench) -> GraphEditor:
    """The editor of a graph, made when it is first shown."""
    if follow not in bench.on_start:
        bench.on_start.append(follow)
    found: GraphEditor | None = getattr(graph, "_editor", None)
    if found is None or found.comm is None:
        found = GraphEditor(graph, bench)
        PUMP.call_once((id(bench), "ready"), DRAWN, lambda: _get_ready(bench))
        graph._editor = found  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def follow(graph: Graph, run: Run) -> None:
    """Shows a run on the canvas of its graph, if that has one."""
    found: GraphEditor | None = getattr(graph, "_editor", None)
    if found is not None:
        found.show(run)


def _get_ready(bench: Workbench) -> None:
    bench.looking.submit(bench.get_ready)
