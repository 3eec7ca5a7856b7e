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

Every event of every run passes through here, so what is rare is made only when it is
needed, and an event finds its rule by its class.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
    Event,
    FiringAnswered,
    FiringCompleted,
    FiringEvent,
    FiringFailed,
    FiringParked,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    FiringStopped,
    RunStarted,
    ValueEmitted,
)
from agentbench.engine.wiring import NodeWiring, Route, Wiring, wiring_of

Inputs = dict[str, int]
"""For each linked input, the number of the event that brought its value."""
Key = tuple[str, int]
"""A firing: its node, and its number there, from 1."""


class Ready(NamedTuple):
    """A firing that may start."""

    node: str
    firing: int
    inputs: Inputs


_NONE: dict[Any, Any] = {}
"""Stands for what a node has none of yet; never written to."""


class NodePlan:
    """What the plan keeps of one node.

    `head` is the oldest firing that has not ended; `done` are the later ones that have,
    `held` what they emitted. `cursor` is where the search for a firing without an input
    goes on, `latest` the newest value of each sticky input.
    """

    # On the class until it is needed: most nodes fire once, and need none of it.
    opened = 0
    head = 1
    pending: dict[int, Inputs] = _NONE
    cursor: dict[str, int] = _NONE
    latest: dict[str, int] = _NONE
    done: set[int] | None = None
    held: dict[int, list[tuple[str, int]]] = _NONE

    def __init__(self, wiring: NodeWiring) -> None:
        self.wiring = wiring

    def copy(self) -> "NodePlan":
        """The same, to go on by itself; what a firing was given never changes, once whole."""
        twin = NodePlan(self.wiring)
        twin.opened, twin.head = self.opened, self.head
        twin.pending = {n: dict(given) for n, given in self.pending.items()}
        twin.cursor, twin.latest = dict(self.cursor), dict(self.latest)
        twin.done = None if self.done is None else set(self.done)
        twin.held = {n: list(values) for n, values in self.held.items()}
        return twin


class _Nodes(dict[str, NodePlan]):
    """The nodes that an event was about, each from then on."""

    def __init__(self, wiring: Mapping[str, NodeWiring]) -> None:
        super().__init__()
        self._wiring = wiring

    def __missing__(self, id: str) -> NodePlan:
        node = self[id] = NodePlan(self._wiring[id])
        return node


