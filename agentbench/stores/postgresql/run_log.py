"""The tables of runs and events: every statement on them is here."""

import dataclasses
import itertools
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.stores.base import Append, extend_records, read_lines, rows_of
from agentbench.stores.base import Row as EventRow
from agentbench.stores.postgresql.tables import EVENTS, RUNS

_COLUMNS = [column for column in RUNS.columns if column.name != "place"]
_EVENT_NAMES = [column.name for column in EVENTS.columns]
_BATCH = 500
"""So many events are sent at once."""


def write_appends(
    connection: Connection, appends: Sequence[Append]
) -> dict[Append, Exception]:
    """Writes what may be written, and returns the refused ones with the reason."""
    records = _lock_runs(connection, {append.run for append in appends})

    def read(run: str) -> RunRecord:
        return records[run] if run in records else read_run(connection, run)

    changed, rows, refused = extend_records(appends, read)
    _insert_rows(connection, rows)
    for record in changed.values():
        _update_run(connection, record)
    return refused


def insert_run(connection: Connection, record: RunRecord) -> None:
    """Adds a run without events."""
    values = dataclasses.asdict(record) | {"last_seq": 0, "status": str(record.status)}
    added = upsert(RUNS).values(values).on_conflict_do_nothing(index_elements=["id"])
    if connection.scalar(added.returning(RUNS.c.id)) is None:
        raise StoreError(f"There is already a run {record.id!r}.")


def add_runs(
    connection: Connection, runs: Sequence[tuple[RunRecord, Iterable[Event]]]
) -> None:
    """Adds runs with all their events, which are sent as they come."""
    for record, events in runs:
        insert_run(connection, record)
        last_seq = _insert_rows(connection, rows_of(record.id, events))
        _update_run(connection, dataclasses.replace(record, last_seq=last_seq))


def delete_run(connection: Connection, run: str) -> None:
    """Takes a run away with its events."""
    if connection.execute(delete(RUNS).where(RUNS.c.id == run)).rowcount != 1:
        read_run(connection, run)
    connection.execute(delete(EVENTS).where(EVENTS.c.run == run))


def claim(connection: Connection, run: str, *, owner: str, fence: int) -> RunRecord:
    """Lets an owner in."""
    found = _lock_runs(connection, {run}).get(run) or read_run(connection, run)
    record = found.claimed(owner=owner, fence=fence)
    _update_run(connection, record)
    return record


def read_run(connection: Connection, run: str) -> RunRecord:
    """The record of a run."""
    row = connection.execute(select(*_COLUMNS).where(RUNS.c.id == run)).first()
    if row is None:
        newest = select(RUNS.c.id).order_by(RUNS.c.started.desc()).limit(100)
        raise UnknownRun(run, connection.execute(newest).scalars().all())
    return _record(row)


def read_runs(
    connection: Connection,
    agent: str | None,
    limit: int,
    under: str,
    *,
    statuses: Collection[RunStatus],
    since: float,
) -> list[RunRecord]:
    """The newest runs first."""
    query = select(*_COLUMNS).order_by(RUNS.c.started.desc(), RUNS.c.place.desc())
    if under:
        query = query.where(RUNS.c.id.startswith(f"{under}.", autoescape=True))
    else:
        query = query.where(func.strpos(RUNS.c.id, ".") == 0)
    if agent is not None:
        query = query.where(RUNS.c.agent == agent)
    if statuses:
        query = query.where(RUNS.c.status.in_([str(status) for status in statuses]))
    query = query.where(RUNS.c.started >= since)
    return [_record(row) for row in connection.execute(query.limit(max(limit, 0)))]


def read_events(
    connection: Connection, run: str, after: int, limit: int | None
) -> list[Event]:
    """The events of a run, each as it was written or none at all."""
    # The number first: what is committed between the two can only be more.
    last_seq = connection.scalar(select(RUNS.c.last_seq).where(RUNS.c.id == run)) or 0
    rows = connection.execute(
        select(EVENTS.c.seq, EVENTS.c.body, EVENTS.c.crc)
        .where(EVENTS.c.run == run, EVENTS.c.seq > max(after, 0))
        .order_by(EVENTS.c.seq)
        .limit(None if limit is None else max(limit, 0))
    )
    lines = ((seq, body.encode(), crc) for seq, body, crc in rows)
    return read_lines(run, lines, after=after, last_seq=last_seq, limit=limit)


def _insert_rows(connection: Connection, rows: Iterable[EventRow]) -> int:
    """Inserts rows, and returns how many there were."""
    rows, written = iter(rows), 0
    while batch := list(itertools.islice(rows, _BATCH)):
        named = [dict(zip(_EVENT_NAMES, row, strict=True)) for row in batch]
        connection.execute(insert(EVENTS), named)
        written += len(batch)
    return written


def used_blobs(connection: Connection) -> set[str]:
    """Whatever in the events may be the hash of a value; the server looks through them."""
    found = func.regexp_matches(EVENTS.c.body, "[0-9a-f]{64}", "g")
    query = select(found).where(EVENTS.c.body.contains('"blob"'))
    return {blob for (blobs,) in connection.execute(query) for blob in blobs}


def _lock_runs(connection: Connection, runs: set[str]) -> dict[str, RunRecord]:
    """The runs as they stand; nobody else changes them before our transaction ends.

    Always locked in one order, so that two kernels never wait for each other.
    """
    query = select(*_COLUMNS).where(RUNS.c.id.in_(runs)).order_by(RUNS.c.id)
    rows = connection.execute(query.with_for_update())
    return {record.id: record for record in map(_record, rows)}


def _update_run(connection: Connection, record: RunRecord) -> None:
    connection.execute(
        update(RUNS)
        .where(RUNS.c.id == record.id)
        .values(
            status=str(record.status),
            ended=record.ended,
            owner=record.owner,
            fence=record.fence,
            last_seq=record.last_seq,
        )
    )


def _record(row: "Row[Any]") -> RunRecord:
    values = dict(row._mapping)  # noqa: SLF001 - its public name, says SQLAlchemy
    try:
        return RunRecord(**values | {"status": RunStatus(values["status"])})
    except ValueError as error:
        raise StoreError(f"The run {values['id']} cannot be read: {error}.") from error
