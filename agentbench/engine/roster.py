"""The roster of a run: which firings wait for room, and which run."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable

from agentbench.engine.plan import Ready

SUSPICION = 10.0
"""Seconds for which a firing that was cut off twice runs alone: it may be what kills kernels."""


class Roster:
    """Hands out the next firing that may start: the oldest that run and node have room for."""

    def __init__(self, most: int, room: Callable[[str], int | None]) -> None:
        """`most` firings may overlap in all; `room` says how many of a node, None for any."""
        self.tasks: dict[asyncio.Task[None], Ready] = {}
        self._most, self._room = most, room
        self._queue: deque[Ready] = deque()
        self._crowded: dict[str, deque[Ready]] = {}
        self._freed: deque[str] = deque()
        self._busy: Counter[str] = Counter()
        self._suspects: deque[Ready] = deque()
        self._suspected_until = 0.0
        self.idle: Callable[[], int] = int
        """How many of the tasks only wait for others, and take no room meanwhile."""

    def add(self, firings: Iterable[Ready]) -> None:
        """Puts firings behind those that wait already."""
        self._queue.extend(firings)

    def suspect(self, firing: Ready) -> None:
        """Has a firing run alone for a while: it may be what kills kernels."""
        self._suspects.append(firing)

    def next(self, wanted: Callable[[Ready], bool]) -> Ready | None:
        """The next firing to start, or None; those that are not `wanted` are dropped."""
        if self._suspects or self._suspected_until:
            # Everything else waits, so that no bystander goes down with a suspect.
            if self.tasks and time.monotonic() < self._suspected_until:
                return None
            if self._suspects:
                self._suspected_until = time.monotonic() + SUSPICION
                return self._suspects.popleft()
            self._suspected_until = 0.0
        if len(self.tasks) - self.idle() >= self._most:
            return None
        # What its node had no room for goes first, and stays where it is until it
        # starts: put back into the queue one by one, the last would overtake.
        while self._freed:
            crowd = self._crowded.get(self._freed[0])
            if crowd and self._has_room(self._freed[0]):
                return crowd.popleft()
            self._freed.popleft()
        while self._queue:
            ready = self._queue.popleft()
            if not wanted(ready):
                continue
            if self._has_room(ready.node):
                return ready
            self._crowded.setdefault(ready.node, deque()).append(ready)
        return None

    def started(self, task: "asyncio.Task[None]", ready: Ready) -> None:
        """Notes that a firing runs."""
        self._busy[ready.node] += 1
        self.tasks[task] = ready

    def ended(self, task: "asyncio.Task[None]") -> Ready | None:
        """Notes that a task has ended; gives its firing, unless it was left behind."""
        ready = self.tasks.pop(task, None)
        if ready is not None:
            self._busy[ready.node] -= 1
            if self._crowded.get(ready.node):
                self._freed.append(ready.node)
        return ready

    @property
    def suspicion_ends(self) -> float:
        """When a suspect is cleared though it still runs, by the monotonic clock; 0 for never."""
        return self._suspected_until

    def _has_room(self, node: str) -> bool:
        most = self._room(node)
        return most is None or self._busy[node] < most
