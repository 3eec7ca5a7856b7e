"""Lock: sole right to touch something, by key; a lease is a lock that is kept alive.

The promises, which `tests/conformance/test_lock.py` holds every backend to:

1. One holder at a time, for as long as its lease is valid; waiters are served first
   come first served, woken when their turn comes.
2. A lease renews itself; when it cannot, its holder is told (`lost`) before anyone
   else can be let in.
3. The fence of each new holder of a key is higher than that of all before it.
4. A cancelled or timed-out wait leaves nothing behind: no holder, no place in the queue.
5. Releasing twice, or after a loss, is no error and never frees another's lease.
6. It works from any event loop and any thread.
"""

from collections.abc import Callable
from typing import Protocol


class Lease(Protocol):
    """A lock that is held, and kept alive until it is released."""

    key: str
    fence: int
    """Higher than that of every earlier holder of the key; the store checks it."""

    @property
    def is_valid(self) -> bool:
        """Whether we still hold it, as far as this machine can tell without asking."""

    def check(self) -> None:
        """Returns while we still hold it, as `is_valid` says.

        Raises:
            LockLost: we do not; the error says why.
        """

    def on_loss(self, listener: Callable[[str], None]) -> None:
        """Calls `listener` with the reason, from any thread, should the lease be lost."""

    async def release(self) -> None:
        """Gives it back; the next waiter gets it at once."""


class Locks(Protocol):
    """Hands out leases by key, and carries short calls to whoever holds one."""

    url: str
    """Where they are kept, with any password left out; for people to read."""

    async def acquire(
        self, key: str, *, owner: str, timeout: float | None = 60.0, above: int = 0
    ) -> Lease:
        """Waits for the lock and returns it, held.

        `owner` says in words who asks (others are shown it), `timeout` is in seconds
        (0 does not wait), `above` is the lowest fence that is too low: the highest
        one the store has seen for the key.

        Raises:
            LockTimeout: it was held all the while; the error names the holder.
            LockReentered: the task that asks holds it already.
            LockBackendDown: the server cannot be reached.
        """
        ...

    async def holder(self, key: str) -> str:
        """Who holds the lock, in words; empty for nobody."""
        ...

    async def evict(self, key: str) -> str:
        """Takes the lock from its holder, whoever that is, and lets the next one in.

        For people, when a holder hangs. It is told soon, but not before: only the
        fence keeps it from writing. Returns who it was, in words; empty for nobody.
        """
        ...

    async def call_holder(self, key: str, call: str) -> bool:
        """Sends a word to the holder of a key; says whether one was listening."""
        ...

    async def listen(
        self, key: str, listener: Callable[[str], None]
    ) -> Callable[[], None]:
        """Calls `listener` with every word sent to the holder of `key`, until told to stop."""
        ...

    async def close(self) -> None:
        """Lets go of every connection. Leases that are still held run out."""
