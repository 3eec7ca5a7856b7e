"""The gate: what may not run is refused where it would begin, however it was placed."""

import os

from agentbench.domain.consent import carries_code, code_nodes
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import CodeNotTrusted
from agentbench.engine.gear import Gear
from agentbench.engine.site import Site


class Gate:
    """Lets the firings of one run begin, or not; a run under a run has its own."""

    def __init__(self, graph: Drawing, gear: Gear) -> None:
        self._graph, self._gear = graph, gear
        self._watched: dict[str, bool] = {}

    def watches(self, site: Site) -> bool:
        """Whether there is anything to ask about a node; of most there is not."""
        block = site.block
        found = self._watched.get(block.id)
        if found is None:
            found = carries_code(block) or bool(self._gear.blocks_off)
            self._watched[block.id] = found
        return found

    async def admit(self, site: Site) -> None:
        """Returns when a firing of the node may begin.

        Raises:
            BlockOff: its block, or one that it stands on, is switched off here.
            CodeNotTrusted: nobody here has agreed to the code of this graph as it is.
        """
        block = site.block
        if self._gear.blocks_off:
            for id in (block.id, *block.leans_on(site.node.constants)):
                self._gear.refuse_off(id)
        if not carries_code(block):
            return
        allows = self._gear.consents.allows
        if not await self._gear.loop.in_thread(allows, self._graph):
            nodes = ", ".join(map(repr, code_nodes(self._graph)))
            raise CodeNotTrusted(self._graph.name, nodes, _place(self._graph))


def _place(graph: Drawing) -> str:
    """The graph's file, as a terminal where we are would name it; empty for none."""
    file = getattr(graph, "file", None)
    return "" if file is None else os.path.relpath(file)
