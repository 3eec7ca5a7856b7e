"""Room: a run whose store has none, or is away, stands still until it can be kept again."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from agentbench.domain.errors import NotKept
from agentbench.domain.event import RunHeld
from agentbench.domain.feed import Feed

LOOK = 1.0
"""Seconds between two tries to keep what did not fit."""

Result = TypeVar("Result")

_log = logging.getLogger("agentbench")


class Room:
    """Whether what a run does can be kept: one for the run and all that are parts of it.

    While it cannot, nothing new is begun, what was done is held in memory, and the
    clocks of firings and of the run stand still. Only to be used on the engine's loop.
    """

    def __init__(self, feed: Feed, run: str) -> None:
        """Whoever watches the run is told that it stands still, again and again meanwhile."""
        self._feed, self._run = feed, run
        self._lacking: dict[object, str] = {}
        self.is_lacking = False
        """Whether something waits to be kept."""
        self._wake = asyncio.Event()
        self._found = asyncio.Event()
        self._clocks: dict[asyncio.Timeout, float | None] = {}
        self._seconds, self._since = 0.0, 0.0
        self._is_given_up = False
        self.listeners: set[Callable[[], None]] = set()
        """Called when there is room again."""

    @property
    def reason(self) -> str:
        """Why there is none; empty while there is. From any thread."""
        return next(iter(self._lacking.copy().values()), "")

    @property
    def seconds(self) -> float:
        """For how long there was none, in all."""
        standing = time.monotonic() - self._since if self._lacking else 0.0
        return self._seconds + standing

    async def keep(self, write: Callable[[], Awaitable[Result]]) -> Result:
        """Does a write, again and again while the store cannot keep it; returns its result.

        Raises:
            NotKept: it still cannot, and the run is to end.
        """
        token = object()
        try:
            while True:
                try:
                    return await write()
                except NotKept as error:
                    if self._is_given_up:
                        raise
                    self._lack(token, str(error))
                self._wake.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await self._wake.wait()
        finally:
            self._find(token)

    async def there(self) -> None:
        """Returns when there is room."""
        while self._lacking:
            await self._found.wait()

    def look(self) -> None:
        """Has what waits tried again now: somebody says that there is room."""
        self._wake.set()

    def give_up(self) -> None:
        """Has what waits tried once more, and no more: the run is to end."""
        self._is_given_up = True
        self._wake.set()

    @contextlib.contextmanager
    def stopping(self, clock: asyncio.Timeout) -> Iterator[None]:
        """Stops a firing's clock while there is no room: it is not the firing that is late."""
        self._clocks[clock] = None
        if self._lacking:
            self._stop(clock)
        try:
            yield
        finally:
            del self._clocks[clock]

    def _tell(self, reason: str) -> None:
        self._feed.publish(self._run, [RunHeld(reason=reason)])

    def _lack(self, token: object, reason: str) -> None:
        if not self._lacking:
            _log.warning(
                "The run %s stands still until it can be kept: %s", self._run, reason
            )
            self._since = time.monotonic()
            self._found.clear()
            for clock in self._clocks:
                self._stop(clock)
        self._lacking[token] = reason
        self.is_lacking = True
        self._tell(reason)

    def _find(self, token: object) -> None:
        if self._lacking.pop(token, None) is None or self._lacking:
            return
        self.is_lacking = False
        self._seconds += time.monotonic() - self._since
        for clock, left in self._clocks.items():
            if left is not None:
                clock.reschedule(asyncio.get_running_loop().time() + left)
                self._clocks[clock] = None
        self._found.set()
        self._tell("")
        for listener in list(self.listeners):
            listener()

    def _stop(self, clock: asyncio.Timeout) -> None:
        when = clock.when()
        if when is not None and not clock.expired():
            self._clocks[clock] = max(0.0, when - asyncio.get_running_loop().time())
            clock.reschedule(None)
