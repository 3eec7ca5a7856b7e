"""What every backend needs: a clock, a bell, a lease with its ends, waits for a rate."""

import abc
import asyncio
import logging
import math
import secrets
import sys
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from agentbench.domain.errors import LockLost, LockReentered, RateExceeded
from agentbench.domain.rate import Rate

log = logging.getLogger(__name__)

CLOSED = "the locks were closed"
"""Why a lease is lost that is held when its locks are closed."""

# A laptop that sleeps must find its leases run out when it wakes: Linux counts that
# time on the boot clock only.
_CLOCK: int | None = (
    getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    if sys.platform != "win32"
    else None
)


def clock() -> float:
    """Seconds that never jump, and go on while the machine sleeps."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


class Bell:
    """Rung from any thread, heard in the event loop that made it."""

    __slots__ = ("_future", "_is_rung", "loop")

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] | None = None
        self._is_rung = False

    def ring(self) -> bool:
        """Wakes who waits; false when its loop is closed."""
        return ring_all([self])

    async def heard(self, timeout: float | None) -> bool:
        """Waits until it rings, for so many seconds at most."""
        if not self._is_rung:
            self._future = self.loop.create_future()
            # Cheaper than asyncio.timeout, and there are two of these to each lock.
            timer = timeout is not None and self.loop.call_later(timeout, self._wake)
            try:
                await self._future
            finally:
                self._future = None
                if timer:
                    timer.cancel()
        was_rung, self._is_rung = self._is_rung, False
        return was_rung

    def strike(self) -> None:
        """Rings it from within its loop."""
        self._is_rung = True
        self._wake()

    def _wake(self) -> None:
        if self._future is not None and not self._future.done():
            self._future.set_result(None)


def ring_all(bells: Iterable[Bell]) -> bool:
    """Rings bells, with one call into each loop, for every such call costs a switch.

    Returns false when a loop was closed, so that a bell in it is heard by nobody.
    """
    by_loop: dict[asyncio.AbstractEventLoop, list[Bell]] = {}
    for bell in bells:
        by_loop.setdefault(bell.loop, []).append(bell)
    is_heard = True
    for loop, rung in by_loop.items():
        try:
            loop.call_soon_threadsafe(_strike, rung)
        except RuntimeError:
            is_heard = False
    return is_heard


def _strike(bells: Iterable[Bell]) -> None:
    for bell in bells:
        bell.strike()


class HeldLease:
    """A lock that is held until it is released, lost, or `until` has passed."""

    def __init__(
        self,
        key: str,
        fence: int,
        *,
        owner: str,
        let_go: Callable[[], Awaitable[None]],
        abandon: Callable[[], None] = lambda: None,
        until: float = math.inf,
    ) -> None:
        self.key, self.fence, self.owner = key, fence, owner
        self._let_go, self._abandon = let_go, abandon
        self._until = until
        self._is_released = False
        self._loss: str | None = None
        self._listeners: list[Callable[[str], None]] = []
        self._lock = threading.Lock()
        task = asyncio.current_task()
        self._task_name = task.get_name() if task else "no task"
        self._task: Callable[[], asyncio.Task[Any] | None] = (
            weakref.ref(task) if task else lambda: None
        )

    @property
    def is_valid(self) -> bool:
        return not self._is_released and self._loss is None and clock() < self._until

    @property
    def stall(self) -> str:
        """Why it is lost that was not renewed in time, with who may be to blame."""
        return (
            f"this process stood still for too long ({self._task_name} took the lock)"
        )

    @property
    def is_mine(self) -> bool:
        """Whether it is valid and the task that runs now has acquired it."""
        return self.is_valid and self._task() is asyncio.current_task()

    def check(self) -> None:
        if not self.is_valid:
            over = "it was released" if self._is_released else "its time was up"
            raise LockLost(self.key, self._loss or over)

    def on_loss(self, listener: Callable[[str], None]) -> None:
        with self._lock:
            if self._is_released:
                return
            if self._loss is None:
                self._listeners.append(listener)
                return
        _tell([listener], self._loss)

    def extend(self, until: float) -> bool:
        """Holds it longer; false when it has ended already, which is final."""
        with self._lock:
            if self.is_valid:
                self._until = until
                return True
            return False

    def lose(self, reason: str) -> None:
        """Ends it and tells its listeners, unless it has ended before."""
        with self._lock:
            if self._is_released or self._loss is not None:
                return
            self._loss = reason
        # In a thread of its own: what a listener does must not hold up renewals.
        threading.Thread(target=self._tell_loss, name="lock lost", daemon=True).start()

    async def release(self) -> None:
        with self._lock:
            if self._is_released or self._loss is not None:
                return
            self._is_released = True
            self._listeners.clear()
        await self._let_go()

    def _tell_loss(self) -> None:
        level = logging.DEBUG if self._loss == CLOSED else logging.WARNING
        log.log(level, "The lock %r was lost: %s", self.key, self._loss)
        _tell(self._listeners, self._loss or "")
        self._abandon()  # last: nobody is let in before the holder has been told


def refuse_reentry(lease: HeldLease | None) -> None:
    """Refuses a task that would wait for itself.

    Raises:
        LockReentered: the lease is valid and this task has acquired it.
    """
    if lease is not None and lease.is_mine:
        raise LockReentered(lease.key, lease.owner)


class WaitingRates(abc.ABC):
    """The waiting for a rate, which is the same wherever it is kept.

    Who asks is given a moment of its own at once, behind all who asked before, sleeps
    until then, and goes on if it has not overslept; else it asks again.
    """

    async def take(
        self, key: str, rate: Rate, *, units: int = 1, timeout: float | None = 60.0
    ) -> float:
        began = clock()
        end = math.inf if timeout is None else began + timeout
        while not await self._in_time(key, rate, units, end, timeout or 0.0):
            log.debug("Came too late for the rate %r, and asks again", key)
        return clock() - began

    async def spend(self, key: str, rate: Rate, *, units: int) -> None:
        while units > 0:
            part = min(units, rate.limit)
            await self._reserve(key, secrets.token_hex(16), rate, part, math.inf)
            units -= part

    async def delay(self, key: str, rate: Rate, *, units: int = 1) -> float:
        _refuse_units(rate, units)
        return await self._reserve(key, "", rate, units, -1.0)

    async def _in_time(
        self, key: str, rate: Rate, units: int, end: float, timeout: float
    ) -> bool:
        _refuse_units(rate, units)
        entry, is_used = secrets.token_hex(16), False
        try:
            # When exactly it was given we do not know: after we asked, before we heard.
            asked = clock()
            most = max(0.0, end - asked)
            delay = await self._reserve(key, entry, rate, units, most)
            begin = clock() + delay
            if delay > most:
                raise RateExceeded(key, delay, timeout)
            while (left := begin - clock()) > 0:  # noqa: ASYNC110 - it may wake early
                await asyncio.sleep(left)
            is_used = clock() <= asked + delay + rate.slack
        finally:
            if not is_used:
                self._give_back(key, entry, units)
        return is_used

    @abc.abstractmethod
    async def _reserve(
        self, key: str, entry: str, rate: Rate, units: int, most: float
    ) -> float:
        """In how many seconds the units may be used; takes them if it is `most` or less."""

    @abc.abstractmethod
    def _give_back(self, key: str, entry: str, units: int) -> None:
        """Takes back what was reserved, soon; it may be nothing."""


def _refuse_units(rate: Rate, units: int) -> None:
    if not 1 <= units <= rate.limit:
        message = f"A rate of {rate.limit} gives 1 to {rate.limit} units, not {units}."
        raise ValueError(message)


class Listeners:
    """Who listens to what, safe to use from any thread."""

    def __init__(self) -> None:
        self._by_topic: dict[str, dict[object, Callable[[str], None]]] = {}
        self._lock = threading.Lock()

    def add(self, topic: str, listener: Callable[[str], None]) -> Callable[[], None]:
        """Returns what takes the listener away again."""
        place = object()
        with self._lock:
            self._by_topic.setdefault(topic, {})[place] = listener

        def remove() -> None:
            with self._lock:
                listeners = self._by_topic.get(topic, {})
                listeners.pop(place, None)
                if not listeners:
                    self._by_topic.pop(topic, None)

        return remove

    def topics(self) -> set[str]:
        with self._lock:
            return set(self._by_topic)

    def tell(self, topic: str, word: str) -> bool:
        """Calls every listener of a topic; says whether there was one."""
        with self._lock:
            listeners = list(self._by_topic.get(topic, {}).values())
        _tell(listeners, word)
        return bool(listeners)


def _tell(listeners: Iterable[Callable[[str], None]], word: str) -> None:
    for listener in listeners:
        try:
            listener(word)
        except Exception:  # the others must hear of it too
            log.exception("A listener to a lock failed on %r", word)
