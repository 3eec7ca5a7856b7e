"""Writer: the one thread that writes, many appends to a commit."""

import collections
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite.faults import is_busy, store_error
from agentbench.stores.sqlite.run_log import Append, write_appends

GROUP_ROWS = 500
QUEUE_ROWS = 50_000
"""With so many rows waiting, `append` waits too."""

ROOM_SECONDS = 60.0
TRIES = 4
"""How often a transaction is tried; each try waits `BUSY_SECONDS` for the others."""

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Call:
    """Anything else to be done in a transaction of its own; None only waits its turn."""

    work: Callable[[sqlite3.Connection], Any] | None
    future: "Future[Any]" = field(default_factory=Future)


class Writer:
    """Takes appends and calls from every thread, and does them in the order they came."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()
        self._has_work = threading.Condition(self._lock)
        self._has_room = threading.Condition(self._lock)
        self._queue: collections.deque[Append | Call] = collections.deque()
        self._rows = 0
        self._is_closing = False
        self._thread = threading.Thread(
            target=self._serve, name="agentbench-store-writer", daemon=True
        )
        self._thread.start()

    def append(self, append: Append) -> None:
        """Queues an append; waits for room when the queue is full.

        Raises:
            StoreError: the store is closed, or there was no room for a minute.
        """
        with self._lock:
            if self._rows >= QUEUE_ROWS and not self._is_own_thread():
                self._has_room.wait_for(
                    lambda: self._rows < QUEUE_ROWS or self._is_closing, ROOM_SECONDS
                )
                if self._rows >= QUEUE_ROWS:
                    message = f"{self._rows} events wait to be written to {self._path}"
                    raise StoreError(f"{message}; the disk does not keep up.")
            self._add(append)
            self._rows += len(append.rows)

    def call(self, work: Callable[[sqlite3.Connection], Result] | None) -> Result:
        """Does `work` in a transaction of its own, after all that waits; returns its result.

        Raises:
            StoreError: the store is closed or could not be written.
        """
        if self._is_own_thread():
            raise StoreError("A callback of `append` may not write: use a thread.")
        call = Call(work)
        with self._lock:
            self._add(call)
        result: Result = call.future.result()
        return result

    def close(self) -> None:
        """Writes what waits, then closes the connection. Twice is no error."""
        with self._lock:
            self._is_closing = True
            self._has_work.notify()
            self._has_room.notify_all()
        if not self._is_own_thread():
            self._thread.join()

    def _add(self, item: Append | Call) -> None:
        if self._is_closing:
            raise StoreError(f"The store {self._path} is closed.")
        # From now on it happens: whoever gives up waiting does not undo it.
        item.future.set_running_or_notify_cancel()
        self._queue.append(item)
        self._has_work.notify()

    def _is_own_thread(self) -> bool:
        return threading.current_thread() is self._thread

    def _serve(self) -> None:
        while (work := self._next()) is not None:
            if isinstance(work, Call):
                self._do_call(work)
            else:
                self._do_appends(work)
        self._connection.close()

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
                rows += len(item.rows)
            self._rows -= rows
            self._has_room.notify_all()
            return group or None

    def _do_call(self, call: Call) -> None:
        try:
            result = self._transact(call.work) if call.work else None
        except BaseException as error:  # noqa: BLE001 - it is the caller's to know
            call.future.set_exception(error)
        else:
            call.future.set_result(result)

    def _do_appends(self, group: list[Append]) -> None:
        try:
            refused = self._transact(lambda c: write_appends(c, group))
        except BaseException as error:  # noqa: BLE001 - it is the callers' to know
            if len(group) == 1 or (error.__cause__ and is_busy(error.__cause__)):
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

    def _transact(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        # IMMEDIATE takes the write lock at once: a transaction that reads first and
        # wants to write later is thrown out when another process wrote in between.
        for tries in range(1, TRIES + 1):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                result = work(self._connection)
                self._connection.execute("COMMIT")
            except BaseException as error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if not isinstance(error, sqlite3.Error | UnicodeError | OverflowError):
                    raise
                if not is_busy(error) or tries == TRIES or self._is_closing:
                    raise store_error(error, self._path) from error
            else:
                return result
            time.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - two that collide part
        raise AssertionError("the last try returned or raised")
