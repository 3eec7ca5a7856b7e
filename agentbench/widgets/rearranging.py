"""Rearranging: what a view asks for that changes the graph, carried out by the kernel.

For the larger edits the kernel knows every block, live objects and the library; a view does not. Each of
them is one step of the graph's history.
"""

from agentbench.domain import edit as edits
from agentbench.domain.editable import Change
from agentbench.domain.errors import EditRefused
from agentbench.domain.fragment import Pasting, fragment, pasting, read
from agentbench.domain.graph import Graph
from agentbench.domain.layout import positions
from agentbench.domain.wiring import (
    Between,
    checked,
    conversion,
    dissolving,
    inserting,
    splicing,
)
from agentbench.widgets import requests
from agentbench.widgets.constants import from_wire
from agentbench.widgets.answers import Rearranged
from agentbench.widgets.places import settled
from agentbench.workbench.nests import collapse, expand
from agentbench.workbench.workbench import Workbench

_BESIDE = (36.0, 36.0)
"""How far a duplicate stands from what it is of, in pixels."""


def change(
    bench: Workbench, graph: Graph, request: requests.Changing
) -> Rearranged | None:
    """Carries a request out; says which nodes it is about now, if the view cannot know.

    Raises:
        GraphError: it does not fit; the graph is as it was.
    """
    match request:
        case requests.EditGraph():
            steps = [_as_kept(step) for step in request.edits]
            settling = settled(graph, steps)
            graph.apply(*settling, *steps, title=request.title, group=request.group)
            return None
        case requests.Undo():
            title = graph.history.redo_title if request.redo else graph.history.undo_title
            change = graph.redo() if request.redo else graph.undo()
            return Rearranged(ids=_touched(graph, change), title=title)
        case requests.Paste():
            put = pasting(graph, read(request.text, graph.blocks), at=request.at)
            return _put(graph, put, "Paste")
        case requests.Duplicate():
            return _duplicate(graph, request)
        case requests.Insert():
            return _insert(graph, request)
        case requests.Dissolve():
            _apply(graph, dissolving(graph, request.nodes), _named(graph, request))
            return Rearranged(ids=[])
        case requests.Collapse():
            _settle(graph)
            return Rearranged(
                ids=[collapse(bench, graph, request.nodes, request.name)]
            )
        case requests.Expand():
            _settle(graph)
            return Rearranged(ids=expand(bench, graph, request.node))


def _as_kept(step: edits.Edit) -> edits.Edit:
    """An edit of a view with its constants as the kernel keeps them."""
    if isinstance(step, edits.SetConstant):
        return step.model_copy(update={"value": from_wire(step.value)})
    if isinstance(step, edits.AddNode):
        constants = {port: from_wire(v) for port, v in step.constants.items()}
        return step.model_copy(update={"constants": constants})
    return step


def _duplicate(graph: Graph, request: requests.Duplicate) -> Rearranged:
    inside = set(request.nodes)
    outer = [
        link
        for link in graph.links
        if request.is_linked and link.target in inside and link.source not in inside
    ]
    part = fragment(graph, request.nodes)
    return _put(graph, pasting(graph, part, by=_BESIDE, outer=outer), "Duplicate")


def _insert(graph: Graph, request: requests.Insert) -> Rearranged:
    ends = Between(request.source, request.output, request.target, request.input)
    between = checked(graph, ends)
    if request.node:
        _apply(graph, splicing(graph, between, request.node), "")
        return Rearranged(ids=[request.node])
    block, constants = request.block, {}
    if not block:
        kind = conversion(graph, between)
        if not kind:
            raise EditRefused("No block converts the one into the other.")
        block, constants = "values.convert", {"to": kind}
    at = request.at or _midway(graph, between)
    new = graph.free_id(block)
    steps = inserting(graph, between, block, new, at=at, constants=constants)
    _apply(graph, steps, "")
    return Rearranged(ids=[new])


def _midway(graph: Graph, between: Between) -> tuple[float, float]:
    places = positions(graph)
    (x1, y1), (x2, y2) = places[between.source], places[between.target]
    return round((x1 + x2) / 2), round((y1 + y2) / 2 + 90)


def _put(graph: Graph, put: Pasting, title: str) -> Rearranged:
    _apply(graph, put.steps, title)
    return Rearranged(ids=list(put.ids), lost=list(put.lost))


def _apply(graph: Graph, steps: "list[edits.Edit] | tuple[edits.Edit, ...]", title: str) -> None:
    graph.apply(*settled(graph, steps), *steps, title=title)


def _settle(graph: Graph) -> None:
    """Keeps everything in its place, as one step with what comes next."""
    if places := settled(graph, [edits.AddNode(block="")]):
        graph.apply(*places, title="Keep places")


def _named(graph: Graph, request: requests.Dissolve) -> str:
    ids = request.nodes
    what = graph.title_of(ids[0]) if len(ids) == 1 else f"{len(ids)} nodes"
    return f"Dissolve {what}"


def _touched(graph: Graph, change: Change) -> list[str]:
    ids = [str(getattr(step, "id", "")) for step in change.done]
    return [id for id in dict.fromkeys(ids) if id in graph.nodes]
