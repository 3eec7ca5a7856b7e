"""The journal of a run: numbers its events, and gets them into the log before anyone sees them."""

import asyncio
import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

from agentbench.domain.event import Event
from agentbench.domain.feed import Feed
from agentbench.domain.redaction import Redaction
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunLog
from agentbench.engine.room import Room
from agentbench.engine.tenure import Tenure

E = TypeVar("E", bound=Event)

LINGER = 0.003
"""Seconds that an event waits for others, so that they are written together."""
BATCH = 1500
"""So many events do not wait for more."""
BACKLOG = 6000
"""With so many that are not written, firings wait."""


class Journal:
    """Writes the events of one run, in batches, and publishes what is committed."""

    def __init__(
        self,
        log: RunLog,
        feed: Feed,
        run: str,
        *,
        tenure: Tenure,
        room: Room,
        redaction: Redaction,
        last_seq: int = 0,
    ) -> None:
        self._redaction = redaction
        self._log, self._feed, self._run, self._tenure = log, feed, run, tenure
        self.room = room
        self._kept = last_seq
        self.next_seq: int = last_seq + 1
        """The number of the next event."""
        self.is_writing: bool = not tenure.is_certain
        """Whether some of it is on its way into the log, or waits until it may be."""
        self._batch: list[Event] = []
        self._leaving: list[Event] = []
        self._status: RunStatus | None = None
        self._has_work = asyncio.Event()
        self._is_urgent = asyncio.Event()
        self._written = asyncio.Event()
        self._is_closing = False

    def masked(self, make: Callable[..., E], facts: dict[str, Any]) -> E:
        """The next event of the run, secrets masked, to be added."""
        facts = self._redaction.value(facts)
        return make(seq=self.next_seq, at=time.time(), **facts)

    def add(self, event: Event) -> None:
        """Adds the next event of the run; it is committed soon after."""
        self.next_seq = event.seq + 1
        batch = self._batch
        batch.append(event)
        if len(batch) == 1:
            self._has_work.set()
        elif len(batch) == BATCH:
            self._is_urgent.set()

    def mark(self, status: RunStatus) -> None:
        """Has the run's status written with the next batch."""
        self._status = status
        self._has_work.set()

    async def settled(self) -> None:
        """Returns when everything recorded so far is committed."""
        last = self.next_seq - 1
        while self._kept < last:
            self._is_urgent.set()
            await self._written.wait()

    @property
    def unwritten(self) -> list[Event]:
        """What was not in the log when last looked; from any thread."""
        return [*self._leaving, *self._batch]

    @property
    def is_behind(self) -> bool:
        """Whether so much waits to be written that no more should be added."""
        return len(self._batch) > BACKLOG

    def close(self) -> None:
        """Lets `keep` return once all is written."""
        self._is_closing = True
        self._has_work.set()
        self._is_urgent.set()

    async def keep(self) -> None:
        """Writes and publishes until closed; waits where there is no room.

        Raises:
            StoreError: the events cannot be kept; nobody was told of them.
            BackendError: nor can the run.
        """
        await self._tenure.certain()
        while True:
            self.is_writing = False
            await self._has_work.wait()
            await self._linger()
            batch = self._leaving = self._batch
            self._batch = []
            status, self._status = self._status, None
            self._has_work.clear()
            if batch or status:
                self.is_writing = True
                await self.room.keep(functools.partial(self._write, batch, status))
                self._kept += len(batch)
                self._leaving = []
                self._feed.publish(self._run, batch)
                done, self._written = self._written, asyncio.Event()
                done.set()
            if self._is_closing and not self._batch and self._status is None:
                return

    async def _write(self, batch: list[Event], status: RunStatus | None) -> None:
        fence = self._tenure.fence
        written = self._log.append(self._run, batch, fence=fence, status=status)
        if not written.done():
            await asyncio.wrap_future(written)
        written.result()

    async def _linger(self) -> None:
        """Lets more events come, unless somebody waits for those that there are."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(LINGER, self._is_urgent.set)
        await self._is_urgent.wait()
        timer.cancel()
        if not self._is_closing:
            self._is_urgent.clear()
