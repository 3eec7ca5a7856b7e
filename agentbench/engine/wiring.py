"""The wiring of a graph: what all its runs share, worked out once a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agentbench.domain.drawing import Drawing
from agentbench.domain.memo import Memo
from agentbench.domain.node import Link
from agentbench.domain.tool import TOOLS, addressed


class Route(NamedTuple):
    """Where an output's value goes.

    `opens_each` tells that every value which comes this way opens a firing that is
    ready at once: the target has no other linked input.
    """

    target: str
    input: str
    is_sticky: bool
    opens_each: bool
    link: str


class Outlet(NamedTuple):
    """An output that is linked: its number in the graph, and where its values go."""

    number: int
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class NodeWiring:
    """How one node is wired: its linked inputs, and its linked outputs by name.

    `needs` is how many inputs are linked, `output` the name under which the agent gives
    its `value`, empty for none.
    """

    linked: frozenset[str]
    needs: int
    sticky: frozenset[str]
    is_ordered: bool
    output: str = ""
    outlets: dict[str, Outlet] = field(default_factory=dict)


class Wiring:
    """The nodes that fire, in order of their ids, and the routes between them."""

    def __init__(self, graph: Drawing) -> None:
        self.nodes: dict[str, NodeWiring] = {}
        self.sources: list[str] = []
        """The nodes without linked inputs."""
        self.inputs: list[str] = []
        """The nodes that are inputs of the agent."""
        self.outputs: list[str] = []
        """The names of the agent's outputs."""
        self.limits: dict[str, int] = {}
        """How many firings may overlap of the nodes whose option `concurrency` says so."""
        self.outlets: list[Outlet] = []
        self.tools: dict[str, list[Link]] = {}
        """The links to tools, by the node that may call them."""
        arriving: dict[str, list[tuple[Link, bool]]] = {}
        leaving: dict[str, dict[str, list[tuple[Link, bool]]]] = {}
        for link in sorted(graph.links):
            end = (link, graph.is_sticky(link))
            arriving.setdefault(link.target, []).append(end)
            leaving.setdefault(link.source, {}).setdefault(link.output, []).append(end)
            if link.output == TOOLS:
                self.tools.setdefault(link.source, []).append(link)
        linked = {
            id: frozenset(link.input for link, _ in ends)
            for id, ends in arriving.items()
        }
        for id in sorted(graph.nodes):
            outlets = {
                port: self._outlet(ends, linked)
                for port, ends in leaving.get(id, {}).items()
            }
            for end in leaving.get(id, {}).get(TOOLS, []):
                for is_call in (True, False):
                    name = addressed(end[0].target, end[0].input, is_call=is_call)
                    outlets[name] = self._outlet([end], linked)
            self._place(graph, id, arriving.get(id, []), outlets)

    def _outlet(
        self,
        ends: list[tuple[Link, bool]],
        linked: Mapping[str, frozenset[str]],
    ) -> Outlet:
        routes = tuple(
            Route(
                target=link.target,
                input=link.input,
                is_sticky=is_sticky,
                opens_each=len(linked[link.target]) == 1,
                link=str(link),
            )
            for link, is_sticky in ends
        )
        self.outlets.append(Outlet(len(self.outlets), routes))
        return self.outlets[-1]

    def _place(
        self,
        graph: Drawing,
        id: str,
        arriving: list[tuple[Link, bool]],
        outlets: dict[str, Outlet],
    ) -> None:
        block = graph.block_of(id)
        if block is not None and block.role == "note":
            return
        node = graph.node(id)
        if (most := node.options.get("concurrency")) is not None:
            self.limits[id] = most
        if block is not None and block.role == "input":
            self.inputs.append(id)
        is_output = block is not None and block.role == "output"
        name = str(node.constants.get("name") or id) if is_output else ""
        if is_output and name not in self.outputs:
            self.outputs.append(name)
        linked = frozenset(link.input for link, _ in arriving)
        if not linked:
            self.sources.append(id)
        self.nodes[id] = NodeWiring(
            linked=linked,
            needs=len(linked),
            sticky=frozenset(link.input for link, is_sticky in arriving if is_sticky),
            is_ordered=node.options.get("ordered", True),
            output=name,
            outlets=outlets,
        )


wiring_of: Memo[Wiring] = Memo(Wiring)
"""The wiring of a graph as it is now."""
