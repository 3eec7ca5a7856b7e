"""SqliteStore: everything in one file, safe with several kernels at once."""

import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TypeVar

from agentbench.domain.errors import StoreError
from agentbench.domain.store import (
    GRACE_SECONDS,
    Durability,
    Swept,
)
from agentbench.stores.base import DatabaseStore, Writer
from agentbench.stores.sqlite import library, run_log
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.backups import back_up, back_up_daily, daily
from agentbench.stores.sqlite.blobs import BlobFolder
from agentbench.stores.sqlite.faults import told_plainly
from agentbench.stores.sqlite.opening import Opened, newer_notice, open_database
from agentbench.stores.sqlite.presence import Presence
from agentbench.stores.sqlite.readers import Readers
from agentbench.stores.sqlite.sweep import sweep, used_by
from agentbench.stores.sqlite.transactor import SqliteTransactor

Result = TypeVar("Result")


class SqliteStore(DatabaseStore[sqlite3.Connection]):
    """A store in a SQLite file, with its blobs in a folder beside it.

    `where` is a path, or a URL such as `sqlite:////folder/agentbench.db`. With
    `durability="full"`, or `?durability=full` in the URL, every commit outlives a power
    cut, and costs more. `quota` is how many bytes the values may take; 0 is no limit. A
    file that a newer agentbench has written can be read, not written; a damaged one is
    moved aside, the last backup takes its place, and `notices` says so.
    """

    def __init__(
        self,
        where: "str | os.PathLike[str]",
        *,
        durability: Durability = Durability.FAST,
        quota: int = 0,
    ) -> None:
        address = Address.read(where, durability)
        opened = open_database(address)
        super().__init__(address.url, run_log, library)
        self.notices = opened.notices
        self._address = address
        self._is_newer = opened.is_newer
        self._connection = opened.connection  # for the writer's thread alone
        is_synced = address.durability is Durability.FULL
        self._blobs = BlobFolder(address.blobs, is_synced=is_synced, quota=quota)
        self._readers = Readers(address)
        transactor = SqliteTransactor(opened.connection, address, self._blobs)
        self._writer = Writer(transactor, str(address.path))
        if opened.presence.is_alone and not opened.is_newer:
            self._writer.later(partial(_back_up_daily, opened, address.path))
        # Runs when the store is forgotten and when the kernel exits, whichever is first.
        self._close = weakref.finalize(
            self, _close, self._process, self._writer, self._readers, opened.presence
        )

    def put_blob(self, data: bytes) -> str:
        self._check_writable()
        return self._blobs.put_whole(data)

    def write_blob(self, parts: Iterable[bytes]) -> str:
        self._check_writable()
        return self._blobs.put(parts)

    def get_blob(self, blob: str) -> bytes:
        self._check_process()
        return self._blobs.get(blob)

    def read_blob(self, blob: str) -> Iterator[bytes]:
        self._check_process()
        return self._blobs.read(blob)

    def has_blob(self, blob: str) -> bool:
        self._check_process()
        return self._blobs.has(blob)

    def sweep_blobs(self, *, age: float = GRACE_SECONDS) -> Swept:
        self._check_writable()
        self.flush()
        folder, ending = self._address.path.parent, self._address.path.suffix
        files = {self._address.path, *folder.glob(f"*{ending}")}
        return sweep(self._blobs, lambda: used_by(files), age)

    def back_up(self) -> None:
        """Makes the copy that takes the database's place should it be damaged.

        Raises:
            StoreError: there is no room for it.
        """
        self._check_writable()
        copy = daily(self._address.path)
        with told_plainly(self._address.path):
            try:
                self._writer.do(lambda: back_up(self._connection, copy))
            except OSError as error:
                raise StoreError(f"No backup could be made: {error}.") from error

    def _read(self) -> AbstractContextManager[sqlite3.Connection]:
        self._check_process()
        return self._readers.lend()

    def _newer_notice(self) -> str:
        return newer_notice(self._address.path) if self._is_newer else ""


def _back_up_daily(opened: Opened, path: Path) -> None:
    try:
        back_up_daily(opened.connection, path)
    except (sqlite3.Error, OSError) as error:
        opened.notices.append(f"The store could not be backed up: {error}.")


def _close(
    process: int,
    writer: Writer[sqlite3.Connection],
    readers: Readers,
    presence: Presence,
) -> None:
    if os.getpid() != process:  # a forked child has the store's objects, not its thread
        return
    writer.close()
    readers.close()
    presence.leave()
