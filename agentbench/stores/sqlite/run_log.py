"""The tables of runs and events: every statement on them is here."""

import dataclasses
import itertools
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.stores.base import Append, Row, extend_records, read_lines, rows_of
from agentbench.stores.sqlite.sums import SUMMED, row_sum

_COLUMNS = SUMMED["runs"]
_ROWS = (200, 20, 1)
"""Sizes of the statements that insert events; 200 rows are 800 of 999 allowed values."""
_INSERTS = {
    size: "INSERT INTO events VALUES " + ", ".join(["(?, ?, ?, ?)"] * size)  # noqa: S608
    for size in _ROWS
}


def write_appends(
    connection: sqlite3.Connection, appends: Sequence[Append]
) -> dict[Append, Exception]:
    """Writes what may be written, and returns the refused ones with the reason.

    The caller has begun a writing transaction, so that no other owner can get in
    between the look at the fence and the write.
    """
    records, rows, refused = extend_records(
        appends, lambda run: read_run(connection, run)
    )
    _insert_events(connection, rows)
    for record in records.values():
        update_run(connection, record)
    return refused


def _insert_events(connection: sqlite3.Connection, rows: Iterable[Row]) -> int:
    """Inserts rows, and returns how many there were."""
    # Every statement gives the interpreter away and has to wait until the engine's loop
    # gives it back: many rows to a statement, and the two work side by side.
    values, width = itertools.chain.from_iterable(rows), 4
    written = 0
    while batch := tuple(itertools.islice(values, _ROWS[0] * width)):
        at = 0
        for size in _ROWS:
            while at + size * width <= len(batch):
                connection.execute(_INSERTS[size], batch[at : at + size * width])
                at += size * width
        written += len(batch) // width
    return written


def insert_run(connection: sqlite3.Connection, record: RunRecord) -> None:
    """Adds a run without events."""
    values = _values(dataclasses.replace(record, last_seq=0))
    marks = ", ".join("?" * (len(values) + 1))
    try:
        connection.execute(
            f"INSERT INTO runs ({_COLUMNS}, crc) VALUES ({marks})",  # noqa: S608
            (*values, row_sum(values)),
        )
    except sqlite3.IntegrityError as error:
        raise StoreError(f"There is already a run {record.id!r}.") from error


def add_runs(
    connection: sqlite3.Connection, runs: Sequence[tuple[RunRecord, Iterable[Event]]]
) -> None:
    """Adds runs with all their events, which are written as they come."""
    for record, events in runs:
        insert_run(connection, record)
        last_seq = _insert_events(connection, rows_of(record.id, events))
        update_run(connection, dataclasses.replace(record, last_seq=last_seq))


def update_run(connection: sqlite3.Connection, record: RunRecord) -> None:
    """Writes what may change in a run."""
    connection.execute(
        "UPDATE runs SET status = ?, ended = ?, owner = ?, fence = ?, last_seq = ?,"
        " crc = ? WHERE id = ?",
        (
            record.status,
            record.ended,
            record.owner,
            record.fence,
            record.last_seq,
            row_sum(_values(record)),
            record.id,
        ),
    )


def delete_run(connection: sqlite3.Connection, run: str) -> None:
    """Takes a run away with its events."""
    read_run(connection, run, is_checked=False)
    connection.execute("DELETE FROM events WHERE run = ?", (run,))
    connection.execute("DELETE FROM runs WHERE id = ?", (run,))


def claim(
    connection: sqlite3.Connection, run: str, *, owner: str, fence: int
) -> RunRecord:
    """Lets an owner in."""
    record = read_run(connection, run).claimed(owner=owner, fence=fence)
    update_run(connection, record)
    return record


def read_run(
    connection: sqlite3.Connection, run: str, *, is_checked: bool = True
) -> RunRecord:
    """The record of a run."""
    query = f"SELECT {_COLUMNS}, crc FROM runs WHERE id = ?"  # noqa: S608 - our own columns
    row = connection.execute(query, (run,)).fetchone()
    if row is None:
        newest = "SELECT id FROM runs ORDER BY started DESC LIMIT 100"
        raise UnknownRun(run, [known for (known,) in connection.execute(newest)])
    return _record(row, is_checked=is_checked)


def read_runs(
    connection: sqlite3.Connection,
    agent: str | None,
    limit: int,
    under: str,
    *,
    statuses: Collection[RunStatus],
    since: float,
) -> list[RunRecord]:
    """The newest runs first."""
    where = "WHERE instr(id, '.') = 0" if not under else "WHERE instr(id, ?) = 1"
    where += "" if agent is None else " AND agent = ?"
    where += " AND started >= ?"
    where += f" AND status IN ({', '.join('?' * len(statuses))})" if statuses else ""
    query = (
        f"SELECT {_COLUMNS}, crc FROM runs {where}"  # noqa: S608 - our own columns
        " ORDER BY started DESC, rowid DESC LIMIT ?"
    )
    named = [f"{under}."] if under else []
    values = [*named, *([] if agent is None else [agent]), since]
    values += [*map(str, statuses), max(limit, 0)]
    return [_record(row) for row in connection.execute(query, values).fetchall()]


def read_events(
    connection: sqlite3.Connection, run: str, after: int, limit: int | None
) -> list[Event]:
    """The events of a run, each as it was written or none at all."""
    known = "SELECT last_seq FROM runs WHERE id = ?"
    # The number first: what is committed between the two can only be more.
    (last_seq,) = connection.execute(known, (run,)).fetchone() or (0,)
    rows = connection.execute(
        "SELECT seq, CAST(body AS BLOB), crc FROM events WHERE run = ? AND seq > ?"
        " ORDER BY seq LIMIT ?",
        (run, max(after, 0), -1 if limit is None else max(limit, 0)),
    ).fetchall()
    return read_lines(run, rows, after=after, last_seq=last_seq, limit=limit)


def _values(record: RunRecord) -> tuple[Any, ...]:
    """What the columns hold, as SQLite gives it back."""
    return (
        record.id,
        record.agent,
        record.graph,
        str(record.status),
        float(record.started),
        float(record.ended),
        record.owner,
        record.fence,
        record.last_seq,
    )


def _record(row: tuple[Any, ...], *, is_checked: bool = True) -> RunRecord:
    *found, crc = row
    values = dict(zip(_COLUMNS.split(", "), found, strict=True))
    if is_checked and row_sum(found) != crc:
        raise StoreError(f"The record of the run {values['id']!r} is damaged.")
    try:
        return RunRecord(**values | {"status": RunStatus(values["status"])})
    except ValueError as error:
        raise StoreError(f"The run {values['id']} cannot be read: {error}.") from error
