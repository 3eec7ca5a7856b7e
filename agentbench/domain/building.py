"""Building: what a cell puts into a graph, so that the cell run again gives the same graph.

What the code says counts, and what it says no more goes. What somebody else did, on the
canvas or in another cell, stays: other nodes, other links, places, values of inputs that
the code does not name.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.block import Block
from agentbench.domain.node import Link, Node

Key = tuple[str, str, str, str]


@dataclass
class Built:
    """What a cell has built: for each node the inputs that it gave, and its links."""

    nodes: dict[str, set[str]] = field(default_factory=dict)
    links: set[Key] = field(default_factory=set)


class Building:
    """One time that code builds into a graph, after the time before.

    `opened` is what an agent that was just opened has, of which nobody knows who made it.
    It too is taken for what the code made when it last ran, but stays if the code makes
    it no more.
    """

    title = "Run the cell again"

    def __init__(self, before: Built | None = None, opened: Built | None = None):
        self.before = before or Built()
        self.now = Built()
        self.step = uuid.uuid4().hex
        self._opened = opened or Built()

    def is_left(self, id: str) -> bool:
        """Whether the node is of the time before, and not yet built again."""
        known = id in self.before.nodes or id in self._opened.nodes
        return known and id not in self.now.nodes

    def left_links(self) -> set[Key]:
        """The links of the time before that are not yet built again."""
        return (self.before.links | self._opened.links) - self.now.links

    def may_take(self, id: str) -> bool:
        """Whether code that names this id may mean the node that has it."""
        return id not in self.now.nodes

    def note(self, id: str, given: Collection[str]) -> None:
        """Notes that a node is built, with these inputs."""
        self.now.nodes[id] = set(given)

    def keeps(self, link: Link | None) -> bool:
        """Whether a link that is drawn again is that of the time before."""
        return link is not None and link.key not in self.now.links

    def again(
        self,
        node: Node,
        block: Block,
        constants: Mapping[str, Any],
        sources: Mapping[str, tuple[str, str]],
        links: Collection[Link],
    ) -> list[edits.Edit]:
        """The edits that make a node what the code says of it now."""
        steps: list[edits.Edit] = []
        for link in links:
            if link.target != node.id:
                continue
            wanted = sources.get(link.input)
            is_other = wanted is not None and wanted != (link.source, link.output)
            if is_other or link.input in constants:
                steps.append(_unlink(link))
        once = self.before.nodes.get(node.id, set())
        steps += [
            edits.ClearConstant(id=node.id, port=port)
            for port in sorted((once - set(constants)) & set(node.constants))
        ]
        # Some constants make ports for others: those that are always there come first.
        always = [port.name for port in block.inputs({})]
        for port in sorted(constants, key=lambda name: name not in always):
            value = constants[port]
            if port not in node.constants or not _is_same(node.constants[port], value):
                steps.append(
                    edits.SetConstant.model_construct(
                        id=node.id, port=port, value=value
                    )
                )
        return steps

    def leftover(
        self, nodes: Collection[str], links: Collection[Link]
    ) -> list[edits.Edit]:
        """The edits that take away what the code built before and builds no more."""
        gone = [id for id in self.before.nodes if id in nodes and self.is_left(id)]
        old = self.before.links - self.now.links
        steps: list[edits.Edit] = [
            _unlink(link)
            for link in links
            if link.key in old and not {link.source, link.target} & set(gone)
        ]
        return [*steps, *(edits.RemoveNode(id=id) for id in gone)]

    def all(self) -> Built:
        """What was built, then or now: a cell that failed midway may go on next time."""
        return Built(
            {**self.before.nodes, **self.now.nodes}, self.before.links | self.now.links
        )


def _unlink(link: Link) -> edits.RemoveLink:
    return edits.RemoveLink(
        source=link.source, output=link.output, target=link.target, input=link.input
    )


def _is_same(one: Any, other: Any) -> bool:
    try:
        return one is other or (type(one) is type(other) and bool(one == other))
    except Exception:  # noqa: BLE001 - a table, say, does not compare as a whole
        return False
