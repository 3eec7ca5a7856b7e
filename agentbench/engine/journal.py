"""The journal of a run: numbers its events, and gets them into the log before anyone sees them."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

from agentbench.domain.event import Event
from agentbench.domain.feed import Feed
from agentbench.domain.redaction import Redaction
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunLog

E = TypeVar("E", bound=Event)


class Journal:
    """Writes the events of one run, in batches, and publishes what is committed."""

    def __init__(
        self,
        log: RunLog,
        feed: Feed,
        run: str,
        *,
        fence: int,
        redaction: Redaction,
        last_seq: int = 0,
    ) -> None:
        self._masked = redaction.value
        self._log, self._feed, self._run, self._fence = log, feed, run, fence
        self._seq = last_seq
        self._batch: list[Event] = []
        self._status: RunStatus | None = None
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._settled.set()
        self._is_closing = False

    def record(self, make: Callable[..., E], **facts: object) -> E:
        """Makes the next event of the run, secrets masked; it is committed soon after."""
        self._seq += 1
        event = make(seq=self._seq, at=time.time(), **self._masked(facts))
        self._batch.append(event)
        self._settled.clear()
        self._wake.set()
        return event

    def mark(self, status: RunStatus) -> None:
        """Has the run's status written with the next batch."""
        self._status = status
        self._settled.clear()
        self._wake.set()

    async def settled(self) -> None:
        """Returns when everything recorded so far is committed."""
        await self._settled.wait()

    def close(self) -> None:
        """Lets `keep` return once all is written."""
        self._is_closing = True
        self._wake.set()

    async def keep(self) -> None:
        """Writes and publishes until closed.

        Raises:
            StoreError: the events cannot be kept; nobody was told of them.
        """
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._batch = self._batch, []
            status, self._status = self._status, None
            if batch or status:
                written = self._log.append(
                    self._run, batch, fence=self._fence, status=status
                )
                await asyncio.wrap_future(written)
                self._feed.publish(self._run, batch)
            if not self._batch and self._status is None:
                self._settled.set()
                if self._is_closing:
                    return
