"""History: what holders of a lock did, written through the store's own fence, and judged."""

import asyncio
import collections
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from agentbench.domain.errors import LockError, LockTimeout, StaleOwner
from agentbench.domain.event import LineLogged
from agentbench.domain.lock import Lease
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.stores.sqlite import SqliteStore

RUN = "run-history"


class History:
    """A run in a real store; each holder claims it, then writes that it enters and leaves.

    A holder that another has overtaken is refused by the store, which is counted in
    `refused`; two at once would want the same number, and fail.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.store = SqliteStore(url)
        self.refused = 0
        self.outcomes: collections.Counter[str] = collections.Counter()

    @classmethod
    def begin(cls, folder: Path) -> "History":
        """An empty one."""
        history = cls(f"sqlite:///{folder}/history.db")
        begun = RunRecord(
            id=RUN, agent="a", graph="f00d", status=RunStatus.RUNNING, started=1.0
        )
        history.store.create_run(begun).result()
        return history

    @property
    def high_water(self) -> int:
        """The highest fence that the store has seen."""
        return self.store.run(RUN).fence

    async def write(self, lease: Lease, word: str) -> bool:
        """Writes as the holder; false when the store refuses it as overtaken."""
        try:
            await asyncio.to_thread(self._write, lease.fence, word)
        except StaleOwner:
            self.refused += 1
            return False
        return True

    async def visit(self, lease: Lease, seconds: float = 0.002) -> None:
        """Enters, stays, and leaves."""
        assert await self.write(lease, "enters")
        await asyncio.sleep(seconds)
        assert await self.write(lease, "leaves")

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Counts how asking for a lock ends: each time in exactly one way."""
        try:
            yield
        except LockTimeout:
            self.outcomes["timed out"] += 1
        except asyncio.CancelledError:
            self.outcomes["cancelled"] += 1
        except LockError:
            self.outcomes["failed"] += 1
        else:
            self.outcomes["granted"] += 1

    def check(self, *, visits: int = 0) -> list[int]:
        """Judges what was accepted; returns the fences in the order of their first write.

        No write of a fence comes after one of a higher fence; and at least nine in ten
        of the `visits` that a faultless day would see have happened, so that doing
        nothing is no way to pass.
        """
        fences = [fence for fence, _ in self.accepted()]
        assert fences == sorted(fences), "an overtaken holder wrote"
        entered = [fence for fence, word in self.accepted() if word == "enters"]
        assert all(one < next_ for one, next_ in itertools.pairwise(entered))
        left = sum(word == "leaves" for _, word in self.accepted())
        assert left >= 0.9 * visits, f"only {left} of {visits} visits"
        return entered

    def accepted(self) -> list[tuple[int, str]]:
        """Every write that the store took: fence and word."""
        lines = [e for e in self.store.events(RUN) if isinstance(e, LineLogged)]
        return [(event.firing, event.text) for event in lines]

    def _write(self, fence: int, word: str) -> None:
        record = self.store.claim_run(RUN, owner=f"fence {fence}", fence=fence)
        line = LineLogged(
            seq=record.last_seq + 1, at=1.0, node="holder", firing=fence, text=word
        )
        self.store.append(RUN, [line], fence=fence).result()


@contextlib.asynccontextmanager
async def history_in(folder: Path) -> AsyncIterator[History]:
    """A history that is judged at the end."""
    history = History.begin(folder)
    try:
        yield history
        history.check()
    finally:
        history.store.close()
