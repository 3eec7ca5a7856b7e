"""History: the firings of one node, over many runs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar

from agentbench.domain.event import (
    Event,
    FiringCompleted,
    FiringEvent,
    FiringFailed,
    ValueEmitted,
)
from agentbench.domain.records import Records, Row
from agentbench.domain.run import FiringStatus
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.workbench.film.outline import BECOMES, worst
from agentbench.workbench.film.timeline import Timeline

MOST_SAID = 160
"""So many letters are told of a value, or an error."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What a node did in one firing of one run.

    `attempts` counts the tries, `seconds` is the time it worked, over all of them,
    `waited` the time it rested or was parked; `error` is the last one.
    """

    run: str
    number: int
    status: str
    attempts: int
    started: float
    seconds: float
    waited: float
    tokens: int
    cost: float
    error: str


class History(Records[Past]):
    """The firings of one node, the newest run first, each run's in their order."""

    noun: ClassVar = "firing"
    columns: ClassVar[Sequence[str]] = tuple(field.name for field in fields(Past))
    times: ClassVar = ("started",)
    shown: ClassVar = columns
    lasting: ClassVar = ("number", "status", "attempts", "error")

    def row(self, record: Past) -> Row:
        return {name: getattr(record, name) for name in self.columns}


@dataclass(frozen=True, kw_only=True, slots=True)
class InRun:
    """What a node did in one run, its firings taken together.

    `status` is that of the newest, or the worst that goes on or failed; `seconds` is the
    time they worked; `gave` is in a line what it gave last, on output `port`; `error` is
    the last one.
    """

    status: str
    firings: int
    seconds: float
    port: str
    gave: str
    error: str


def in_run(node: str, events: Iterable[Event]) -> InRun | None:
    """What a node did in the run with those events; None where it never fired."""
    firings: dict[int, FiringStatus] = {}
    seconds, port, error = 0.0, "", ""
    last: ValueRef | None = None
    for event in events:
        if not isinstance(event, FiringEvent) or event.node != node:
            continue
        if status := BECOMES.get(type(event)):
            firings[event.firing] = status
        if isinstance(event, ValueEmitted):
            port, last = event.port, event.value
        elif isinstance(event, (FiringCompleted, FiringFailed)):
            seconds += event.seconds
        if isinstance(event, FiringFailed):
            error = f"{event.error}: {event.message}"
    if not firings:
        return None
    return InRun(
        status=worst(firings).value,
        firings=len(firings),
        seconds=seconds,
        port=port,
        gave=_in_a_line(_text(last)) if last is not None else "",
        error=_in_a_line(error),
    )


def _text(ref: ValueRef) -> str:
    if not isinstance(ref, InlineValue):
        return ref.type
    if isinstance(ref.data, str):
        return ref.data
    return json.dumps(ref.data, ensure_ascii=False)


def _in_a_line(text: str) -> str:
    line = " ".join(text[: 4 * MOST_SAID].split())
    return line if len(line) <= MOST_SAID else f"{line[: MOST_SAID - 1]}…"


def history_of(node: str, timelines: Iterable[Timeline]) -> History:
    """What a node did in runs, from their timelines."""
    return History([past for timeline in timelines for past in _in_run(node, timeline)])


def _in_run(node: str, timeline: Timeline) -> Iterable[Past]:
    by_number: dict[int, list[int]] = {}
    row = timeline.spans.place_of(node)
    for place in timeline.spans.by_node[row] if row is not None else ():
        by_number.setdefault(timeline.spans.columns.number[place], []).append(place)
    for number, places in sorted(by_number.items()):
        spans = [timeline[place] for place in places]
        rests = [it.seconds for it in spans if it.status in ("retry", "waiting")]
        yield Past(
            run=timeline.run,
            number=number,
            status=spans[-1].status,
            attempts=max(it.attempt for it in spans),
            started=spans[0].started,
            seconds=sum(it.seconds for it in spans) - sum(rests),
            waited=sum(rests),
            tokens=sum(it.tokens for it in spans),
            cost=sum(it.cost for it in spans),
            error=next((it.error for it in reversed(spans) if it.error), ""),
        )
