"""Readers: connections that only read, lent to whichever thread asks."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.faults import told_plainly
from agentbench.stores.sqlite.opening import connect


class Readers:
    """As many connections as were ever needed at once.

    One per thread would be simpler to say, but threads come and go, and nobody could
    close what they leave behind.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._is_closed = False

    @contextlib.contextmanager
    def lend(self) -> Iterator[sqlite3.Connection]:
        """A connection that is yours until the block ends."""
        with told_plainly(self._address.path):
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def close(self) -> None:
        """Closes the idle ones now, and those that are lent when they come back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._is_closed:
                raise StoreError(f"The store {self._address.url} is closed.")
            if self._idle:
                return self._idle.pop()
        connection = connect(self._address)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._is_closed:
                self._idle.append(connection)
                return
        connection.close()
