"""The projector: what views of an editor ask about the film of the run that is shown.

Where the film stands is shared by all views, as the run that is shown is.
"""

import json
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

from agentbench.domain.errors import EditRefused, StoreError, UnknownRun
from agentbench.domain.event import (
    AttemptFailed,
    Event,
    FiringEvent,
    FiringFailed,
    FiringParked,
    FiringSkipped,
    FiringStarted,
    LineLogged,
    RunFinished,
    ValueEmitted,
)
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.domain.value import InlineValue
from agentbench.widgets.answers import Frame, PastRun, PastRuns, PlainGraph, RunAccepted
from agentbench.widgets.film_messages import (
    Comparison,
    TimelineAbout,
    TimelineBars,
)
from agentbench.widgets.requests import Bars, Compare, FilmAbout, Firing, Fork, ListRuns, Seek
from agentbench.widgets.run_line import RunLine
from agentbench.widgets.run_timeline import Film
from agentbench.widgets.run_watch import RunWatch
from agentbench.widgets.versions import plain
from agentbench.workbench.film.history import InRun, in_run
from agentbench.workbench.film.look import FiringLook
from agentbench.workbench.film.run_diff import RunDiff
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

EDITABLE = 20_000
"""A value with a longer text is not offered to be changed."""
MOST_RUNS = 200
MOST_READ = 20_000
"""Runs with more events are not read for the history of a node: that is to be there at once."""
MOST_DIFFERENCES = 200
MOST_DRAWN = 300
"""Graphs of more nodes are not drawn in a comparison."""
WORDS = 160

Answer = (
    Frame | PastRuns | Comparison | RunAccepted | TimelineAbout | TimelineBars | FiringLook | None
)


