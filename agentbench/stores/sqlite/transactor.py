"""SqliteTransactor: one transaction after the other, tried again while the file is busy."""

import contextlib
import os
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability
from agentbench.stores.base import Append
from agentbench.stores.sqlite import run_log
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.blobs import BlobFolder
from agentbench.stores.sqlite.faults import is_busy, store_error

TRIES = 4
"""How often a transaction is tried; each try waits `BUSY_SECONDS` for the others."""

_PRAGMAS = {Durability.FAST: "NORMAL", Durability.FULL: "FULL"}

Result = TypeVar("Result")


class SqliteTransactor:
    """Writes over one connection, which no other thread uses."""

    def __init__(
        self, connection: sqlite3.Connection, address: Address, blobs: BlobFolder
    ) -> None:
        self._connection = connection
        self._address = address
        self._blobs = blobs
        self._usual = address.durability
        self._hurry = threading.Event()

    def transact(
        self,
        work: Callable[[sqlite3.Connection], Result],
        durability: Durability | None = None,
    ) -> Result:
        """Does `work` whole or not at all.

        Raises:
            StoreError: it could not be written.
        """
        if durability in {None, self._usual}:
            return self._try(work)
        if durability is Durability.FULL:
            self._blobs.sync()  # what the events refer to has to be as safe as they are
        # Between transactions only: inside of one SQLite refuses to change it.
        self._connection.execute(f"PRAGMA synchronous = {_PRAGMAS[durability]}")
        try:
            return self._try(work)
        finally:
            usual = _PRAGMAS[self._usual]
            self._connection.execute(f"PRAGMA synchronous = {usual}")

    def write(
        self, connection: sqlite3.Connection, appends: Sequence[Append]
    ) -> dict[Append, Exception]:
        return run_log.write_appends(connection, appends)

    def sync(self) -> None:
        """Has the values and the write-ahead log reach the disk.

        The database itself needs no more: SQLite syncs it before it shortens the log.
        """
        self._blobs.sync()
        path = f"{self._address.path}-wal"
        try:
            log = os.open(path, os.O_RDWR)
        except FileNotFoundError:  # nothing was written yet
            return
        try:
            os.fsync(log)
        except OSError as error:
            raise StoreError(f"{path} does not reach the disk: {error}.") from error
        finally:
            os.close(log)

    def hurry(self) -> None:
        self._hurry.set()

    def close(self) -> None:
        self._connection.close()

    def _try(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        # IMMEDIATE takes the write lock at once: a transaction that reads first and
        # wants to write later is thrown out when another process wrote in between.
        for tries in range(1, TRIES + 1):
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                result = work(self._connection)
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._roll_back()
                if not isinstance(error, sqlite3.Error | UnicodeError | OverflowError):
                    raise
                if not is_busy(error) or tries == TRIES or self._hurry.is_set():
                    raise store_error(error, self._address.path) from error
            else:
                return result
            self._hurry.wait(random.uniform(0.01, 0.1))  # noqa: S311 - so that two part
        raise AssertionError("the last try returned or raised")

    def _roll_back(self) -> None:
        # On a full disk even this may complain; SQLite has rolled back by then.
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
