"""What of a graph the views know, so that a change tells them only what is new of it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.layout import positions
from agentbench.domain.node import Link
from agentbench.domain.problem import Problem
from agentbench.widgets.messages import (
    GraphChanged,
    NodeChanged,
    NodesMoved,
    WireNode,
)
from agentbench.widgets.wire_port import WirePort
from agentbench.widgets.wire import (
    Place,
    wire_inputs,
    wire_link,
    wire_link_gone,
    wire_nodes,
    wire_problem,
)
from agentbench.workbench.workbench import Workbench

Ports = tuple[list[WirePort], list[WirePort]]


class Told:
    """Told of one graph, in order; not safe to be used from several threads."""

    def __init__(self, graph: Graph, bench: Workbench) -> None:
        self._bench = bench
        self._revision = graph.revision
        self._links: set[Link] = set(graph.links)
        self._places: dict[str, Place] = positions(graph)
        self._ports: dict[str, Ports] = {}
        """By node, those it was last told with; those that nobody was told of are not in."""
        self._problems = _by_node(bench.check(graph))
        self._inputs = wire_inputs(bench.inputs_of(graph))

    def change(
        self, graph: Graph, touched: set[str], moved: set[str], **more: Any
    ) -> GraphChanged | NodesMoved:
        """What is new of the graph, of which so much was touched and moved; with `more`."""
        self._revision = graph.revision
        places = positions(graph)
        # One more node or link may give every node without a place another one.
        before, self._places = self._places, places
        moved |= {id for id in places if id in before and places[id] != before[id]}
        moved -= touched
        if moved and not touched:
            return NodesMoved(
                revision=graph.revision,
                positions={id: places[id] for id in sorted(moved) if id in places},
                is_saved=graph.is_saved,
                **more,
            )
        links, self._links = self._links, set(graph.links)
        here = sorted(id for id in (touched | moved) if id in graph)
        whole, partly = self._nodes(wire_nodes(graph, here, places))
        judged, problems = self._judged(graph)
        gone = sorted(id for id in touched if id and id not in graph)
        # The views forget them: should one come back, it is told whole.
        self.forget_ports(gone)
        return GraphChanged(
            revision=graph.revision,
            nodes=whole,
            changed=partly,
            removed_nodes=gone,
            links=[wire_link(graph, link) for link in sorted(self._links - links)],
            removed_links=[wire_link_gone(x) for x in sorted(links - self._links)],
            name=graph.name,
            description=graph.description,
            judged=judged,
            problems=[wire_problem(problem) for problem in problems],
            inputs=self._new_inputs(graph),
            is_saved=graph.is_saved,
            saved_as=graph.saved.where,
            **more,
        )

    def shown(self, graph: Graph, nodes: Iterable[WireNode]) -> None:
        """Notes the ports in a snapshot, if it shows the graph as it was last told."""
        if graph.revision == self._revision:
            for node in nodes:
                self._ports.setdefault(node.id, (node.inputs, node.outputs))

    def forget_ports(self, ids: Iterable[str]) -> None:
        """Has nodes told whole the next time: their blocks were defined again."""
        for id in ids:
            self._ports.pop(id, None)

    def _nodes(
        self, nodes: Iterable[WireNode]
    ) -> tuple[list[WireNode], list[NodeChanged]]:
        """The nodes with other ports than before, and the rest without their ports."""
        whole, partly = [], []
        for node in nodes:
            ports = (node.inputs, node.outputs)
            before = self._ports.get(node.id)
            self._ports[node.id] = ports
            if before == ports:
                partly.append(
                    NodeChanged.model_validate(
                        node.model_dump(include=set(NodeChanged.model_fields))
                    )
                )
            else:
                whole.append(node)
        return whole, partly

    def _judged(self, graph: Graph) -> tuple[list[str], list[Problem]]:
        before, self._problems = self._problems, _by_node(self._bench.check(graph))
        ids = {*before, *self._problems}
        changed = sorted(id for id in ids if before.get(id) != self._problems.get(id))
        return changed, [it for id in changed for it in self._problems.get(id, ())]

    def _new_inputs(self, graph: Graph) -> list[WirePort] | None:
        before = self._inputs
        self._inputs = wire_inputs(self._bench.inputs_of(graph))
        return None if before == self._inputs else self._inputs


def _by_node(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[problem.node].append(problem)
    return dict(found)