class Projector:
    """Carries out what is asked of films; in worker threads, since logs may be long."""

    def __init__(
        self,
        bench: Workbench,
        graph: Graph,
        line: RunLine,
        watch: Callable[[], RunWatch | None],
        show: Callable[[Run], None],
    ) -> None:
        self._bench, self._graph, self._line = bench, graph, line
        self._watch, self._show = watch, show
        self._film: Film | None = None
        self._opening = Lock()

    def run(self, id: str) -> Run:
        """A run of the line, or else of the store.

        Raises:
            UnknownRun: there is none.
        """
        try:
            return self._line.run(id)
        except UnknownRun:
            return self._bench.run(id)

    def answer(self, request: Any) -> Answer:
        """What a request about a film asks for.

        Raises:
            EditRefused: no run is shown, or there is nothing at that place.
            LookupError: there is no such firing.
        """
        match request:
            case Seek():
                return self._seek(request.at)
            case ListRuns():
                return self._past(request)
            case Fork():
                return self._fork(request)
            case Compare():
                return self._compare(request.run)
            case FilmAbout():
                return self._shown().about()
            case Bars() | Firing():
                return self._shown().answer(request)
        return None

    def _shown(self) -> Film:
        run = self._watched().run
        with self._opening:  # two that ask at once wait for one film
            film = self._film
            if film is None or film.run is not run:
                film = self._film = Film(self._bench, run)
            return film

    def _watched(self) -> RunWatch:
        watch = self._watch()
        if watch is None:
            raise EditRefused("There is no run here; run the agent first.")
        return watch

    def _seek(self, at: int | None) -> Frame:
        watch = self._watched()
        last = len(watch.run.events)
        if at is None or at >= last:
            watch.seek(None)
            # The run may have gone on meanwhile: then the last one known is said.
            return self._frame(watch.run, last, last)
        place = max(1, at)
        watch.seek(place)
        return self._frame(watch.run, place, last)

    def _frame(self, run: Run, at: int, last: int) -> Frame:
        if not last:
            return Frame(at=0, last=0, seconds=0.0, said="Nothing has happened yet.")
        event = run.events[at - 1]
        seconds = max(0.0, event.at - self._beginning(run))
        node = event.node if isinstance(event, FiringEvent) else ""
        frame = Frame(at=at, last=last, seconds=seconds, said=said_of(event), node=node)
        if isinstance(event, ValueEmitted):
            frame.place = f"{event.node}.{event.port}"
            if isinstance(event.value, InlineValue):
                text = json.dumps(event.value.data, ensure_ascii=False, indent=2)
                frame.value = text if len(text) <= EDITABLE else ""
        return frame

    def _beginning(self, run: Run) -> float:
        """When a timeline of the run begins, without the wait until it is read."""
        first: Event | None = None
        for event in run.events:
            first = event if first is None else first
            if isinstance(event, FiringStarted):
                return event.at
        return first.at if first is not None else 0.0

    def _past(self, request: ListRuns) -> PastRuns:
        found = self._bench.runs(
            agent=self._graph.name,
            status=request.status,
            since=request.since or None,
            text=request.text,
            limit=min(request.limit, MOST_RUNS),
        )
        runs = [
            PastRun(
                id=record.id,
                status=record.status.value,
                started=record.started,
                seconds=max(0.0, record.ended - record.started) if record.ended else 0.0,
                events=record.last_seq,
                of_node=self._of_node(request.node, record) if request.node else None,
            )
            for record in found
        ]
        return PastRuns(runs=[run for run in runs if run.of_node or not request.node])

    def _of_node(self, node: str, record: RunRecord) -> InRun | None:
        if record.last_seq > MOST_READ:
            note = f"a log of {record.last_seq:,} events is not looked through here"
            return InRun(status="", firings=0, seconds=0.0, port="", gave=note, error="")
        try:
            return in_run(node, self._bench.store.events(record.id))
        except StoreError:
            return None  # a damaged log tells of itself when it is opened

    def _compare(self, other: str) -> Comparison:
        pair = [self._watched().run, self.run(other)]
        pair.sort(key=lambda run: self._bench.store.run(run.id).started)
        diff = pair[0].diff(pair[1])
        shown = diff.differences[:MOST_DIFFERENCES]
        return Comparison(
            before=diff.before,
            after=diff.after,
            statuses=diff.statuses,
            seconds=diff.seconds,
            tokens=diff.tokens,
            cost=diff.cost,
            first=diff.first,
            differences=list(shown),
            more=len(diff.differences) - len(shown),
            nodes=list(diff.nodes[:MOST_DIFFERENCES]),
            graphs=_graphs(diff),
            marks=dict(diff.marks),
        )

    def _fork(self, request: Fork) -> RunAccepted:
        watch = self._watched()
        changes: dict[str | int, Any] = {}
        if request.is_changed:
            try:
                changes[request.at] = json.loads(request.value)
            except ValueError as error:
                raise EditRefused(f"That is no JSON: {error}.") from error
        if watch.run.status is RunStatus.RUNNING:
            raise EditRefused("The run still goes on: stop it first, or wait for its end.")
        run = watch.run.fork(at=request.at, set=changes)
        self._show(run)
        return RunAccepted(run=run.id)


def _graphs(diff: RunDiff) -> list[PlainGraph]:
    if max(len(graph.nodes) for graph in diff.graphs) > MOST_DRAWN:
        return []
    return [plain(graph) for graph in diff.graphs]


def said_of(event: Event) -> str:
    """What an event says, in a line."""
    line = " ".join("".join(_parts(event)).split())
    return line if len(line) <= WORDS else f"{line[: WORDS - 1]}…"


def _parts(event: Event) -> Iterator[str]:
    kind = str(event.__struct_config__.tag).replace("_", " ")
    if not isinstance(event, FiringEvent):
        yield kind.removesuffix(" 1").capitalize()
        if isinstance(event, RunFinished):
            yield f": {event.status}"
        return
    yield f"{event.node} #{event.firing} "
    match event:
        case FiringStarted():
            yield "began" if event.attempt <= 1 else f"began try {event.attempt}"
        case ValueEmitted():
            yield f"gave {event.port}"
        case LineLogged():
            yield f"logged: {event.text}"
        case FiringFailed() | AttemptFailed():
            yield f"failed: {event.message}"
        case FiringParked():
            yield f"waits: {event.question}"
        case FiringSkipped():
            yield f"was skipped: {event.reason}"
        case _:
            yield kind.removeprefix("firing ")
