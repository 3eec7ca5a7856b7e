"""The state of a run as people see it: what folding its events gives.

A copy of a state shares its firings with it: each of the two makes a firing its own
before it changes it. So a copy costs what its dictionaries cost, whatever is in them.
"""

import itertools
from copy import copy
from dataclasses import dataclass, field, replace

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
    AttemptFailed,
    DecisionNeeded,
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
    LineLogged,
    RunFinished,
    RunParked,
    RunResumed,
    RunStarted,
    UsageRecorded,
    ValueEmitted,
)
from agentbench.domain.run import Failure, FiringStatus, RunStatus
from agentbench.domain.tool import is_addressed
from agentbench.domain.value import ValueRef
from agentbench.engine.plan import Plan

_F = FiringStatus
_ERAS = itertools.count(1)
"""No two states write to firings in the same era."""


@dataclass(slots=True)
class FiringState:
    """One firing: `inputs` and `emitted` hold event numbers of values.

    `reason` says why it was skipped, reused, or done again; `tries` what earlier
    attempts failed of; `question` what it waits to be told; `ended` is the number of
    the event with which it ended, or parked, and `left` the time of that. `began` is
    when it started first, `waited` the seconds that it was parked.
    """

    node: str
    firing: int
    status: FiringStatus
    attempt: int
    inputs: dict[str, int]
    started: float
    seconds: float = 0.0
    emitted: list[tuple[str, int]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    error: str = ""
    message: str = ""
    traceback: str = ""
    reason: str = ""
    tries: list[str] = field(default_factory=list)
    question: FiringParked | None = None
    tokens: int = 0
    cost: float = 0.0
    ended: int = 0
    began: float = 0.0
    left: float = 0.0
    waited: float = 0.0
    era: int = field(default=0, compare=False, repr=False)
    """Whose it is: only a state of this era changes it."""

    def copy(self, era: int) -> "FiringState":
        """The same, to be changed in another era."""
        twin = copy(self)
        twin.emitted, twin.log = self.emitted[:], self.log[:]
        twin.tries, twin.era = self.tries[:], era
        return twin

    @property
    def asks(self) -> FiringParked | None:
        """What it waits for a person to answer; None when it waits for anything else, or not."""
        asked = self.question
        is_waiting = self.status is FiringStatus.WAITING
        return asked if is_waiting and asked is not None and asked.is_question else None


@dataclass(slots=True)
class Spent:
    """What was used up, of one model or in all: tokens, US dollars, seconds of waiting."""

    calls: int = 0
    tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0

    def add(self, *, calls: int, tokens: int, cost: float, seconds: float) -> None:
        """Adds to it."""
        self.calls += calls
        self.tokens += tokens
        self.cost += cost
        self.seconds += seconds


@dataclass(slots=True)
class NodeState:
    """One node of a run: its firings in order, and its last value's event number."""

    firings: dict[int, FiringState] = field(default_factory=dict)
    last_value: tuple[str, int] | None = None
    counts: dict[FiringStatus, int] = field(default_factory=dict)

    def copy(self) -> "NodeState":
        """The same, with the same firings."""
        return NodeState(self.firings.copy(), self.last_value, self.counts.copy())

    def move(self, firing: FiringState, status: FiringStatus) -> None:
        """Gives a firing its new status, and counts it there."""
        self.counts[firing.status] = self.counts.get(firing.status, 1) - 1
        firing.status = status
        self.counts[status] = self.counts.get(status, 0) + 1


class RunState:
    """Everything there is to know of a run, up to its last event."""

    def __init__(self, graph: Drawing) -> None:
        self.plan = Plan(graph)
        self.nodes: dict[str, NodeState] = {
            id: NodeState() for id in self.plan.wiring.nodes
        }
        self.values: dict[int, tuple[ValueRef, str, int, str]] = {}
        """By number of event. Copies share it, for a number stands for one value ever: so
        it may know of values that are later than the state."""
        self.status = RunStatus.QUEUED
        self.failures: list[Failure] = []
        self.inputs: dict[str, ValueRef] = {}
        self.unfired: dict[str, int] = {}
        self.undecided: dict[str, list[int]] = {}
        self.reason = ""
        self.started = 0.0
        self.seconds = 0.0
        self.last_seq = 0
        self.spent: dict[str, Spent] = {}
        """What firings used up, by model; under an empty name what is no model's."""
        self.changed: set[str] = set()
        """The nodes that stand differently since the set was last emptied."""
        self._era = next(_ERAS)

    def copy(self) -> "RunState":
        """The state as it stands, to go on by itself; not while events are taken in."""
        twin = copy(self)
        twin.plan = self.plan.copy()
        twin.nodes = {id: node.copy() for id, node in self.nodes.items()}
        twin.failures, twin.changed = self.failures[:], set(self.changed)
        twin.spent = {model: replace(spent) for model, spent in self.spent.items()}
        self._era = next(_ERAS)
        twin._era = next(_ERAS)  # noqa: SLF001 - our own kind
        return twin

    def apply(self, event: Event) -> None:
        """Takes in the next event of the run; one that is known already is passed over."""
        if event.seq <= self.last_seq:
            return
        self.last_seq = event.seq
        self.plan.apply(event)
        self.plan.news.clear()  # nobody here carries it out
        if self.started and event.at - self.started > self.seconds:
            self.seconds = event.at - self.started
        if isinstance(event, FiringEvent):
            self.changed.add(event.node)
            self._take_in_firing(event)
        else:
            self._take_in_run(event)

    def waiting(self, node: str) -> int:
        """How many firings of a node wait for more values."""
        return self.plan.waiting(node)

    def status_of(self, node: str) -> FiringStatus:
        """One word for a node: the worst of what it does now, else how its last firing ended."""
        state = self.nodes[node]
        for status in (_F.RUNNING, _F.WAITING, _F.FAILED):
            if state.counts.get(status):
                return status
        if not state.firings:
            return FiringStatus.PENDING
        return state.firings[max(state.firings)].status

    def _take_in_run(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.status, self.started = RunStatus.RUNNING, event.at
                self.inputs = event.inputs
            case RunResumed():
                self.status = RunStatus.RUNNING
                self.changed.update(self.undecided)
            case RunParked():
                self.status = RunStatus.WAITING
            case DecisionNeeded():
                self.status, self.undecided = RunStatus.NEEDS_DECISION, event.firings
                self.changed.update(event.firings)
            case RunFinished():
                self.status, self.unfired = RunStatus(event.status), event.unfired
                self.seconds, self.reason = event.seconds, event.reason

    def _take_in_firing(self, event: FiringEvent) -> None:
        match event:
            case FiringStarted():
                self._started(event)
            case ValueEmitted():
                self._emitted(event)
            case FiringCompleted():
                self._ended(event, _F.COMPLETED, event.seconds)
            case FiringStopped():
                self._ended(event, _F.STOPPED, event.seconds)
            case FiringFailed():
                self._failed(event)
            case FiringSkipped():
                self._ended(event, _F.SKIPPED).reason = event.reason
            case FiringReused():
                self._ended(event, _F.REUSED).reason = event.reason
            case FiringParked():
                self._ended(event, _F.WAITING).question = event
            case _:
                self._take_in_more(event)

    def _take_in_more(self, event: FiringEvent) -> None:
        firing = self._firing(event)
        match event:
            case LineLogged():
                firing.log.append(event.text)
            case UsageRecorded():
                firing.tokens += event.tokens
                firing.cost += event.cost
                self.spent.setdefault(event.model, Spent()).add(
                    calls=1, tokens=event.tokens, cost=event.cost, seconds=event.seconds
                )
            case AttemptFailed():
                firing.tries.append(f"{event.error}: {event.message}")
            case FiringAnswered():
                self.nodes[event.node].move(firing, _F.READY)
                firing.question = None
                firing.waited += max(0.0, event.at - firing.left)

    def _emitted(self, event: ValueEmitted) -> None:
        self.values[event.seq] = (event.value, event.node, event.firing, event.port)
        self._firing(event).emitted.append((event.port, event.seq))
        if not is_addressed(event.port):
            self.nodes[event.node].last_value = (event.port, event.seq)
        for route in self.plan.routes(event.node, event.port):
            self.changed.add(route.target)

    def _started(self, event: FiringStarted) -> None:
        node = self.nodes[event.node]
        firing = node.firings.get(event.firing)
        if firing is None:
            firing = FiringState(
                node=event.node,
                firing=event.firing,
                status=FiringStatus.RUNNING,
                attempt=event.attempt,
                inputs=event.inputs,
                started=event.at,
                began=event.at,
                era=self._era,
            )
            node.firings[event.firing] = firing
            node.counts[FiringStatus.RUNNING] = (
                node.counts.get(FiringStatus.RUNNING, 0) + 1
            )
        else:
            firing = self._firing(event)
            if firing.status is not FiringStatus.RUNNING:
                node.move(firing, FiringStatus.RUNNING)
        firing.attempt, firing.started, firing.left = event.attempt, event.at, 0.0
        firing.reason = event.reason

    def _ended(
        self, event: FiringEvent, status: FiringStatus, seconds: float = 0.0
    ) -> FiringState:
        firing = self._firing(event)
        firing.seconds, firing.ended, firing.left = seconds, event.seq, event.at
        self.nodes[event.node].move(firing, status)
        return firing

    def _failed(self, event: FiringFailed) -> None:
        firing = self._ended(event, _F.FAILED, event.seconds)
        firing.error, firing.message = event.error, event.message
        firing.traceback = event.traceback
        if not event.is_handled:
            self.failures.append(failure_of(event))

    def _firing(self, event: FiringEvent) -> FiringState:
        """The firing of an event, to be changed."""
        firings = self.nodes[event.node].firings
        firing = firings[event.firing]
        if firing.era != self._era:
            firing = firings[event.firing] = firing.copy(self._era)
        return firing


def failure_of(event: FiringFailed) -> Failure:
    """A failure, as a run lists those that no link handles."""
    return Failure(
        node=event.node,
        firing=event.firing,
        error=event.error,
        message=event.message,
        line=event.line,
    )
