"""Writer: the one thread that writes, many appends to a commit."""

import asyncio
import collections
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from agentbench.domain.errors import NotKept, StoreError, StoreUnreachable
from agentbench.domain.store import Durability
from agentbench.stores.base.append import Append

GROUP_ROWS = 500
QUEUE_BYTES = 32 * 1024 * 1024
"""With so much waiting, a thread that appends waits too."""

ROOM_SECONDS = 60.0

Connection = TypeVar("Connection")
Result = TypeVar("Result")


class Transactor(Protocol[Connection]):
    """What a backend does for its writer, always in the writer's thread."""

    def transact(
        self,
        work: Callable[[Connection], Result],
        durability: Durability | None = None,
    ) -> Result:
        """Does `work` in one transaction, whole or not at all.

        Raises:
            StorageFull, StoreUnreachable: it is not the fault of `work`.
        """
        ...

    def write(
        self, connection: Connection, appends: Sequence[Append]
    ) -> dict[Append, Exception]:
        """Writes what may be written, and returns the refused ones with the reason."""
        ...

    def sync(self) -> None:
        """Returns when all that was committed outlives a power cut."""

    def hurry(self) -> None:
        """The store is closing: no more long waits. From any thread."""

    def close(self) -> None:
        """Lets go of the connection."""


@dataclass(frozen=True, eq=False)
class Call:
    """Anything else to be done in its turn."""

    work: Callable[[], Any]
    future: "Future[Any]" = field(default_factory=Future)


class Writer(Generic[Connection]):
    """Takes appends and calls from every thread, and does them in the order they came.

    What waits is bounded. A thread that appends waits for room. A coroutine must never
    be held up in a call, and is not: it waits where it awaits the future, which is done
    only when the append is written. One that never awaits is refused in the end.
    """

    def __init__(self, transactor: Transactor[Connection], where: str) -> None:
        self._transactor = transactor
        self._where = where
        self._lock = threading.Lock()
        self._has_work = threading.Condition(self._lock)
        self._has_room = threading.Condition(self._lock)
        self._queue: collections.deque[Append | Call] = collections.deque()
        self._size = 0
        self._is_closing = False
        self._thread = threading.Thread(
            target=self._serve, name="agentbench-store-writer", daemon=True
        )
        self._thread.start()

    def append(self, append: Append) -> None:
        """Queues an append; in a plain thread it waits for room when the queue is full.

        Raises:
            StoreError: the store is closed, or there is no room.
        """
        with self._lock:
            if self._size >= QUEUE_BYTES:
                self._wait_for_room()
            self._add(append)
            self._size += append.size

    def call(
        self,
        work: Callable[[Connection], Result],
        durability: Durability | None = None,
    ) -> Result:
        """Does `work` in a transaction of its own, after all that waits; returns its result.

        Raises:
            StoreError: the store is closed or could not be written.
        """
        return self.do(lambda: self._transactor.transact(work, durability))

    def soon(self, work: Callable[[Connection], Result]) -> "Future[Result]":
        """As `call`, and returns at once.

        Raises:
            StoreError: the store is closed.
        """
        self._refuse_to_wait_for_itself()
        return self._put(lambda: self._transactor.transact(work))

    def do(self, work: Callable[[], Result]) -> Result:
        """Does `work` in its turn, in the writer's thread; returns its result.

        Raises:
            StoreError: the store is closed.
        """
        self._refuse_to_wait_for_itself()
        return self._put(work).result()

    def later(self, work: Callable[[], object]) -> None:
        """Has `work` done in its turn, in the writer's thread; nobody waits for it."""
        self._put(work)

    def _refuse_to_wait_for_itself(self) -> None:
        if self._is_own_thread():
            raise StoreError("A callback of `append` may not write: use a thread.")

    def _put(self, work: Callable[[], Result]) -> "Future[Result]":
        call = Call(work)
        with self._lock:
            self._add(call)
        return call.future

    def flush(self, durability: Durability | None = None) -> None:
        """Waits for all that waits now."""
        is_full = durability is Durability.FULL
        self.do(self._transactor.sync if is_full else lambda: None)

    def close(self) -> None:
        """Writes what waits, then closes the connection. Twice is no error."""
        with self._lock:
            self._is_closing = True
            self._has_work.notify()
            self._has_room.notify_all()
        self._transactor.hurry()
        if not self._is_own_thread():
            self._thread.join()

    def _wait_for_room(self) -> None:
        if self._is_own_thread():
            return
        if _is_in_a_loop():
            has_room = self._size < 2 * QUEUE_BYTES
        else:
            has_room = self._has_room.wait_for(
                lambda: self._size < QUEUE_BYTES or self._is_closing, ROOM_SECONDS
            )
        if not has_room:
            reason = f"{self._size:,} bytes of events wait to be written already"
            raise StoreUnreachable(self._where, reason)

    def _add(self, item: Append | Call) -> None:
        if self._is_closing:
            raise StoreError(f"The store {self._where} is closed.")
        # From now on it happens: whoever gives up waiting does not undo it.
        item.future.set_running_or_notify_cancel()
        self._queue.append(item)
        self._has_work.notify()

    def _is_own_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def _serve(self) -> None:
        while (work := self._next()) is not None:
            if isinstance(work, Call):
                _do_call(work)
            else:
                self._do_appends(work)
        self._transactor.close()

    def _next(self) -> Call | list[Append] | None:
        """The next call, or as many appends as there are until then, up to a group."""
        with self._lock:
            self._has_work.wait_for(lambda: self._queue or self._is_closing)
            if self._queue and isinstance(first := self._queue[0], Call):
                self._queue.popleft()
                return first
            group: list[Append] = []
            rows = 0
            while (
                rows < GROUP_ROWS
                and self._queue
                and isinstance(item := self._queue[0], Append)
            ):
                self._queue.popleft()
                group.append(item)
                rows += len(item.lines)
                self._size -= item.size
            self._has_room.notify_all()
            return group or None

    def _do_appends(self, group: list[Append]) -> None:
        is_full = any(append.durability is Durability.FULL for append in group)
        try:
            refused = self._transactor.transact(
                lambda connection: self._transactor.write(connection, group),
                Durability.FULL if is_full else None,
            )
        except BaseException as error:  # noqa: BLE001 - it is the callers' to know
            is_nobodys = isinstance(error, NotKept)
            if len(group) == 1 or is_nobodys:
                for append in group:
                    append.future.set_exception(error)
                return
            # One that cannot be kept does not take the others along.
            for append in group:
                self._do_appends([append])
            return
        for append in group:
            if append in refused:
                append.future.set_exception(refused[append])
            else:
                append.future.set_result(None)


def _do_call(call: Call) -> None:
    try:
        result = call.work()
    except BaseException as error:  # noqa: BLE001 - it is the caller's to know
        call.future.set_exception(error)
    else:
        call.future.set_result(result)


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
