"""The roster of a run: which firings wait for room, and which run."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sized

from agentbench.engine.plan import Ready

SUSPICION = 10.0
"""Seconds for which a firing that was cut off twice runs alone: it may be what kills kernels."""


class Roster:
    """Hands out the next firing that may start: the oldest that run and node have room for."""

    def __init__(
        self,
        most: int,
        limits: Mapping[str, int],
        *,
        idle: Sized = (),
    ) -> None:
        """`most` firings may overlap in all; `limits` says how many of some nodes.

        `idle` are those of the running that only wait for others: they take no room.
        """
        self._most, self._limits = most, limits
        self.running = 0
        """How many firings run."""
        self._queue: deque[Ready] = deque()
        self._crowded: dict[str, deque[Ready]] = {}
        self._freed: deque[str] = deque()
        self._busy: Counter[str] = Counter()
        self._suspects: deque[Ready] = deque()
        self._suspected_until = 0.0
        self._idle = idle

    def add(self, firings: Iterable[Ready]) -> None:
        """Puts firings behind those that wait already."""
        self._queue.extend(firings)

    def suspect(self, firing: Ready) -> None:
        """Has a firing run alone for a while: it may be what kills kernels."""
        self._suspects.append(firing)

    @property
    def first(self) -> Ready | None:
        """The one that has waited longest; None where none does."""
        return self._queue[0] if self._queue else None

    @property
    def at_work(self) -> int:
        """How many of these do not only wait for others."""
        return self.running - len(self._idle)

    @property
    def waiting(self) -> int:
        """How many firings have no room yet, or have not been asked for."""
        return len(self._queue) + sum(map(len, self._crowded.values()))

    @property
    def startable(self) -> int:
        """How many might start now; a node that has no room for one makes it fewer."""
        some = len(self._queue) + len(self._freed)
        if self._suspects or self._suspected_until:
            return 1
        return min(some, self._most - self.at_work) if some else 0

    def next(self) -> Ready | None:
        """The next firing that may start now: it counts as running from here on."""
        if self._suspects or self._suspected_until:
            # Everything else waits, so that no bystander goes down with a suspect.
            if self.running and time.monotonic() < self._suspected_until:
                return None
            if self._suspects:
                self._suspected_until = time.monotonic() + SUSPICION
                return self._started(self._suspects.popleft())
            self._suspected_until = 0.0
        if self.running - len(self._idle) >= self._most:
            return None
        if self._limits:
            ready = self._next_with_room()
            return None if ready is None else self._started(ready)
        if not self._queue:
            return None
        self.running += 1
        return self._queue.popleft()

    def _next_with_room(self) -> Ready | None:
        """The oldest whose node has room for one more."""
        # What its node had no room for goes first, and stays where it is until it
        # starts: put back into the queue one by one, the last would overtake.
        while self._freed:
            crowd = self._crowded.get(self._freed[0])
            if crowd and self._has_room(self._freed[0]):
                return crowd.popleft()
            self._freed.popleft()
        while self._queue:
            ready = self._queue.popleft()
            if self._has_room(ready.node):
                return ready
            self._crowded.setdefault(ready.node, deque()).append(ready)
        return None

    def ended(self, ready: Ready) -> None:
        """Notes that a firing runs no more; a node may have room now."""
        self.running -= 1
        if ready.node in self._limits:
            self._busy[ready.node] -= 1
            if self._crowded.get(ready.node):
                self._freed.append(ready.node)

    @property
    def suspicion_ends(self) -> float:
        """When a suspect is cleared though it still runs, by the monotonic clock; 0 for never."""
        return self._suspected_until

    def _started(self, ready: Ready) -> Ready:
        self.running += 1
        if ready.node in self._limits:
            self._busy[ready.node] += 1
        return ready

    def _has_room(self, node: str) -> bool:
        most = self._limits.get(node)
        return most is None or self._busy[node] < most
