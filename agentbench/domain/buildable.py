"""Buildable: a graph that code builds, in a cell that may run again.

`Building` says what becomes of what the cell built before; here it is carried out.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.domain import edit as edits
from agentbench.domain.building import Building, Built, Key
from agentbench.domain.cell import at_end
from agentbench.domain.drawing import stems
from agentbench.domain.editable import Editable
from agentbench.domain.node import Link, Node
from agentbench.domain.reference import PortRef

End = tuple[str, str]
"""A node and one of its outputs."""


class Buildable(Editable):
    """An editable drawing to which code adds nodes and links, once or again."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description)
        self._building: Building | None = None
        self._built: dict[str, Built] = {}
        """What each cell has built that says `ab.new`."""

    def build_again(self, cell: str = "", *, is_fresh: bool = False) -> None:
        """From now on, what this cell built before is made anew in place, not added once more.

        `is_fresh` says that the graph was just opened: all in it counts as built before.
        Where a cell is known its end is too, and takes away what it builds no more.
        """
        before = self._built.get(cell) if cell else None
        there = Built({id: set() for id in self._nodes}, set(self._links))
        self._building = building = Building(before, there if is_fresh else None)
        if not cell:
            return
        if before is not None:
            self._grouping.now = (building.step, building.title)

        def end(is_well: bool) -> None:  # noqa: FBT001
            if self._building is not building:
                return
            self._building = None
            steps = building.leftover(self._nodes, self.links) if is_well else []
            if steps:
                self.apply(*steps)
            self._grouping.now = None
            self._built[cell] = building.now if is_well else building.all()

        at_end(end)

    def linked_before(self, source: PortRef, target: str) -> str | None:
        """The input of a node that a cell which runs again has linked with `source`."""
        if self._building is None:
            return None
        old = self._building.left_links()
        ends = (source.node, source.port, target)
        return next((it[3] for it in old if it[:3] == ends and it in self._links), None)

    def _place(
        self,
        block: str,
        wanted: str | None,
        constants: Mapping[str, Any],
        sources: Mapping[str, End],
    ) -> str:
        """Places a block, or makes the node so again that the cell placed before."""
        new, steps = self._placing(block, wanted, constants, sources)
        links = [
            edits.AddLink(source=node, output=output, target=new, input=port)
            for port, (node, output) in sources.items()
        ]
        kept = set(self._links)
        if any(isinstance(it, edits.RemoveNode) for it in steps):
            kept = set()  # its links go with it
        self.apply(*steps, *(it for it in links if _key(it) not in kept))
        if self._building is not None:
            self._building.note(new, constants)
            self._building.now.links.update(map(_key, links))
        return new

    def _placing(
        self,
        block: str,
        wanted: str | None,
        constants: Mapping[str, Any],
        sources: Mapping[str, End],
    ) -> tuple[str, list[edits.Edit]]:
        old, building = self._built_before(wanted, block), self._building
        known = self.blocks.get(block)
        if old is not None and building is not None and known is not None:
            if old.block == block:
                steps = building.again(old, known, constants, sources, self.links)
                return old.id, steps
            steps = [edits.RemoveNode(id=old.id)]
        else:
            steps = []
        new = old.id if old is not None else self._free_id(wanted, block)
        adding = edits.AddNode.model_construct(
            block=block,
            id=new,
            title="",
            constants=dict(constants),
            options={},
            colour="",
            position=old.position if old is not None else None,
        )
        return new, [*steps, adding]

    def _built_before(self, wanted: str | None, block: str) -> Node | None:
        """The node that is meant where a cell that runs again adds one, if there is one."""
        building = self._building
        if building is None:
            return None
        if wanted is not None:
            node = self._nodes.get(wanted)
            is_free = node is not None and node.block == block
            is_meant = is_free and building.may_take(wanted)
            return node if is_meant or building.is_left(wanted) else None
        for id in stems(block):
            node = self._nodes.get(id)
            if node is None:
                return None
            if node.block == block and building.is_left(id):
                return node
        return None

    def _is_left(self, id: str) -> bool:
        """Whether a node is of the time before, and not yet built again."""
        return self._building is not None and self._building.is_left(id)

    def _draw(self, step: edits.AddLink) -> Link:
        """Draws a link, unless it is left from the time before."""
        key, building = _key(step), self._building
        if building is None or not building.keeps(self._links.get(key)):
            self.apply(step)
        if building is not None:
            building.now.links.add(key)
        return self._links[key]


def _key(step: edits.AddLink) -> Key:
    return (step.source, step.output, step.target, step.input)
