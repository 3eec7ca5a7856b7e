"""PostgresqlStore: everything in one schema of a PostgreSQL database."""

import contextlib
import io
import os
import weakref
from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine

from agentbench.domain.errors import StoreError
from agentbench.domain.store import (
    GRACE_SECONDS,
    Durability,
    Swept,
)
from agentbench.stores.base import DatabaseStore, Quota, Writer, named_blobs
from agentbench.stores.postgresql import blobs, library, run_log
from agentbench.stores.postgresql.address import Address
from agentbench.stores.postgresql.faults import told_plainly
from agentbench.stores.postgresql.schema import STEPS, prepare
from agentbench.stores.postgresql.transactor import PostgresqlTransactor

CONNECT_SECONDS = "10"

Result = TypeVar("Result")


class PostgresqlStore(DatabaseStore[Connection]):
    """A store on a PostgreSQL server, for kernels on several machines.

    `url` is `postgresql://user:password@host/database`; the password is shown nowhere.
    `durability` and `quota` are as for every store. Tables that a newer agentbench has
    made can be read, not written. A write outlives a restart of the server; a read that
    meets one is told so.
    """

    def __init__(
        self,
        url: str,
        *,
        durability: Durability = Durability.FAST,
        quota: int = 0,
    ) -> None:
        address = Address.read(url, durability)
        super().__init__(address.url, run_log, library)
        self.notices: list[str] = []
        self._engine = _engine(address)
        try:
            with told_plainly(self.url), self._engine.begin() as connection:
                version = prepare(connection, address.schema)
        except BaseException:
            self._engine.dispose()
            raise
        self._is_newer = version > len(STEPS)
        if notice := self._newer_notice():
            self.notices.append(notice)
        transactor = PostgresqlTransactor(self._engine, address)
        self._writer = Writer(transactor, self.url)
        self._quota = Quota(quota, self.url, self._measure)
        # Runs when the store is forgotten and when the kernel exits, whichever is first.
        self._close = weakref.finalize(
            self, _close, self._process, self._writer, self._engine
        )

    def put_blob(self, data: bytes) -> str:
        blob = blobs.name_of(data)
        return blob if self.has_blob(blob) else self.write_blob([data])

    def write_blob(self, parts: Iterable[bytes]) -> str:
        # Beside the writer: a large value does not hold the events up.
        with self._change() as connection:
            return blobs.put(connection, parts, self._quota)

    def get_blob(self, blob: str) -> bytes:
        # Not joined: that would hold all of it twice.
        whole = io.BytesIO()
        for data in self.read_blob(blob):
            whole.write(data)
        return whole.getvalue()

    def read_blob(self, blob: str) -> Iterator[bytes]:
        with self._read() as connection:
            upload = blobs.find(connection, blob)
            is_sound = blobs.is_sound(connection, blob, upload)
        if is_sound:
            return self._blob_parts(blob, upload)
        with self._change() as connection:
            aside = blobs.set_aside(connection, blob, upload)
        raise StoreError(f"The value {blob} is damaged; it was renamed to {aside}.")

    def has_blob(self, blob: str) -> bool:
        with self._change() as connection:
            return blobs.has(connection, blob)

    def sweep_blobs(self, *, age: float = GRACE_SECONDS) -> Swept:
        self._check_writable()
        self.flush()
        with self._change() as connection:
            before = blobs.time_before(connection, age)
            used = run_log.used_blobs(connection)
            for text in library.documents(connection):
                used.update(named_blobs(text))
            return blobs.sweep(connection, used, before)

    @contextlib.contextmanager
    def _read(self) -> Iterator[Connection]:
        self._check_process()
        if not self._close.alive:
            raise StoreError(f"The store {self.url} is closed.")
        with told_plainly(self.url), self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def _change(self) -> Iterator[Connection]:
        """A transaction beside the writer's."""
        self._check_writable()
        with self._read() as connection, connection.begin():
            yield connection

    def _blob_parts(self, blob: str, upload: int) -> Iterator[bytes]:
        with self._read() as connection:
            yield from blobs.read(connection, upload)
            # Should it have been swept meanwhile, what came is not all of it.
            if blobs.find(connection, blob) != upload:
                raise StoreError(f"The value {blob} was changed while it was read.")

    def _measure(self) -> int:
        with self._read() as connection:
            return blobs.measure(connection)

    def _newer_notice(self) -> str:
        if not self._is_newer:
            return ""
        return (
            f"The store {self.url} was written by a newer agentbench; this one only"
            " reads it. Update agentbench to change it, or choose another store."
        )


def _engine(address: Address) -> Engine:
    query = {"connect_timeout": CONNECT_SECONDS, "application_name": "agentbench"}
    server = address.server.update_query_dict(query | dict(address.server.query))
    return create_engine(
        server,
        isolation_level="READ COMMITTED",
        max_overflow=20,
        pool_pre_ping=True,
        hide_parameters=True,  # what people compute has no place in an error message
        execution_options={"schema_translate_map": {None: address.schema}},
    )


def _close(process: int, writer: Writer[Connection], engine: Engine) -> None:
    if os.getpid() != process:  # a forked child has the store's objects, not its thread
        return
    writer.close()
    engine.dispose()