class Plan:
    """The firings of one run, and the values on their way."""

    def __init__(self, graph: Drawing | Wiring) -> None:
        wiring = graph if isinstance(graph, Wiring) else wiring_of(graph)
        self.wiring = wiring
        self.nodes: dict[str, NodePlan] = _Nodes(wiring.nodes)
        self.ready: dict[Key, Ready] = {}
        self.news: list[Ready] = []
        """What became ready since the list was last emptied."""
        self.outputs: dict[str, list[int]] = {name: [] for name in wiring.outputs}
        self._released = [0] * len(wiring.outlets)
        self._running: dict[Key, Inputs] = {}
        self._parked: dict[Key, Inputs] = {}
        self.rules: Mapping[type, Callable[[Any], None]] = {
            ValueEmitted: self._emitted,
            FiringStarted: self._started,
            FiringCompleted: self._ended,
            FiringFailed: self._ended,
            FiringSkipped: self._ended,
            FiringReused: self._ended,
            FiringParked: self._park,
            FiringAnswered: self._again,
            FiringStopped: self._again,
            RunStarted: self._began,
        }
        """What an event changes, by its class."""

    def copy(self) -> "Plan":
        """The plan as it stands, to go on by itself; it has no news."""
        twin = Plan(self.wiring)
        twin.nodes.update({id: node.copy() for id, node in self.nodes.items()})
        twin.ready = dict(self.ready)
        twin.outputs = {name: list(seqs) for name, seqs in self.outputs.items()}
        twin._released = list(self._released)
        twin._running = dict(self._running)
        twin._parked = dict(self._parked)
        return twin

    def apply(self, event: Event) -> None:
        """Takes in the next event of the run."""
        rule = self.rules.get(type(event))
        if rule is not None:
            rule(event)

    def routes(self, node: str, port: str) -> tuple[Route, ...]:
        """Where the values of an output go."""
        outlet = self.wiring.nodes[node].outlets.get(port)
        return () if outlet is None else outlet.routes

    @property
    def link_counts(self) -> dict[str, int]:
        """How many values have gone over each link that any has gone over."""
        return {
            route.link: self._released[outlet.number]
            for outlet in self.wiring.outlets
            for route in outlet.routes
            if self._released[outlet.number]
        }

    def is_parked(self, node: str, firing: int) -> bool:
        """Whether a firing waits for an answer."""
        return bool(self._parked) and (node, firing) in self._parked

    def running(self) -> list[Ready]:
        """The firings that have started and not ended, by node."""
        return _in_order(self._running)

    def parked(self) -> list[Ready]:
        """The firings that wait for an answer, by node."""
        return _in_order(self._parked)

    def waiting(self, node: str) -> int:
        """How many firings of a node wait for more values."""
        plan = self.nodes[node]
        sticky = plan.wiring.sticky
        return sum(1 for inputs in plan.pending.values() if inputs.keys() - sticky)

    def unfired(self) -> dict[str, int]:
        """By node, the firings that got a value which is used once and still wait."""
        queues = [id for id, node in self.nodes.items() if node.pending]
        counts = {id: self.waiting(id) for id in sorted(queues)}
        return {id: count for id, count in counts.items() if count}

    # ---- the rules ---------------------------------------------------------

    def _began(self, _: RunStarted) -> None:
        for id in self.wiring.sources:
            self.nodes[id].opened = 1
            self._now_ready(Ready(id, 1, {}))

    def _started(self, event: FiringStarted) -> None:
        key = (event.node, event.firing)
        self.ready.pop(key, None)
        self._running[key] = event.inputs

    def _emitted(self, event: ValueEmitted) -> None:
        node = self.nodes[event.node]
        if event.firing == node.head or not node.wiring.is_ordered:
            self._release(node, event.port, event.seq)
            return
        if node.held is _NONE:
            node.held = {}
        node.held.setdefault(event.firing, []).append((event.port, event.seq))

    def _ended(self, event: FiringEvent) -> None:
        self._running.pop((event.node, event.firing), None)
        node = self.nodes[event.node]
        if event.firing != node.head:
            if node.done is None:
                node.done = set()
            node.done.add(event.firing)
            return
        node.head += 1
        self._release_held(node)
        while node.done and node.head in node.done:
            node.done.discard(node.head)
            node.head += 1
            self._release_held(node)

    def _park(self, event: FiringParked) -> None:
        key = (event.node, event.firing)
        self._parked[key] = self._running.pop(key)

    def _again(self, event: FiringEvent) -> None:
        """A firing that was parked or cut off may start once more."""
        key = (event.node, event.firing)
        held = self._parked if key in self._parked else self._running
        self._now_ready(Ready(*key, held.pop(key)))

    # ---- values on their way -----------------------------------------------

    def _release_held(self, node: NodePlan) -> None:
        if node.held:
            for port, seq in node.held.pop(node.head, ()):
                self._release(node, port, seq)

    def _release(self, node: NodePlan, port: str, seq: int) -> None:
        wiring = node.wiring
        if wiring.output and port == "value":
            self.outputs[wiring.output].append(seq)
        outlet = wiring.outlets.get(port)
        if outlet is None:
            return
        self._released[outlet.number] += 1
        for id, name, is_sticky, opens_each, _ in outlet.routes:
            target = self.nodes[id]
            if opens_each:
                target.opened += 1
                self._now_ready(Ready(id, target.opened, {name: seq}))
            else:
                firing = _oldest_lacking(target, name)
                inputs = target.pending[firing]
                inputs[name] = seq
                if len(inputs) == target.wiring.needs or target.latest:
                    self._ready_if_whole(id, target, firing)
                if is_sticky:
                    self._keep(id, target, name, seq)

    def _keep(self, id: str, node: NodePlan, port: str, seq: int) -> None:
        """Keeps the latest value of a sticky input, for all that waits for it."""
        if node.latest is _NONE:
            node.latest = {}
        node.latest[port] = seq
        for other in [n for n, given in node.pending.items() if port not in given]:
            self._ready_if_whole(id, node, other)

    def _ready_if_whole(self, id: str, node: NodePlan, firing: int) -> None:
        inputs, needs = node.pending[firing], node.wiring.needs
        if len(inputs) < needs:
            # Only what is sticky may still be taken, and only what there is of it.
            if len(inputs) + len(node.latest) < needs:
                return
            lacking = node.wiring.linked - inputs.keys()
            if not lacking <= node.latest.keys():
                return
            for port in sorted(lacking):
                inputs[port] = node.latest[port]
        del node.pending[firing]
        self._now_ready(Ready(id, firing, inputs))

    def _now_ready(self, ready: Ready) -> None:
        self.ready[ready[:2]] = ready
        self.news.append(ready)


def _oldest_lacking(node: NodePlan, port: str) -> int:
    """The number of the oldest pending firing without that input, opened if need be."""
    # Firings are numbered as they open, and an input that is there stays there: the
    # search goes on where it ended last time, so a long queue costs no more a value.
    number = node.cursor.get(port, 1)
    while number <= node.opened:
        given = node.pending.get(number)
        if given is not None and port not in given:
            break
        number += 1
    if number > 1:
        if node.cursor is _NONE:
            node.cursor = {}
        node.cursor[port] = number
    if number > node.opened:
        if node.pending is _NONE:
            node.pending = {}
        node.opened = number
        node.pending[number] = {}
    return number


def _in_order(firings: Mapping[Key, Inputs]) -> list[Ready]:
    return [Ready(*key, firings[key]) for key in sorted(firings)]
