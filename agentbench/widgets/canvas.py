"""The canvas of each graph, in whatever host: with magics or without."""

from agentbench.domain.graph import Graph
from agentbench.widgets.graph_editor import GraphEditor
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench, workbench


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
        graph._editor = found  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def follow(graph: Graph, run: Run) -> None:
    """Shows a run on the canvas of its graph, if that has one."""
    found: GraphEditor | None = getattr(graph, "_editor", None)
    if found is not None:
        found.show(run)
