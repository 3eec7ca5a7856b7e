"""Runs: what the store knows of runs, listed, filtered, as a table and as a DataFrame."""

import contextlib
import dataclasses
import datetime
import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, ClassVar

from agentbench.domain.bench import current_bench
from agentbench.domain.errors import LockBackendDown, StoreError, UnknownNode
from agentbench.domain.event import RunStarted
from agentbench.domain.records import Records, Row
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunLog, RunRecord
from agentbench.domain.value import InlineValue
from agentbench.workbench.film.history import History, history_of

Since = datetime.datetime | datetime.date | datetime.timedelta | float | str
"""From when on: a time, seconds since 1970, or how long ago, as `7d`, `12h`, `30m`, `45s`."""

_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhms])")
_SECONDS = {"w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}


class Runs(Records[RunRecord]):
    """Runs, the newest first; a look at them reads no events. `ab.run(id)` opens one."""

    noun: ClassVar = "run"
    columns: ClassVar[Sequence[str]] = (
        "id", "agent", "status", "started", "ended", "seconds", "events", "owner",
    )  # fmt: skip
    times: ClassVar = ("started", "ended")
    shown: ClassVar = ("id", "agent", "status", "started", "seconds", "events")
    lasting: ClassVar = ("agent", "status", "events")

    def history(self, node: str) -> History:
        """What one node did in all of these runs, firing by firing.

        A node of an agent that was called is meant by `node/node of the agent`.

        Raises:
            UnknownNode: none of the runs has such a node.
        """
        bench: Any = current_bench()
        runs = [bench.run(record.id) for record in self]
        known = {id for run in runs for id in run.graph.nodes}
        if node.partition("/")[0] not in known:
            raise UnknownNode(node, known)
        return history_of(node, (run.timeline() for run in runs))

    def row(self, record: RunRecord) -> Row:
        took = record.ended - record.started if record.ended else None
        return {
            "id": record.id,
            "agent": record.agent,
            "status": str(record.status),
            "started": record.started,
            "ended": record.ended,
            "seconds": took,
            "events": record.last_seq,
            "owner": record.owner,
        }


def find_runs(
    log: RunLog,
    status_now: Callable[[RunRecord], RunStatus],
    *,
    agent: str | None = None,
    status: str | Iterable[str] = (),
    since: Since | None = None,
    text: str = "",
    limit: int = 100,
) -> Runs:
    """The newest runs first; one whose kernel died stands as `interrupted`.

    `status_now` says how a run stands whose record says that somebody carries it out.
    With `text`, only those in whose id, agent or inputs all its words are.

    Raises:
        ValueError: there is no such status, or `since` is no time.
    """
    wanted = _statuses(status)
    # Whether a run was cut off stands in no record: its owner had no time to write it.
    is_lost_wanted = RunStatus.INTERRUPTED in wanted
    lost = {it for it in RunStatus if it.is_carried_out} if is_lost_wanted else set()
    first, asked = start_of(since), limit
    words, has_words = text.casefold().split(), dict[str, bool]()

    def is_meant(record: RunRecord) -> bool:
        if words and record.id not in has_words:
            said = _said(log, record)
            has_words[record.id] = all(word in said for word in words)
        return not words or has_words[record.id]

    while True:
        records = log.runs(
            agent=agent, limit=asked, statuses=wanted | lost, since=first
        )
        now = _as_they_stand(records, status_now)
        found = [run for run in now if not wanted or run.status in wanted]
        found = [run for run in found if is_meant(run)]
        if len(found) >= limit or len(records) < asked:
            return Runs(found[: max(limit, 0)])
        asked *= 4  # some were not what was asked for


def _said(log: RunLog, record: RunRecord) -> str:
    """Where words are looked for, without capitals."""
    given: dict[str, Any] = {}
    with contextlib.suppress(StoreError):  # a damaged one is found by its id
        for first in log.events(record.id, limit=1):
            if isinstance(first, RunStarted):
                inputs = first.inputs.items()
                given = {n: it.data for n, it in inputs if isinstance(it, InlineValue)}
    words = json.dumps(given, ensure_ascii=False, default=str) if given else ""
    return f"{record.id} {record.agent} {words}".casefold()


def start_of(since: Since | None, *, now: float | None = None) -> float:
    """The seconds since 1970 that are meant; a time without a zone is local.

    Raises:
        ValueError: it is no time.
    """
    now = time.time() if now is None else now
    match since:
        case None:
            return 0.0
        case datetime.timedelta():
            return now - since.total_seconds()
        case datetime.datetime():
            return since.timestamp()
        case datetime.date():
            midnight = datetime.datetime.combine(since, datetime.time())
            return midnight.timestamp()
        case str():
            return _read(since, now)
    return float(since)


def _read(text: str, now: float) -> float:
    ago = _AGO.fullmatch(text.strip().lower())
    if ago:
        return now - float(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.datetime.fromisoformat(text.strip()).timestamp()
    except (ValueError, OverflowError):
        message = (
            f"{text!r} is no time: give one as 2026-11-30 or 2026-11-30T08:15, or how"
            " long ago as 7d, 12h, 30m or 45s."
        )
        raise ValueError(message) from None


def _statuses(wanted: str | Iterable[str]) -> set[RunStatus]:
    named: Collection[str] = [wanted] if isinstance(wanted, str) else list(wanted)
    try:
        return {RunStatus(name) for name in named if name}
    except ValueError as error:
        there = ", ".join(RunStatus)
        raise ValueError(f"A run is {there}: {error}.") from None


def _as_they_stand(
    records: Sequence[RunRecord], status_now: Callable[[RunRecord], RunStatus]
) -> Sequence[RunRecord]:
    """With no lock server nobody can say who lives: then they stand as in the log."""
    try:
        return [
            dataclasses.replace(record, status=status_now(record))
            if record.status.is_carried_out
            else record
            for record in records
        ]
    except LockBackendDown:
        return records
