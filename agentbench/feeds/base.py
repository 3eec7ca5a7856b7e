"""What every feed is made of: listeners, each with its place in the logs of runs."""

import collections
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from agentbench.domain.errors import BackendError, UnknownRun
from agentbench.domain.event import RunFinished
from agentbench.domain.feed import Listener
from agentbench.domain.store import RunLog

_log = logging.getLogger(__name__)

MOST_WAITING = 64
"""Batches that wait for one listener; when more come they are read from the log again."""

MOST_RUNS = 1000
"""Runs whose place a listener remembers; the one heard of longest ago is forgotten."""

Batch = Sequence[Any] | None
"""Events; None for "see the log"."""


class Listening:
    """One listener, what it wants to hear, and how far it has got.

    Any thread may bring events. Whoever finds nobody telling tells; what the others
    bring meanwhile waits for it, so a listener hears one thing at a time, in order.
    """

    def __init__(
        self, listener: Listener, log: RunLog, *, run: str | None, agent: str | None
    ) -> None:
        self.run, self.agent = run, agent
        self.places: collections.OrderedDict[str, int] = collections.OrderedDict()
        """By run, the number of the last event told."""
        self.is_over = False
        """Whether nothing can come any more: its one run has ended, or it was stopped."""
        self._listener, self._events = listener, log
        self._waiting: collections.deque[tuple[str, Batch]] = collections.deque()
        self._lock = threading.Lock()
        self._is_stopped = self._is_telling = False

    def stop(self) -> None:
        """Tells it nothing more."""
        self._is_stopped = self.is_over = True

    def take(self, run: str, events: Batch) -> None:
        """Tells it the events that it does not have yet, and those missing before."""
        with self._lock:
            self._waiting.append((run, events))
            if self._is_telling:
                if len(self._waiting) > MOST_WAITING:
                    self._shorten()
                return
            self._is_telling = True
        while self._tell_next():
            pass

    def _shorten(self) -> None:
        """Leaves of what waits only the runs, to be looked up; while the lock is held."""
        runs: dict[str, None] = {}
        for run, events in self._waiting:
            first = _first(events)
            if events is None or first is not None:
                runs[run] = None
            if first is not None:
                self.places.setdefault(run, first - 1)
        self._waiting = collections.deque((run, None) for run in runs)

    def _tell_next(self) -> bool:
        with self._lock:
            if not self._waiting or self._is_stopped:
                self._waiting.clear()
                self._is_telling = False
                return False
            run, events = self._waiting.popleft()
        try:
            due = self._due(run, events)
            if due is not None:
                self._listener(run, due)
        except Exception:  # noqa: BLE001 - whoever watches must not stop what is watched
            _log.exception("A listener to the run %s failed.", run)
        except BaseException:
            with self._lock:
                self._is_telling = False
            raise
        return True

    def _due(self, run: str, events: Batch) -> Batch:
        """What is to be told now; None for nothing. Its place moves on by that."""
        place = self.places.get(run)
        if events is None:
            events = self._events.events(run, after=place or 0)
            if not events:
                return None
        first = _first(events)
        if first is None:
            return events
        if place is not None and first > place + 1:
            # Some did not come. These are committed, so the log has them all.
            events = self._events.events(run, after=place)
        elif place is not None and first <= place:
            events = events[place + 1 - first :]
        if not events:
            return None
        self._move(run, events[-1])
        return events

    def _move(self, run: str, last: Any) -> None:
        with self._lock:
            self.places[run] = last.seq
            self.places.move_to_end(run)
            if len(self.places) > MOST_RUNS:
                self.places.popitem(last=False)
        if run == self.run and isinstance(last, RunFinished):
            self.is_over = True


