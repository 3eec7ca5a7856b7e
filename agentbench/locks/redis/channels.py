"""Which channels the server has confirmed, and who waits for that, in order."""

import threading
from collections.abc import Iterable

from agentbench.domain.errors import LockBackendDown
from agentbench.locks.base import Bell, clock, ring_all
from agentbench.locks.redis.wire import WireDown

LOADING = 60.0
"""Seconds that the import of the client library may take, on top of any wait."""


class Channels:
    """What the thread that hears pushes tells those who need to be heard."""

    def __init__(self, *, where: str) -> None:
        self._where = where
        self._confirmed: set[str] = set()
        self._lines: dict[str, list[Bell]] = {}
        self._down: WireDown | None = None
        self._is_loaded = False
        self._lock = threading.Lock()

    def __contains__(self, channel: str) -> bool:
        return channel in self._confirmed

    async def confirmed(self, channel: str, *, wait: float) -> None:
        """Waits until the channel is confirmed; callers go on in the order they came.

        Raises:
            LockBackendDown: it is not, `wait` seconds after we could ask.
        """
        with self._lock:
            if channel in self._confirmed and channel not in self._lines:
                return
            bell, line = Bell(), self._lines.setdefault(channel, [])
            line.append(bell)
        try:
            end = clock() + (wait if self._is_loaded else LOADING)
            while channel not in self._confirmed or bell is not line[0]:
                rang = await bell.heard(end - clock())
                end = min(end, clock() + wait)
                if not rang or (self._down and self._down.is_final):
                    reason = self._down.reason if self._down else "no answer in time"
                    raise LockBackendDown(self._where, reason)
        finally:
            with self._lock:
                if bell in line:
                    line.remove(bell)
                self._ring_first(channel)

    def may_be_asked(self) -> None:
        """The client library is loaded: from now on a wait is for the server."""
        self._is_loaded = True
        self._ring_everybody()

    def confirm(self, channel: str) -> None:
        """The server has subscribed us."""
        with self._lock:
            self._down = None
            self._confirmed.add(channel)
            self._ring_first(channel)

    def leave(self, channels: Iterable[str]) -> None:
        """We have asked not to be told any more."""
        with self._lock:
            self._confirmed.difference_update(channels)

    def lose(self, down: WireDown) -> None:
        """The connection is gone, and every subscription with it."""
        with self._lock:
            self._down = down
            self._confirmed.clear()
        if down.is_final:
            self._ring_everybody()

    def _ring_first(self, channel: str) -> None:
        line = self._lines.get(channel, [])
        while line and not line[0].ring():
            line.pop(0)  # its event loop was closed
        if not line:
            self._lines.pop(channel, None)

    def _ring_everybody(self) -> None:
        with self._lock:
            ring_all(bell for line in self._lines.values() for bell in line)
