"""SqliteStore: everything in one file, safe with several kernels at once."""

import os
import sqlite3
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import TypeVar

from agentbench.domain.errors import StoreError
from agentbench.domain.event import Event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import AgentVersion, RunRecord
from agentbench.stores.sqlite import library, run_log
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.blobs import BlobFolder
from agentbench.stores.sqlite.opening import newer_notice, open_database
from agentbench.stores.sqlite.presence import Presence
from agentbench.stores.sqlite.readers import Readers
from agentbench.stores.sqlite.writer import Writer

Result = TypeVar("Result")


class SqliteStore:
    """A store in a SQLite file, with its blobs in a folder beside it.

    `where` is a path, or a URL such as `sqlite:////folder/agentbench.db`; with
    `?synchronous=full` every commit outlives a power cut, and costs more. A file that
    a newer agentbench has written can be read, not written; a damaged one is moved
    aside and said so in `notices`.
    """

    def __init__(self, where: "str | os.PathLike[str]") -> None:
        address = Address.read(where)
        opened = open_database(address)
        self.url = address.url
        self.notices = opened.notices
        self._address = address
        self._is_newer = opened.is_newer
        self._process = os.getpid()
        self._readers = Readers(address)
        self._writer = Writer(opened.connection, address.path)
        is_synced = address.synchronous == "FULL"
        self._blobs = BlobFolder(address.blobs, is_synced=is_synced)
        # Runs when the store is forgotten and when the kernel exits, whichever is first.
        self._close = weakref.finalize(
            self, _close, self._process, self._writer, self._readers, opened.presence
        )

    def create_run(self, record: RunRecord) -> None:
        self._write(lambda connection: run_log.insert_run(connection, record))

    def claim_run(self, run: str, *, owner: str, fence: int) -> RunRecord:
        return self._write(
            lambda connection: run_log.claim(connection, run, owner=owner, fence=fence)
        )

    def append(
        self,
        run: str,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None = None,
    ) -> "Future[None]":
        try:
            self._check_writable()
            rows = run_log.make_rows(run, events)
            append = run_log.Append(run, tuple(events), rows, fence, status)
            self._writer.append(append)
        except StoreError as error:
            refused: Future[None] = Future()
            refused.set_exception(error)
            return refused
        return append.future

    def events(self, run: str, *, after: int = 0) -> list[Event]:
        with self._read() as connection:
            return run_log.read_events(connection, run, after)

    def run(self, run: str) -> RunRecord:
        with self._read() as connection:
            return run_log.read_run(connection, run)

    def runs(self, *, agent: str | None = None, limit: int = 100) -> list[RunRecord]:
        with self._read() as connection:
            return run_log.read_runs(connection, agent, limit)

    def put_blob(self, data: bytes) -> str:
        self._check_writable()
        return self._blobs.put(data)

    def get_blob(self, blob: str) -> bytes:
        return self._blobs.get(blob)

    def save_agent(
        self,
        name: str,
        document: str,
        *,
        parent: str | None = None,
        force: bool = False,
    ) -> AgentVersion:
        return self._write(
            lambda connection: library.save(
                connection, name, document, parent=parent or "", force=force
            )
        )

    def agent(
        self, name: str, number: int | None = None
    ) -> tuple[AgentVersion, str] | None:
        with self._read() as connection:
            return library.read_agent(connection, name, number)

    def agents(self) -> list[AgentVersion]:
        with self._read() as connection:
            return library.read_agents(connection)

    def versions(self, name: str) -> list[AgentVersion]:
        with self._read() as connection:
            return library.read_versions(connection, name)

    def put_document(self, document: str) -> str:
        return self._write(
            lambda connection: library.put_document(connection, document)
        )

    def document(self, hash: str) -> str:
        with self._read() as connection:
            return library.read_document(connection, hash)

    def flush(self) -> None:
        self._check_process()
        if self._close.alive:
            self._writer.call(None)

    def close(self) -> None:
        self._close()

    def _read(self) -> AbstractContextManager[sqlite3.Connection]:
        self._check_process()
        return self._readers.lend()

    def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        self._check_writable()
        return self._writer.call(work)

    def _check_writable(self) -> None:
        self._check_process()
        if self._is_newer:
            raise StoreError(newer_notice(self._address.path))

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            message = f"The store {self.url} was opened by the parent of this process"
            raise StoreError(f"{message}; open it anew here.")


def _close(process: int, writer: Writer, readers: Readers, presence: Presence) -> None:
    if os.getpid() != process:  # a forked child has the store's objects, not its thread
        return
    writer.close()
    readers.close()
    presence.leave()
