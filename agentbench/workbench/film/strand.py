"""Strand: one log on its way into spans; goes on where it left off."""

from collections.abc import Iterable, Mapping
from typing import Any

from agentbench.domain.event import (
    AttemptFailed,
    DecisionNeeded,
    Event,
    FiringAnswered,
    FiringCompleted,
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
    UsageRecorded,
    ValueEmitted,
)
from agentbench.workbench.film.columns import (
    COMPLETED,
    FAILED,
    RETRY,
    REUSED,
    RUNNING,
    SKIPPED,
    STOPPED,
    TRIED,
    WAITING,
    Mark,
)
from agentbench.workbench.film.rows import Rows

ENDED: Mapping[type[Event], int] = {
    FiringCompleted: COMPLETED,
    FiringReused: REUSED,
    FiringSkipped: SKIPPED,
    FiringStopped: STOPPED,
}
Key = tuple[str, int]
"""A firing of the log: its node, and its number there."""


class Strand:
    """The fold of one run's events into spans."""

    def __init__(self, into: Rows, run: str = "", above: str = "") -> None:
        """`run` is empty for the run itself; what it called lies below the row `above`."""
        self._into, self._run, self._above = into, run, above
        self.times: list[float] = []
        """When each event was, by its number less one."""
        self.started = 0.0
        self.ended = 0.0
        self._rows: dict[str, int] = {}
        self._open: dict[Key, int] = {}
        self._numbers: dict[Key, int] = {}
        """By firing, the number that it has in its row; only of runs that were called."""
        self._ready: dict[Key, float] = {}
        """Since when a firing that is to begin again waits for that."""
        self._rules: Mapping[type[Event], Any] = {
            ValueEmitted: _passed_over,
            FiringStarted: self._fired,
            UsageRecorded: self._used,
            AttemptFailed: self._tried,
            FiringParked: self._parked,
            FiringAnswered: self._answered,
            FiringFailed: self._failed,
            RunStarted: self._began,
            RunResumed: self._resumed,
            RunParked: lambda event: self._mark(event, "waits for an answer"),
            DecisionNeeded: self._undecided,
            RunFinished: self._finished,
            **{
                kind: lambda event, status=status: self._left(event, status)
                for kind, status in ENDED.items()
            },
        }

    def take_in(self, events: Iterable[Event]) -> None:
        """Goes on with the events that come next."""
        rules, noted = self._rules, self.times.append
        for event in events:
            noted(event.at)
            rule = rules.get(type(event))
            if rule is not None:
                rule(event)
        if self.times and self.times[-1] > self._into.latest:
            self._into.latest = self.times[-1]

    def _began(self, event: RunStarted) -> None:
        self.started = event.at

    def _finished(self, event: RunFinished) -> None:
        self.ended = event.at
        for place in self._open.values():
            self._close(place, event.at)
        self._open.clear()

    def _resumed(self, event: RunResumed) -> None:
        self._cut_off(event.at)
        self._mark(event, f"resumed by {event.owner}")

    def _undecided(self, event: DecisionNeeded) -> None:
        self._cut_off(event.at)
        for node, numbers in event.firings.items():
            for number in numbers:
                key = (node, number)  # others lie in what was called
                if key in self._ready and key not in self._open:
                    attempt = self._attempt_of(key)
                    self._open_span(key, event.at, attempt, WAITING, 0.0)
        self._mark(event, "needs a decision")

    def _cut_off(self, at: float) -> None:
        """Ends what a dead kernel left running: with the last that was heard of it."""
        columns = self._into.columns
        last = self.times[-2] if len(self.times) > 1 else at
        for key, place in list(self._open.items()):
            if columns.status[place] == RUNNING:
                self._shut(key, last, STOPPED)
                self._ready[key] = at

    def _mark(self, event: Event, text: str) -> None:
        if not self._run:
            self._into.marks.append(Mark(event.at, text))

    def _fired(self, event: FiringStarted) -> None:
        key = (event.node, event.firing)
        before = self._open.pop(key, None)
        again = self._ready.pop(key, None)
        queued = 0.0
        if not self._rows:
            self.started = event.at
        if before is not None:
            self._close(before, event.at)
            if self._into.columns.status[before] == RUNNING:
                self._into.columns.status[before] = STOPPED
        elif again is not None:
            queued = event.at - again
        elif event.inputs:
            seqs = [seq for seq in event.inputs.values() if 0 < seq <= len(self.times)]
            queued = event.at - max((self.times[n - 1] for n in seqs), default=event.at)
        elif event.attempt <= 1 and self.started:
            queued = event.at - self.started
        self._open_span(key, event.at, event.attempt, RUNNING, max(0.0, queued))

    def _used(self, event: UsageRecorded) -> None:
        place = self._open.get((event.node, event.firing))
        if place is None:  # told just after its end
            place = self._last_of((event.node, event.firing))
        if place is not None:
            used = self._into.columns.used
            tokens, cost = used.get(place, (0, 0.0))
            used[place] = (tokens + event.tokens, cost + event.cost)

    def _last_of(self, key: Key) -> int | None:
        """The newest span of a firing."""
        row, number = self._rows.get(key[0]), self._numbers.get(key, key[1])
        places = reversed(self._into.by_node[row]) if row is not None else ()
        numbers = self._into.columns.number
        return next((place for place in places if numbers[place] == number), None)

    def _attempt_of(self, key: Key) -> int:
        place = self._last_of(key)
        return self._into.columns.attempt[place] if place is not None else 1

    def _tried(self, event: AttemptFailed) -> None:
        key = (event.node, event.firing)
        place = self._shut(key, event.at, TRIED)
        if place is not None:
            self._into.columns.error[place] = f"{event.error}: {event.message}"
        self._open_span(key, event.at, event.attempt, RETRY, 0.0)

    def _parked(self, event: FiringParked) -> None:
        key = (event.node, event.firing)
        self._shut(key, event.at, COMPLETED)
        attempt = self._attempt_of(key)
        self._open_span(key, event.at, attempt, WAITING, 0.0)

    def _answered(self, event: FiringAnswered) -> None:
        key = (event.node, event.firing)
        self._shut(key, event.at, WAITING)
        self._ready[key] = event.at

    def _failed(self, event: FiringFailed) -> None:
        place = self._left(event, FAILED)
        if place is not None:
            self._into.columns.error[place] = f"{event.error}: {event.message}"

    def _left(self, event: Any, status: int) -> int | None:
        key = (event.node, event.firing)
        place = self._open.get(key)
        waits = (WAITING, RETRY)
        if place is not None and self._into.columns.status[place] in waits:
            # It ended without having begun again: by a decision, or the end of the run.
            self._shut(key, event.at, self._into.columns.status[place])
            attempt = self._into.columns.attempt[place]
            self._open_span(key, event.at, attempt, status, 0.0)
        place = self._shut(key, event.at, status)
        self._ready.pop(key, None)
        row = self._rows.get(event.node)
        if row is not None:
            self._into.stacks[row].leave(self._numbers.get(key, event.firing))
        return place

    def _shut(self, key: Key, at: float, status: int) -> int | None:
        place = self._open.pop(key, None)
        if place is not None:
            self._close(place, at)
            self._into.columns.status[place] = status
        return place

    def _close(self, place: int, at: float) -> None:
        columns = self._into.columns
        columns.ended[place] = max(at, columns.started[place])

    def _open_span(
        self, key: Key, at: float, attempt: int, status: int, queued: float
    ) -> None:
        into = self._into
        row = self._rows.get(key[0])
        if row is None:
            row = self._rows[key[0]] = self._row_of(key[0])
        number = self._number_of(key, row) if self._run else key[1]
        columns, place = into.columns, len(into.columns.node)
        columns.node.append(row)
        columns.number.append(number)
        columns.attempt.append(attempt)
        columns.status.append(status)
        columns.started.append(at)
        columns.ended.append(0.0)
        columns.queued.append(queued)
        # What was called gets its lanes when all of it is read: see `Rows.settle`.
        columns.lane.append(0 if self._run else into.stacks[row].take(number))
        into.by_node[row].append(place)
        self._open[key] = place

    def _row_of(self, node: str) -> int:
        return self._into.row(f"{self._above}/{node}" if self._above else node)

    def _number_of(self, key: Key, row: int) -> int:
        """The number that a firing of a called run has among all of its row."""
        number = self._numbers.get(key)
        if number is None:
            origins = self._into.origins[row]
            number = self._numbers[key] = len(origins) + 1
            origins[number] = (self._run, key[1])
        return number


def _passed_over(_: Event) -> None:
    """Values are read from the firings that gave them."""