class Listeners:
    """The listeners of one process.

    Of what is published here all hear everything in one order. Should two threads
    publish at once, or a listener publish itself, whoever delivers already delivers
    that too, in its turn.
    """

    def __init__(self, log: RunLog) -> None:
        self._log = log
        self._lock = threading.Lock()
        self._listening: dict[Listening, None] = {}
        self._agents: collections.OrderedDict[str, str] = collections.OrderedDict()
        self._waiting: collections.deque[tuple[str, Batch]] = collections.deque()
        self._is_delivering = False

    def add(
        self,
        listener: Listener,
        *,
        run: str | None,
        agent: str | None,
        after: int | None,
    ) -> Callable[[], None]:
        """Adds a listener, and tells it what it wants of the past."""
        listening = Listening(listener, self._log, run=run, agent=agent)
        behind = self._place(listening, after)
        # From here on it is told what is new; its place holds back what is not.
        with self._lock:
            self._listening[listening] = None
        for each in behind:
            listening.take(each, None)

        def stop() -> None:
            listening.stop()
            with self._lock:
                self._listening.pop(listening, None)

        return stop

    def deliver(self, run: str, events: Sequence[Any]) -> None:
        """Tells what was published in this process."""
        with self._lock:
            self._waiting.append((run, tuple(events)))
            if self._is_delivering:
                return
            self._is_delivering = True
        try:
            while self._deliver_next():
                pass
        except BaseException:
            with self._lock:
                self._is_delivering = False
            raise

    def tell(self, run: str, agent: str, events: Sequence[Any]) -> None:
        """Tells ephemeral events of another process to who listens to that run."""
        for listening in self._of(run, agent):
            listening.take(run, events)

    def catch_up(self, run: str, last: int) -> None:
        """Tells, from the log, who is behind the event with that number."""
        agent = self.agent_of(run) if self._agents_wanted() else ""
        behind = [x for x in self._of(run, agent) if x.places.get(run, 0) < last]
        if not behind:
            return
        start = min(listening.places.get(run, 0) for listening in behind)
        events = self._log.events(run, after=start)  # once for all of them
        for listening in behind:
            listening.take(run, events)

    def look(self) -> None:
        """Compares the log with what was told, and tells what is missing."""
        for run in self.runs():
            try:
                self.catch_up(run, self._log.run(run).last_seq)
            except UnknownRun:
                continue  # it is yet to begin
        for agent in self._agents_wanted():
            for record in reversed(self._log.runs(agent=agent, limit=20)):
                self.catch_up(record.id, record.last_seq)

    def runs(self) -> set[str]:
        """The runs that somebody listens to and that may bring something yet."""
        return {x.run for x in self._all() if x.run is not None and not x.is_over}

    def agents(self) -> set[str]:
        """The agents that somebody listens to."""
        return self._agents_wanted()

    def agent_of(self, run: str) -> str:
        """The name of the agent that a run is of; empty where the log does not know it."""
        known = self._agents.get(run)
        if known is None:
            try:
                known = self._log.run(run).agent
            except (BackendError, UnknownRun):
                return ""
            self._agents[run] = known
            if len(self._agents) > MOST_RUNS:
                self._agents.popitem(last=False)
        return known

    def _place(self, listening: Listening, after: int | None) -> list[str]:
        """Puts a listener in its place; returns the runs of which it wants the past."""
        behind: list[str] = []
        if listening.run is not None:
            known = self._last(listening.run)
            listening.places[listening.run] = known[0] if after is None else after
            listening.is_over = after is None and known[1]
            behind = [] if after is None else [listening.run]
        elif listening.agent is not None:
            for record in reversed(self._log.runs(agent=listening.agent)):
                is_past = after is None or record.status.is_final
                listening.places[record.id] = record.last_seq if is_past else after or 0
                behind += [] if is_past else [record.id]
        return behind

    def _last(self, run: str) -> tuple[int, bool]:
        """The number of a run's last event, and whether it has ended."""
        try:
            record = self._log.run(run)
        except UnknownRun:
            return 0, False
        return record.last_seq, record.status.is_final

    def _deliver_next(self) -> bool:
        with self._lock:
            if not self._waiting:
                self._is_delivering = False
                return False
            run, events = self._waiting.popleft()
            every = list(self._listening)
        agent = self.agent_of(run) if any(x.agent for x in every) else ""
        for listening in every:
            is_for_all = listening.run is None and listening.agent is None
            if is_for_all or _is_wanted(listening, run, agent):
                listening.take(run, events)
        return True

    def _all(self) -> Iterable[Listening]:
        with self._lock:
            return list(self._listening)

    def _agents_wanted(self) -> set[str]:
        return {x.agent for x in self._all() if x.agent is not None}

    def _of(self, run: str, agent: str) -> list[Listening]:
        return [x for x in self._all() if _is_wanted(x, run, agent)]


def _is_wanted(listening: Listening, run: str, agent: str) -> bool:
    if listening.run is not None:
        return listening.run == run
    return listening.agent is not None and listening.agent == agent


def _first(events: Batch) -> int | None:
    """The number of the first event; None for ephemeral ones, which have none."""
    number: int | None = getattr(events[0], "seq", None) if events else None
    return number
