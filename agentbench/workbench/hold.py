"""Hold: a lock for the length of a `with`, in plain code or in a coroutine."""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol

from agentbench.domain.errors import LockLost, LockReentered
from agentbench.domain.lock import Lease, Locks


class Loop(Protocol):
    """What a hold needs of the engine's loop."""

    def submit(self, work: Any) -> Any:
        """Runs a coroutine on the loop; gives a future to wait for."""

    def refuse_to_block(self) -> None:
        """Raises RuntimeError in a coroutine on the loop itself."""

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a blocking function in a thread."""


_held: dict[tuple[int, str, str], Lease] = {}
"""What plain code holds, by thread, place and key: a thread that asks again would wait for itself."""


class Hold:
    """`with ab.lock("key") as lease:`, or `async with`: one or the other, once.

    In a coroutine a lost lock cancels the task that holds it, at its next `await`, and
    the cancellation leaves the block as `LockLost`. Plain code cannot be cut off: it
    calls `lease.check()` where it matters, and the end of the block raises `LockLost`,
    unless another exception is on its way there already.
    """

    def __init__(
        self,
        locks: Callable[[], Locks],
        key: str,
        *,
        owner: str,
        timeout: float | None,
        loop: Loop,
    ) -> None:
        self._locks, self._key, self._owner = locks, key, owner
        self._timeout, self._loop = timeout, loop
        self._lease: Lease | None = None
        self._guard = threading.Lock()
        self._is_used = self._is_left = self._was_cancelled = False
        self._cancels = 0
        self._place = (0, "", "")

    # ---- plain code --------------------------------------------------------

    def __enter__(self) -> Lease:
        self._refuse_to_block()
        self._begin()
        locks = self._locks()
        self._place = (threading.get_ident(), locks.url, self._key)
        outer = _held.get(self._place)
        if outer is not None and outer.is_valid:
            raise LockReentered(self._key, self._owner, asker="This thread")
        asked = self._loop.submit(self._take(locks))
        try:
            lease: Lease = asked.result()
        except BaseException:  # also an interrupt, which may come as the lock does
            asked.cancel()
            with self._guard:
                self._is_left = True
            if self._lease is not None:
                self._loop.submit(self._lease.release())
            raise
        _held[self._place] = lease
        return lease

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lease = self._ours()
        _held.pop(self._place, None)
        lost = _loss_of(lease)
        self._loop.submit(lease.release()).result()
        if lost is not None and error is None:
            raise lost

    async def _take(self, locks: Locks) -> Lease:
        lease = await locks.acquire(self._key, owner=self._owner, timeout=self._timeout)
        with self._guard:
            if not self._is_left:
                self._lease = lease
                return lease
        await lease.release()
        raise asyncio.CancelledError

    def _refuse_to_block(self) -> None:
        try:
            self._loop.refuse_to_block()
        except RuntimeError:
            message = (
                "An async block cannot wait for a lock without `await`: it would stop"
                " every run. Write `async with ab.lock(...)`, or make the block a `def`."
            )
            raise RuntimeError(message) from None

    # ---- coroutines --------------------------------------------------------

    async def __aenter__(self) -> Lease:
        self._begin()
        locks = await asyncio.to_thread(self._locks)  # which may start the server
        lease = await locks.acquire(self._key, owner=self._owner, timeout=self._timeout)
        self._lease = lease
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        if task is not None:
            self._cancels = task.cancelling()
            lease.on_loss(lambda _: self._cut_off(loop, task))
        return lease

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        lease, lost = self._ours(), _loss_of(self._ours())
        with self._guard:
            self._is_left = True  # from now on nobody is cut off
        if self._was_cancelled and (task := asyncio.current_task()):
            left = task.uncancel()
            if isinstance(error, asyncio.CancelledError) and left <= self._cancels:
                raise lost or LockLost(self._key, "it was taken away") from error
        await lease.release()  # which is carried out even if we are cancelled here
        if lost is not None and error is None:
            raise lost

    def _cut_off(
        self, loop: asyncio.AbstractEventLoop, task: "asyncio.Task[Any]"
    ) -> None:
        def cancel() -> None:
            with self._guard:
                if self._is_left or task.done():
                    return
                self._was_cancelled = True
            task.cancel()

        with contextlib.suppress(RuntimeError):  # its loop is closed
            loop.call_soon_threadsafe(cancel)

    # ---- both --------------------------------------------------------------

    def _begin(self) -> None:
        if self._is_used:
            message = f"This hold of the lock {self._key!r} was used; ask for a new one"
            raise RuntimeError(f"{message} for every `with`.")
        self._is_used = True

    def _ours(self) -> Lease:
        if self._lease is None:
            raise RuntimeError(f"The lock {self._key!r} was never taken.")
        return self._lease


def _loss_of(lease: Lease) -> LockLost | None:
    try:
        lease.check()
    except LockLost as lost:
        return lost
    return None
