"""DatabaseStore: what is the same of every store that keeps its log in a database."""

import abc
import os
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Generic, Protocol, TypeVar

from agentbench.domain.errors import StoreError
from agentbench.domain.event import Event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import AgentVersion, Durability, RunRecord
from agentbench.stores.base.append import Append
from agentbench.stores.base.writer import Writer

Connection = TypeVar("Connection")
Held_contra = TypeVar("Held_contra", contravariant=True)
Result = TypeVar("Result")


class RunLog(Protocol[Held_contra]):
    """A backend's `run_log.py`: runs and events in its tables, one transaction a call."""

    def insert_run(self, connection: Held_contra, record: RunRecord) -> None: ...

    def write_appends(
        self, connection: Held_contra, appends: Sequence[Append]
    ) -> Mapping[Append, Exception]: ...

    def add_runs(
        self, connection: Held_contra, runs: Sequence[tuple[RunRecord, Iterable[Event]]]
    ) -> None: ...

    def claim(
        self, connection: Held_contra, run: str, *, owner: str, fence: int
    ) -> RunRecord: ...

    def delete_run(self, connection: Held_contra, run: str) -> None: ...

    def read_run(self, connection: Held_contra, run: str) -> RunRecord: ...

    def read_runs(
        self,
        connection: Held_contra,
        agent: str | None,
        limit: int,
        under: str,
        *,
        statuses: Collection[RunStatus],
        since: float,
    ) -> list[RunRecord]: ...

    def read_events(
        self, connection: Held_contra, run: str, after: int, limit: int | None
    ) -> list[Event]: ...


class Library(Protocol[Held_contra]):
    """A backend's `library.py`: documents, and the versions of agents."""

    def save(
        self,
        connection: Held_contra,
        name: str,
        document: str,
        *,
        parent: str,
        force: bool,
    ) -> AgentVersion: ...

    def read_agent(
        self, connection: Held_contra, name: str, number: int | None
    ) -> tuple[AgentVersion, str] | None: ...

    def read_agents(self, connection: Held_contra) -> list[AgentVersion]: ...

    def read_versions(
        self, connection: Held_contra, name: str
    ) -> list[AgentVersion]: ...

    def put_document(self, connection: Held_contra, document: str) -> str: ...

    def read_document(self, connection: Held_contra, name: str) -> str: ...


class DatabaseStore(abc.ABC, Generic[Connection]):
    """Runs and agents, read side by side and written by one thread, in group commits.

    A backend says where its tables are (`run_log`, `library`), lends connections to
    read, and keeps the values. It sets `_writer`, and `_close`, which runs when the
    store is forgotten and when the kernel exits, whichever is first.
    """

    _writer: Writer[Connection]
    _close: "weakref.finalize[Any, Any]"

    def __init__(
        self, url: str, run_log: RunLog[Connection], library: Library[Connection]
    ) -> None:
        self.url = url
        self._run_log = run_log
        self._library = library
        self._process = os.getpid()

    @abc.abstractmethod
    def _read(self) -> AbstractContextManager[Connection]:
        """A connection to read with."""

    @abc.abstractmethod
    def _newer_notice(self) -> str:
        """Why nothing may be written; empty where it may."""

    def create_run(
        self,
        record: RunRecord,
        *,
        document: str = "",
        events: Sequence[Event] = (),
    ) -> "Future[None]":
        self._check_writable()
        first = Append.of(
            record.id, events, fence=record.fence, status=None, durability=None
        )

        def create(connection: Connection) -> None:
            if document:
                self._library.put_document(connection, document)
            self._run_log.insert_run(connection, record)
            for error in self._run_log.write_appends(connection, [first]).values():
                raise error

        return self._writer.soon(create)

    def add_runs(self, runs: Sequence[tuple[RunRecord, Iterable[Event]]]) -> None:
        self._write(lambda connection: self._run_log.add_runs(connection, runs))

    def claim_run(self, run: str, *, owner: str, fence: int) -> RunRecord:
        return self._write(
            lambda connection: self._run_log.claim(
                connection, run, owner=owner, fence=fence
            )
        )

    def append(
        self,
        run: str,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None = None,
        durability: Durability | None = None,
    ) -> "Future[None]":
        try:
            self._check_writable()
            append = Append.of(
                run, events, fence=fence, status=status, durability=durability
            )
            self._writer.append(append)
        except StoreError as error:
            refused: Future[None] = Future()
            refused.set_exception(error)
            return refused
        return append.future

    def delete_run(self, run: str) -> None:
        self._write(lambda connection: self._run_log.delete_run(connection, run))

    def events(
        self, run: str, *, after: int = 0, limit: int | None = None
    ) -> list[Event]:
        with self._read() as connection:
            return self._run_log.read_events(connection, run, after, limit)

    def run(self, run: str) -> RunRecord:
        with self._read() as connection:
            return self._run_log.read_run(connection, run)

    def runs(
        self,
        *,
        agent: str | None = None,
        limit: int = 100,
        under: str = "",
        statuses: Collection[RunStatus] = (),
        since: float = 0.0,
    ) -> list[RunRecord]:
        with self._read() as connection:
            return self._run_log.read_runs(
                connection, agent, limit, under, statuses=statuses, since=since
            )

    def save_agent(
        self,
        name: str,
        document: str,
        *,
        parent: str | None = None,
        force: bool = False,
    ) -> AgentVersion:
        return self._write(
            lambda connection: self._library.save(
                connection, name, document, parent=parent or "", force=force
            )
        )

    def agent(
        self, name: str, number: int | None = None
    ) -> tuple[AgentVersion, str] | None:
        with self._read() as connection:
            return self._library.read_agent(connection, name, number)

    def agents(self) -> list[AgentVersion]:
        with self._read() as connection:
            return self._library.read_agents(connection)

    def versions(self, name: str) -> list[AgentVersion]:
        with self._read() as connection:
            return self._library.read_versions(connection, name)

    def put_document(self, document: str) -> str:
        return self._write(
            lambda connection: self._library.put_document(connection, document)
        )

    def document(self, hash: str) -> str:
        with self._read() as connection:
            return self._library.read_document(connection, hash)

    def flush(self, *, durability: Durability | None = None) -> None:
        self._check_process()
        if self._close.alive:
            self._writer.flush(durability)

    def close(self) -> None:
        self._close()

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        self._check_writable()
        return self._writer.call(work)

    def _check_writable(self) -> None:
        self._check_process()
        if notice := self._newer_notice():
            raise StoreError(notice)

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            message = f"The store {self.url} was opened by the parent of this process"
            raise StoreError(f"{message}; open it anew here.")
