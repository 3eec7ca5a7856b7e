"""Outline: what a page says of a run as a whole, without a state of each firing.

A firing is a status here, and its values are counted by nobody: for 100,000 firings that
is a fifth of what their states take.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
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
    RunFinished,
    RunParked,
    RunResumed,
    RunStarted,
)
from agentbench.domain.run import Failure, FiringStatus, RunStatus
from agentbench.domain.value import ValueRef
from agentbench.engine.plan import Plan
from agentbench.engine.state import failure_of

_F = FiringStatus
BECOMES: Mapping[type[Event], FiringStatus] = {
    FiringStarted: _F.RUNNING,
    FiringCompleted: _F.COMPLETED,
    FiringFailed: _F.FAILED,
    FiringSkipped: _F.SKIPPED,
    FiringReused: _F.REUSED,
    FiringStopped: _F.STOPPED,
    FiringParked: _F.WAITING,
    FiringAnswered: _F.READY,
}
STANDS: Mapping[type[Event], RunStatus] = {
    RunResumed: RunStatus.RUNNING,
    RunParked: RunStatus.WAITING,
    DecisionNeeded: RunStatus.NEEDS_DECISION,
}
WORST = (_F.RUNNING, _F.WAITING, _F.FAILED)


class Outline:
    """The run as a whole: what it took and gave, what failed, how each node stands."""

    def __init__(self, graph: Drawing) -> None:
        self.plan = Plan(graph)
        self.inputs: dict[str, ValueRef] = {}
        self.failures: list[Failure] = []
        self.status = RunStatus.QUEUED
        self.reason = ""
        self.started = 0.0
        self._firings: dict[str, dict[int, FiringStatus]] = {
            id: {} for id in self.plan.wiring.nodes
        }

    def take_in(self, events: Iterable[Event]) -> None:
        """Goes on with the events that come next."""
        for event in events:
            self.plan.apply(event)
            status = BECOMES.get(type(event))
            if status is not None and isinstance(event, FiringEvent):
                self._firings[event.node][event.firing] = status
                if isinstance(event, FiringFailed) and not event.is_handled:
                    self.failures.append(failure_of(event))
            elif isinstance(event, RunStarted):
                self.inputs, self.started = event.inputs, event.at
                self.status = RunStatus.RUNNING
            elif isinstance(event, RunFinished):
                self.status, self.reason = RunStatus(event.status), event.reason
            else:
                self.status = STANDS.get(type(event), self.status)
        self.plan.news.clear()

    @property
    def statuses(self) -> dict[str, tuple[str, int]]:
        """For each node that fired, how it stands and how often it fired; for drawings."""
        return {
            id: (worst(firings).value, len(firings))
            for id, firings in self._firings.items()
            if firings
        }


def worst(firings: Mapping[int, FiringStatus]) -> FiringStatus:
    """How a node stands whose firings stand like that: the newest, unless one is worse."""
    counts = Counter(firings.values())
    last = firings[max(firings)]
    return next((status for status in WORST if counts[status]), last)
