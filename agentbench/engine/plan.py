"""The plan of a run: which firings are ready, worked out from its events alone.

This is the dataflow semantics, pure and without a clock. Feeding it the events of a
run, live or from the log, always gives the same firings with the same inputs; resume,
the canvas and time travel all fold events through here.

The rules:

* A linked input is a queue. A value goes to the oldest pending firing of the node that
  lacks that input, else it opens a new one.
* A firing is ready when every linked input has its value. Unlinked inputs take
  constants or defaults. A node without linked inputs fires once, at the start.
* A sticky link also keeps its latest value: a firing that lacks only sticky inputs
  takes it, and one that arrives late releases every firing that waited for it.
* A parked firing holds its place and nothing else; answered, it is ready again.
* The values of a node's firings are released in firing order, unless its option
  `ordered` is off: what a later firing emits waits until the earlier ones are done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
    Event,
    FiringAnswered,
    FiringCompleted,
    FiringFailed,
    FiringParked,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    FiringStopped,
    RunStarted,
    ValueEmitted,
)
from agentbench.domain.node import Link
from agentbench.domain.tool import TOOLS, addressed

Inputs = dict[str, int]
"""For each linked input, the number of the event that brought its value."""


class Ready(NamedTuple):
    """A firing that may start."""

    node: str
    firing: int
    inputs: Inputs


class Route(NamedTuple):
    """Where an output's value goes."""

    target: str
    input: str
    is_sticky: bool
    link: str


@dataclass(slots=True)
class NodePlan:
    """What the plan keeps of one node."""

    linked: frozenset[str]
    sticky: frozenset[str]
    is_ordered: bool = True
    opened: int = 0
    pending: dict[int, Inputs] = field(default_factory=dict)
    cursor: dict[str, int] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    running: dict[int, Inputs] = field(default_factory=dict)
    parked: dict[int, Inputs] = field(default_factory=dict)
    head: int = 1
    done: set[int] = field(default_factory=set)
    held: dict[int, list[tuple[str, int]]] = field(default_factory=dict)


