"""Append: events on their way into a log, and how they are read out of it again."""

import dataclasses
import itertools
import re
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future

import msgspec

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event, decode_event, encode_events
from agentbench.domain.run import RunStatus
from agentbench.domain.store import Durability, RunRecord

Row = tuple[str, int, str, int]
"""An event as it is kept: run, number, JSON, CRC-32 of the JSON."""

ROW_BYTES = 200
"""What a row costs in memory beside its text."""

_BLOB = re.compile(r"[0-9a-f]{64}")


@dataclasses.dataclass(frozen=True, eq=False)
class Append:
    """One call of `append`, waiting for its turn. Its events are written whole or not at all.

    `lines` are the events as JSON; `size` is about what it takes of the memory, in bytes.
    """

    run: str
    events: Sequence[Event]
    lines: list[bytes]
    size: int
    fence: int
    status: RunStatus | None
    durability: Durability | None
    future: "Future[None]" = dataclasses.field(default_factory=Future)

    @classmethod
    def of(
        cls,
        run: str,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None,
        durability: Durability | None,
    ) -> "Append":
        """Written out at once: what a block changes later stays out of the log.

        Raises:
            StoreError: an event holds what JSON cannot.
        """
        lines = lines_of(run, events)
        size = sum(map(len, lines)) + len(lines) * ROW_BYTES
        return cls(run, tuple(events), lines, size, fence, status, durability)

    def rows(self) -> Iterator[Row]:
        """What is to be kept, made as it is asked for.

        Rows that wait are tuples the garbage collector has to look at, again and again:
        a third of the time of a run of 100,000 firings.
        """
        for event, line in zip(self.events, self.lines, strict=True):
            yield self.run, event.seq, line.decode(), zlib.crc32(line)


def extend_records(
    appends: Iterable[Append], read_run: Callable[[str], RunRecord]
) -> tuple[dict[str, RunRecord], Iterator[Row], dict[Append, Exception]]:
    """What may be written of a group: the runs as they then stand, and the rows.

    Last come the refused ones with the reason: they take no other along. The caller
    writes in the transaction in which `read_run` read, so that no other owner can get
    in between the look at the fence and the write.
    """
    records: dict[str, RunRecord] = {}
    refused: dict[Append, Exception] = {}
    accepted: list[Append] = []
    for append in appends:
        try:
            record = records.get(append.run) or read_run(append.run)
            records[append.run] = record.extended(
                append.events, fence=append.fence, status=append.status, now=time.time()
            )
        except (StoreError, UnknownRun) as error:
            refused[append] = error
        else:
            accepted.append(append)
    rows = itertools.chain.from_iterable(append.rows() for append in accepted)
    return records, rows, refused


def rows_of(run: str, events: Iterable[Event], *, after: int = 0) -> Iterator[Row]:
    """The rows of events that come whole, one by one: their number goes on from `after`.

    Raises:
        StoreError: there is a gap, or an event holds what JSON cannot.
    """
    for seq, event in enumerate(events, after + 1):
        if event.seq != seq:
            message = (
                f"Event {event.seq} of the run {run} stands in the place of {seq}."
            )
            raise StoreError(message)
        [line] = lines_of(run, [event])
        yield run, seq, line.decode(), zlib.crc32(line)


def read_lines(
    run: str,
    lines: Iterable[tuple[int, bytes, int]],
    *,
    after: int,
    last_seq: int,
    limit: int | None = None,
) -> list[Event]:
    """The events of number, JSON and CRC-32, each as it was written or none at all.

    `last_seq` is the last number that the run is known to have, `limit` how many lines
    were asked for at the most.

    Raises:
        StoreError: one is damaged or missing.
    """
    events = []
    expected = max(after, 0)
    for seq, line, crc in lines:
        expected += 1
        if seq != expected:
            raise StoreError(f"Event {expected} of the run {run} is missing.")
        events.append(_event(run, seq, line, crc))
    asked = last_seq if limit is None else min(last_seq, max(after, 0) + max(limit, 0))
    if expected < asked:
        raise StoreError(f"Event {expected + 1} of the run {run} is missing.")
    return events


def lines_of(run: str, events: Sequence[Event]) -> list[bytes]:
    """Events as JSON, each a line.

    Raises:
        StoreError: one holds what JSON cannot.
    """
    try:
        return encode_events(events)
    except (TypeError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        message = f"An event of the run {run} is no JSON: {error}"
        raise StoreError(message) from error


def _event(run: str, seq: int, line: bytes, crc: int) -> Event:
    try:
        if zlib.crc32(line) == crc:
            event: Event = decode_event(line)
            if event.seq == seq:
                return event
        reason = "is damaged in the store"
    except msgspec.MsgspecError as error:
        reason = f"cannot be read by this agentbench: {error}"
    raise StoreError(f"Event {seq} of the run {run} {reason}.")


def named_blobs(text: str) -> list[str]:
    """Whatever in a text may be the name of a value.

    More than the references: a sweep that spares too much does no harm.
    """
    return _BLOB.findall(text)
