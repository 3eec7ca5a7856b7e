"""Locks within one process: for a kernel that shares nothing with others."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from agentbench.domain.errors import LockBackendDown, LockTimeout
from agentbench.locks.base import (
    CLOSED,
    Bell,
    HeldLease,
    Listeners,
    clock,
    refuse_reentry,
    ring_all,
)


@dataclass(eq=False, slots=True, kw_only=True)
class Waiter:
    """One who asks for a lock."""

    owner: str
    bell: Bell
    fence: int = 0


@dataclass(slots=True)
class Slot:
    """One key: who holds it since when, and who waits."""

    holder: Waiter | None = None
    since: float = 0.0
    lease: HeldLease | None = None
    waiters: deque[Waiter] = field(default_factory=deque)


class LocalLocks:
    """Locks in the memory of this process; a lease lasts until it is released."""

    def __init__(self, url: str = "local:") -> None:
        self.url = url
        self._guard = threading.Lock()
        self._slots: dict[str, Slot] = {}
        self._fences: dict[str, int] = {}
        self._listeners = Listeners()
        self._is_closed = False

    async def acquire(
        self, key: str, *, owner: str, timeout: float | None = 60.0, above: int = 0
    ) -> HeldLease:
        waiter = Waiter(owner=owner, bell=Bell())
        asked = clock()
        with self._guard:
            slot = self._join(key, waiter, above, waits=timeout != 0)
        lease = None
        try:
            if waiter.fence == 0 and timeout != 0:
                await waiter.bell.heard(timeout)
            with self._guard:
                lease = self._lease(key, slot, waiter)
                if lease is None:
                    if waiter in slot.waiters:  # else it was evicted
                        slot.waiters.remove(waiter)
                    raise self._too_long(key, slot, clock() - asked)
            return lease
        finally:
            if lease is None:
                self._leave(key, waiter)

    async def holder(self, key: str) -> str:
        with self._guard:
            slot = self._slots.get(key)
            return slot.holder.owner if slot and slot.holder else ""

    async def evict(self, key: str) -> str:
        with self._guard:
            slot = self._slots.get(key)
            if slot is None or slot.holder is None:
                return ""
            owner, lease = slot.holder.owner, slot.lease
            self._hand_over(key, slot)
        if lease is not None:
            lease.lose("it was taken away")
        return owner

    async def call_holder(self, key: str, call: str) -> bool:
        return self._listeners.tell(key, call)

    async def listen(
        self, key: str, listener: Callable[[str], None]
    ) -> Callable[[], None]:
        return self._listeners.add(key, listener)

    async def close(self) -> None:
        with self._guard:
            self._is_closed = True
            slots, self._slots = list(self._slots.values()), {}
        for slot in slots:
            if slot.lease:
                slot.lease.lose(CLOSED)
            ring_all(waiter.bell for waiter in slot.waiters)

    def _join(self, key: str, waiter: Waiter, above: int, *, waits: bool) -> Slot:
        self._refuse_closed()
        slot = self._slots.setdefault(key, Slot())
        if waits:
            refuse_reentry(slot.lease)
        self._fences[key] = max(self._fences.get(key, 0), above)
        if slot.holder is None:
            self._let_in(key, slot, waiter)  # no bell: it has not begun to wait
        else:
            slot.waiters.append(waiter)
        return slot

    def _let_in(self, key: str, slot: Slot, waiter: Waiter) -> None:
        self._fences[key] += 1
        waiter.fence = self._fences[key]
        slot.holder, slot.since = waiter, clock()

    def _hand_over(self, key: str, slot: Slot) -> None:
        slot.holder = slot.lease = None
        while slot.waiters:
            waiter = slot.waiters.popleft()
            self._let_in(key, slot, waiter)
            if waiter.bell.ring():  # else its event loop is gone, and so is the waiter
                return
        slot.holder = None
        self._slots.pop(key, None)

    def _lease(self, key: str, slot: Slot, waiter: Waiter) -> HeldLease | None:
        self._refuse_closed()
        if not waiter.fence or slot.holder is not waiter:
            return None

        async def let_go() -> None:
            self._leave(key, waiter)

        slot.lease = HeldLease(key, waiter.fence, owner=waiter.owner, let_go=let_go)
        return slot.lease

    def _leave(self, key: str, waiter: Waiter) -> None:
        """Takes it out of the queue, or lets the next one in."""
        with self._guard:
            slot = self._slots.get(key)
            if slot and slot.holder is waiter:
                self._hand_over(key, slot)
            elif slot and waiter in slot.waiters:
                slot.waiters.remove(waiter)

    def _too_long(self, key: str, slot: Slot, waited: float) -> LockTimeout:
        owner = slot.holder.owner if slot.holder else ""
        age = clock() - slot.since
        return LockTimeout(key, round(waited, 1), owner, len(slot.waiters), age=age)

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise LockBackendDown(self.url, "it was closed")
