"""The tables of runs and events: every statement on them is here."""

import dataclasses
import sqlite3
import time
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import msgspec

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event, decode_event, encode_event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord

_COLUMNS = "id, agent, graph, status, started, ended, owner, fence, last_seq"


@dataclasses.dataclass(frozen=True, eq=False)
class Append:
    """One call of `append`, waiting for its turn. Its rows are written whole or not at all."""

    run: str
    events: Sequence[Event]
    rows: list[tuple[str, int, str, int]]
    fence: int
    status: RunStatus | None
    future: "Future[None]" = dataclasses.field(default_factory=Future)


def make_rows(run: str, events: Sequence[Event]) -> list[tuple[str, int, str, int]]:
    """The events as rows, made at once: what a block changes later stays out of the log.

    Raises:
        StoreError: an event holds what JSON cannot.
    """
    try:
        lines = [(event.seq, encode_event(event)) for event in events]
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise StoreError(f"An event of the run {run} is no JSON: {error}") from error
    return [(run, seq, line.decode(), zlib.crc32(line)) for seq, line in lines]


def write_appends(
    connection: sqlite3.Connection, appends: Iterable[Append]
) -> dict[Append, Exception]:
    """Writes what may be written, and returns the refused ones with the reason.

    The caller has begun a writing transaction, so that no other owner can get in
    between the look at the fence and the write.
    """
    records: dict[str, RunRecord] = {}
    refused: dict[Append, Exception] = {}
    rows: list[tuple[str, int, str, int]] = []
    for append in appends:
        try:
            record = records.get(append.run) or read_run(connection, append.run)
            records[append.run] = record.extended(
                append.events, fence=append.fence, status=append.status, now=time.time()
            )
        except (StoreError, UnknownRun) as error:
            refused[append] = error
        else:
            rows += append.rows
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", rows)
    for record in records.values():
        update_run(connection, record)
    return refused


def insert_run(connection: sqlite3.Connection, record: RunRecord) -> None:
    """Adds a run without events."""
    try:
        connection.execute(
            f"INSERT INTO runs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",  # noqa: S608
            dataclasses.astuple(record)[:-1],
        )
    except sqlite3.IntegrityError as error:
        raise StoreError(f"There is already a run {record.id!r}.") from error


def update_run(connection: sqlite3.Connection, record: RunRecord) -> None:
    """Writes what may change in a run."""
    connection.execute(
        "UPDATE runs SET status = ?, ended = ?, owner = ?, fence = ?, last_seq = ?"
        " WHERE id = ?",
        (
            record.status,
            record.ended,
            record.owner,
            record.fence,
            record.last_seq,
            record.id,
        ),
    )


def claim(
    connection: sqlite3.Connection, run: str, *, owner: str, fence: int
) -> RunRecord:
    """Lets an owner in."""
    record = read_run(connection, run).claimed(owner=owner, fence=fence)
    update_run(connection, record)
    return record


def read_run(connection: sqlite3.Connection, run: str) -> RunRecord:
    """The record of a run."""
    query = f"SELECT {_COLUMNS} FROM runs WHERE id = ?"  # noqa: S608 - our own columns
    row = connection.execute(query, (run,)).fetchone()
    if row is None:
        newest = "SELECT id FROM runs ORDER BY started DESC LIMIT 100"
        raise UnknownRun(run, [known for (known,) in connection.execute(newest)])
    return _record(row)


def read_runs(
    connection: sqlite3.Connection, agent: str | None, limit: int
) -> list[RunRecord]:
    """The newest runs first."""
    where = "" if agent is None else "WHERE agent = ?"
    query = (
        f"SELECT {_COLUMNS} FROM runs {where}"  # noqa: S608 - our own columns
        " ORDER BY started DESC, rowid DESC LIMIT ?"
    )
    values = (max(limit, 0),) if agent is None else (agent, max(limit, 0))
    return [_record(row) for row in connection.execute(query, values).fetchall()]


def read_events(connection: sqlite3.Connection, run: str, after: int) -> list[Event]:
    """The events of a run, each as it was written or none at all."""
    rows = connection.execute(
        "SELECT seq, CAST(body AS BLOB), crc FROM events WHERE run = ? AND seq > ?"
        " ORDER BY seq",
        (run, after),
    ).fetchall()
    return [_event(run, *row) for row in rows]


def _event(run: str, seq: int, line: bytes, crc: int) -> Event:
    try:
        if zlib.crc32(line) == crc:
            event: Event = decode_event(line)
            return event
        reason = "is damaged in the store"
    except msgspec.MsgspecError as error:
        reason = f"cannot be read by this agentbench: {error}"
    raise StoreError(f"Event {seq} of the run {run} {reason}.")


def _record(row: tuple[Any, ...]) -> RunRecord:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    try:
        return RunRecord(**values | {"status": RunStatus(values["status"])})
    except ValueError as error:
        raise StoreError(f"The run {values['id']} cannot be read: {error}.") from error
