"""Places: keeps nodes where they are drawn while others are moved about."""

from collections.abc import Sequence

from agentbench.domain import edit as edits
from agentbench.domain.graph import Graph
from agentbench.domain.layout import positions

REARRANGING = (
    edits.AddNode,
    edits.RemoveNode,
    edits.MoveNode,
    edits.AddLink,
    edits.RemoveLink,
)
"""The edits after which nodes that have no place of their own would be drawn elsewhere."""


def settled(graph: Graph, steps: Sequence[edits.Edit]) -> list[edits.Edit]:
    """Puts what nobody has placed where it is drawn, once a view rearranges the graph.

    The layout of the others depends on all of them: without this, dragging or removing
    one node would move every other under the user's hand.
    """
    if not any(isinstance(step, REARRANGING) for step in steps):
        return []
    graph = graph.snapshot()
    places = positions(graph)
    return [
        edits.MoveNode(id=id, position=places[id])
        for id, node in graph.nodes.items()
        if node.position is None
    ]
