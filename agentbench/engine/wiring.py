"""The wiring of a graph: what all its runs share, worked out once a version."""

from dataclasses import dataclass, field
from typing import NamedTuple

from agentbench.domain.drawing import Drawing
from agentbench.domain.memo import Memo
from agentbench.domain.node import Link


class Route(NamedTuple):
    """Where an output's value goes."""

    target: str
    input: str
    is_sticky: bool
    link: str


@dataclass(frozen=True, slots=True)
class NodeWiring:
    """How one node is wired: its linked inputs, and by output where the values go.

    `takes_each` tells that every value of its one linked input opens a firing that is
    ready at once. `output` is the name under which the agent gives its `value`.
    """

    linked: frozenset[str]
    sticky: frozenset[str]
    is_ordered: bool
    takes_each: bool
    output: str = ""
    routes: dict[str, tuple[Route, ...]] = field(default_factory=dict)


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
        arriving: dict[str, list[tuple[Link, bool]]] = {}
        leaving: dict[str, dict[str, list[Route]]] = {}
        for link in sorted(graph.links):
            is_sticky = graph.is_sticky(link)
            arriving.setdefault(link.target, []).append((link, is_sticky))
            route = Route(link.target, link.input, is_sticky, str(link))
            ports = leaving.setdefault(link.source, {})
            ports.setdefault(link.output, []).append(route)
        for id in sorted(graph.nodes):
            self._place(graph, id, arriving.get(id, []), leaving.get(id, {}))

    def _place(
        self,
        graph: Drawing,
        id: str,
        arriving: list[tuple[Link, bool]],
        leaving: dict[str, list[Route]],
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
            sticky=frozenset(link.input for link, is_sticky in arriving if is_sticky),
            is_ordered=node.options.get("ordered", True),
            takes_each=len(linked) == 1,
            output=name,
            routes={port: tuple(routes) for port, routes in leaving.items()},
        )


wiring_of: Memo[Wiring] = Memo(Wiring)
"""The wiring of a graph as it is now."""