class Plan:
    """The firings of one run, and the values on their way."""

    def __init__(self, graph: Drawing) -> None:
        self.nodes: dict[str, NodePlan] = {}
        self.routes: dict[tuple[str, str], list[Route]] = {}
        self.ready: dict[tuple[str, int], Ready] = {}
        self.news: list[Ready] = []
        """What became ready since the list was last emptied."""
        self.link_counts: dict[str, int] = {}
        self.outputs: dict[str, list[int]] = {}
        self._output_nodes: dict[str, str] = {}
        arriving: dict[str, list[Link]] = {}
        for link in sorted(graph.links):
            arriving.setdefault(link.target, []).append(link)
            route = Route(link.target, link.input, graph.is_sticky(link), str(link))
            self.routes.setdefault((link.source, link.output), []).append(route)
            if link.output == TOOLS:
                name = addressed(link.target, link.input)
                self.routes[link.source, name] = [route]
        for id in sorted(graph.nodes):
            self._place(graph, id, arriving.get(id, []))

    def apply(self, event: Event) -> None:
        """Takes in the next event of the run."""
        match event:
            case ValueEmitted():
                node = self.nodes[event.node]
                if event.firing == node.head or not node.is_ordered:
                    self._release(event.node, event.port, event.seq)
                else:
                    held = node.held.setdefault(event.firing, [])
                    held.append((event.port, event.seq))
            case FiringStarted():
                self._start(event)
            case FiringCompleted() | FiringFailed() | FiringSkipped() | FiringReused():
                self._end(event.node, event.firing)
            case FiringParked():
                node = self.nodes[event.node]
                node.parked[event.firing] = node.running.pop(event.firing)
            case FiringAnswered() | FiringStopped():
                self._again(event.node, event.firing)
            case RunStarted():
                for id, node in self.nodes.items():
                    if not node.linked:
                        node.opened = 1
                        self._now_ready(Ready(id, 1, {}))

    def has_route(self, node: str, port: str) -> bool:
        """Whether anything is linked to that output."""
        return (node, port) in self.routes

    def running(self) -> Iterator[Ready]:
        """The firings that have started and not ended."""
        for id, node in self.nodes.items():
            for firing, inputs in node.running.items():
                yield Ready(id, firing, inputs)

    def parked(self) -> Iterator[Ready]:
        """The firings that wait for an answer."""
        for id, node in self.nodes.items():
            for firing, inputs in node.parked.items():
                yield Ready(id, firing, inputs)

    def waiting(self, node: str) -> int:
        """How many firings of a node wait for more values."""
        plan = self.nodes[node]
        return sum(1 for inputs in plan.pending.values() if set(inputs) - plan.sticky)

    def unfired(self) -> dict[str, int]:
        """By node, the firings that got a value which is used once and still wait."""
        counts = {id: self.waiting(id) for id in self.nodes}
        return {id: count for id, count in counts.items() if count}

    def _place(self, graph: Drawing, id: str, arriving: Sequence[Link]) -> None:
        block = graph.block_of(id)
        if block is not None and block.role == "note":
            return
        node = graph.node(id)
        self.nodes[id] = NodePlan(
            linked=frozenset(link.input for link in arriving),
            sticky=frozenset(link.input for link in arriving if graph.is_sticky(link)),
            is_ordered=node.options.get("ordered", True),
        )
        if block is not None and block.role == "output":
            name = str(node.constants.get("name") or id)
            self._output_nodes[id] = name
            self.outputs.setdefault(name, [])

    def _start(self, event: FiringStarted) -> None:
        self.ready.pop((event.node, event.firing), None)
        self.nodes[event.node].running[event.firing] = event.inputs

    def _again(self, id: str, firing: int) -> None:
        """A firing that was parked or cut off may start once more."""
        node = self.nodes[id]
        held = node.parked if firing in node.parked else node.running
        self._now_ready(Ready(id, firing, held.pop(firing)))

    def _end(self, id: str, firing: int) -> None:
        node = self.nodes[id]
        node.running.pop(firing, None)
        node.done.add(firing)
        while node.head in node.done:
            node.done.discard(node.head)
            node.head += 1
            for port, seq in node.held.pop(node.head, ()):
                self._release(id, port, seq)

    def _release(self, id: str, port: str, seq: int) -> None:
        if id in self._output_nodes and port == "value":
            self.outputs[self._output_nodes[id]].append(seq)
        for route in self.routes.get((id, port), ()):
            self.link_counts[route.link] = self.link_counts.get(route.link, 0) + 1
            self._deliver(route, seq)

    def _deliver(self, route: Route, seq: int) -> None:
        node = self.nodes[route.target]
        firing = self._oldest_lacking(node, route.input)
        node.pending[firing][route.input] = seq
        self._ready_if_whole(route.target, node, firing)
        if route.is_sticky:
            node.latest[route.input] = seq
            for other in [
                n for n, given in node.pending.items() if route.input not in given
            ]:
                self._ready_if_whole(route.target, node, other)

    def _oldest_lacking(self, node: NodePlan, port: str) -> int:
        """The number of the oldest pending firing without that input, opened if need be."""
        # Firings are numbered as they open, and an input that is there stays there: the
        # search goes on where it ended last time, so a long queue costs no more a value.
        number = node.cursor.get(port, 1)
        while number <= node.opened and port in node.pending.get(number, {port: 0}):
            number += 1
        node.cursor[port] = number
        if number > node.opened:
            node.opened = number
            node.pending[number] = {}
        return number

    def _ready_if_whole(self, id: str, node: NodePlan, firing: int) -> None:
        inputs = node.pending[firing]
        for port in node.linked - inputs.keys():
            if port not in node.latest:
                return
        for port in node.linked - inputs.keys():
            inputs[port] = node.latest[port]
        del node.pending[firing]
        self._now_ready(Ready(id, firing, inputs))

    def _now_ready(self, ready: Ready) -> None:
        self.ready[ready.node, ready.firing] = ready
        self.news.append(ready)
