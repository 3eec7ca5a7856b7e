"""Ownership: which kernel carries a run out, how it is reached, and how it is replaced."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from agentbench.domain.errors import BackendError, LockTimeout, RunTaken, StoreError
from agentbench.domain.lock import Lease, Locks
from agentbench.domain.rate import Rates
from agentbench.domain.store import RunRecord
from agentbench.workbench.backends import LockServer
from agentbench.workbench.calls import ANSWER, STOP, Answer, write_answer
from agentbench.workbench.parts import Parts

DEAF = 2.0
"""Seconds that a run's owner may need, once it has the lease, to hear a call."""
REPLY = 10.0
"""Seconds in which the lock server replies, or is taken for gone."""


class Ownership:
    """The leases of runs: one owner each, fenced by the store."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._leaving: set[asyncio.Task[None]] = set()

    def locks(self) -> Locks:
        """The locks; the first call may start a server, so never on the engine's loop."""
        found: Locks = self._parts.lock_server.locks
        return found

    def rates(self) -> Rates:
        """How often something may be done, by all who share the locks; as `locks`."""
        return self._parts.lock_server.rates

    def is_owned(self, run: str) -> bool:
        """Whether some living kernel carries the run out."""
        self._parts.loop.refuse_to_block()
        holder = self.locks().holder(lock_of(run))
        return bool(self._parts.loop.submit(holder).result(timeout=REPLY))

    def taken(self, run: str) -> Lease:
        """The lease of a run that nobody owns.

        Raises:
            RunTaken: somebody does.
        """
        lease = self.lease(run, above=self._parts.store.run(run).fence)
        return self._parts.loop.submit(lease).result()

    async def lease(self, run: str, *, above: int) -> Lease:
        """The same, on the engine's loop."""
        try:
            return await (await self.joined()).locks.acquire(
                lock_of(run), owner=self._parts.owner, timeout=0, above=above
            )
        except LockTimeout as error:
            raise RunTaken(run, error.holder) from error

    def claim(self, run: str, lease: Lease) -> RunRecord:
        """Has the store let us in, and no one older from now on.

        Raises:
            StoreError: the run has ended.
        """
        # Only now, with the lease held, is what the log says the whole truth.
        record = self._parts.store.claim_run(
            run, owner=self._parts.owner, fence=lease.fence
        )
        if record.status.is_final:
            message = f"The run {run} has ended ({record.status}) meanwhile."
            raise StoreError(message)
        return record

    @contextlib.asynccontextmanager
    async def reached(
        self, run: str, heed: Callable[[str], None], lose: Callable[[Exception], None]
    ) -> AsyncIterator[None]:
        """Other kernels reach the run, at the latest when `DEAF` has passed.

        `heed` gets what they call, from any thread; `lose` why they cannot.
        """
        listening = asyncio.ensure_future(self.locks().listen(lock_of(run), heed))

        def look(task: "asyncio.Future[Any]") -> None:
            error = None if task.cancelled() else task.exception()
            if isinstance(error, Exception):
                lose(error)

        listening.add_done_callback(look)
        try:
            yield
        finally:
            with contextlib.suppress(BackendError):
                (await listening)()

    def leave(self, held: contextlib.AsyncExitStack) -> None:
        """Lets go of what is held of a run that has ended; nobody waits for it."""

        async def let_go() -> None:
            with contextlib.suppress(BackendError):
                await held.aclose()

        task = asyncio.ensure_future(let_go())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def close(self, *, timeout: float) -> None:
        """Waits a while until all of that is let go of."""

        async def wait() -> None:
            if leaving := set(self._leaving):
                await asyncio.wait(leaving)

        if self._leaving:
            with contextlib.suppress(TimeoutError):
                self._parts.loop.submit(wait()).result(timeout)

    def tell_owner(self, run: str, answer: Answer) -> bool:
        """Hands an answer to the kernel that carries the run out, if one does."""
        blob = self._parts.store.put_blob(write_answer(answer))
        call: Any = self.locks().call_holder(lock_of(run), f"{ANSWER} {blob}")
        return bool(self._parts.loop.submit(call).result(timeout=REPLY))

    async def stopped_or_taken(self, run: str) -> Lease | None:
        """Has the owner stop the run; with no owner left, gives its lease.

        Raises:
            RunTaken: the owner does not hear us.
        """
        locks = (await self.joined()).locks
        end = time.monotonic() + self._parts.settings.lease + DEAF
        while True:
            record = await self._parts.loop.in_thread(self._parts.store.run, run)
            if record.status.is_final:
                return None
            # Who has parked it lets go of it, and may be called a moment longer: in vain.
            is_held = record.status.is_carried_out
            if is_held and await locks.call_holder(lock_of(run), STOP):
                return None
            try:
                return await self.lease(run, above=record.fence)
            except RunTaken:
                # Its owner has the lease and does not listen: it begins just now, or it
                # has died and the lease runs out.
                if time.monotonic() > end:
                    raise
            await asyncio.sleep(0.1)

    async def joined(self) -> LockServer:
        """The lock server, opened if need be; on the engine's loop."""
        parts = self._parts
        opened = parts.opened_lock_server
        return opened or await parts.loop.in_thread(lambda: parts.lock_server)


def lock_of(run: str) -> str:
    """The key of a run's lease: one for a run and all that agents do as parts of it."""
    return f"run:{run.partition('.')[0]}"
