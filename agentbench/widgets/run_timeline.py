"""The timeline of a run, kernel half: windows of it are asked for and sent, never all of it."""

import html
import sys
import threading
import uuid
from collections import deque
from concurrent.futures import Future
from typing import Any

import anywidget
import pydantic
import traitlets

from agentbench.domain.run import RunStatus
from agentbench.workbench.bundle import bundled
from agentbench.widgets.film_messages import (
    AskBars,
    AskFiring,
    FilmReply,
    TimelineAbout,
    TimelineBars,
)
from agentbench.widgets.late import FetchCode, code
from agentbench.widgets.message import asker
from agentbench.widgets.pump import PUMP, TRIES
from agentbench.workbench.film.look import FiringLook
from agentbench.workbench.film.looking import look_at
from agentbench.workbench.film.parcel import MOST_ROWS, SHOWN_ROWS, about, bars, table
from agentbench.workbench.film.timeline import Timeline
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import Workbench

BEAT = 0.5
"""Seconds between two looks at a run that goes on."""
LOOK = 2.0
"""The same while nothing is heard."""
READING, TURN = 0.1, 0.25
"""Seconds that are spent reading before the first is told, and between two tellings."""
MOST_READ = 0.999
LONG = 40_000
"""A log of more events is shown while it is read: what a cell keeps of it has no counts."""
LIVELY = (RunStatus.QUEUED, RunStatus.RUNNING)
MOST_PIXELS = 20_000

_ASK: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(AskBars | AskFiring)


class Film:
    """One run as timelines ask about it; used by one thread at a time, which it sees to.

    A long log is read a part at a time, so that its beginning is seen at once: each
    `about` reads on a little, and says how far it is.
    """

    def __init__(self, bench: Workbench, run: Run, timeline: Timeline | None = None) -> None:
        self.run = run
        self.timeline = run.timeline() if timeline is None else timeline
        self._bench = bench
        self._lock = threading.Lock()
        self._is_told = False

    def about(self, seconds: float | None = None) -> TimelineAbout:
        """How the run stands now; reads on for so long first, at first for a moment only."""
        if seconds is None:
            seconds = TURN if self._is_told else READING
        self._is_told = True
        # What has ended says so in its record: for no more is the log folded.
        record = self.run.record
        status = record.status
        status = self.run.status if status.is_carried_out else status
        with self._lock:
            is_more = self.timeline.read_on(seconds)
            given = about(
                self.timeline,
                run=self.run.id,
                agent=self.run.agent,
                status=status.value,
                ended=record.ended,
                last=record.last_seq,
            )
        given["read"] = min(given["read"], MOST_READ) if is_more else 1.0
        return TimelineAbout(**given)

    def answer(self, ask: Any) -> TimelineBars | FiringLook:
        """The answer to a question: one of `bars`, or of a `firing`, from wherever it came.

        Raises:
            LookupError: there is no such firing.
        """
        with self._lock:
            return self._bars(ask) if ask.op == "bars" else self._firing(ask)

    def _bars(self, ask: Any) -> TimelineBars:
        width = max(1, min(ask.width, MOST_PIXELS))
        rows = ask.rows[:MOST_ROWS]
        window = self.timeline.window(ask.start, ask.end, width=width, nodes=rows)
        return TimelineBars(**bars(window))

    def _firing(self, ask: Any) -> FiringLook:
        self.timeline.renew()
        return look_at(
            self.timeline,
            ask.node,
            ask.number,
            run=lambda id: self.run if id == self.run.id else self._bench.run(id),
            render=self._bench.render,
        )


class RunTimeline(anywidget.AnyWidget):
    """Shows one timeline; it goes on while the run does."""

    _esm = bundled("run-timeline.js")
    _css = bundled("run-timeline.css")

    own_id = traitlets.Unicode("").tag(sync=True)
    """By which the front end finds the model itself, to have little of it saved."""
    about: Any = traitlets.Dict().tag(sync=True)
    """What heads it and its rows, as `TimelineAbout`."""

    def __init__(self, run: Run, bench: Workbench, timeline: Timeline | None = None) -> None:
        self._film = Film(bench, run, timeline)
        self._bench = bench
        is_long = bench.store.run(run.id).last_seq > LONG
        told = self._film.about(None if is_long else sys.float_info.max)
        self._static = _in_short(run) if is_long else _in_full(self._film.timeline, bench)
        own_id = uuid.uuid4().hex
        given = told.model_dump(mode="json")
        super().__init__(model_id=own_id, own_id=own_id, about=given)
        self.on_msg(self._heard)
        if told.read < 1.0:
            bench.looking.submit(self._read_on)
        if not RunStatus(told.status).is_final:
            self._follow(run)

    def _read_on(self) -> None:
        """Reads the rest, and tells from time to time how far it is."""
        while (told := self._film.about()).read < 1.0:
            self.about = told.model_dump(mode="json")
        self.about = told.model_dump(mode="json")

    def _follow(self, run: Run) -> None:
        def tell() -> None:
            told = self._film.about()
            self.about = told.model_dump(mode="json")
            if RunStatus(told.status).is_final:
                unlisten()
            elif told.status in LIVELY:  # what it called is not heard of here
                PUMP.call_once((id(self), "again"), LOOK, look_again)

        failed = deque([False], TRIES)

        def look_again() -> None:
            bench.looking.submit(tell).add_done_callback(after)

        def after(told: Future[None]) -> None:
            failed.append(not told.cancelled() and told.exception() is not None)
            if failed[-1] and not all(failed):  # nobody may tell of it again
                PUMP.call_once((id(self), "again"), LOOK, look_again)

        def soon(*_: Any) -> None:
            PUMP.call_once((id(self), "timeline"), BEAT, look_again)

        bench = self._bench
        unlisten = bench.feed.listen(soon, run=run.id)
        soon()
        if run.done is not None:
            run.done.add_done_callback(soon)

    def _heard(self, _: Any, content: Any, __: Any) -> None:
        """Called by Jupyter in any thread; only hands over."""
        self._bench.looking.submit(self._answer, content)

    def _answer(self, content: Any) -> None:
        given = dict(content) if isinstance(content, dict) else {}
        client, rid = asker(content)
        given = {key: it for key, it in given.items() if key not in ("client", "rid")}
        try:
            if given.get("op") == "late":
                result: Any = code(FetchCode(rid=rid, client=client, **given))
            else:
                result = self._film.answer(_ASK.validate_python(given))
            reply = FilmReply(rid=rid, client=client, result=result)
        except Exception as error:  # noqa: BLE001 - the view must not wait for ever
            said = str(error.args[0]) if isinstance(error, LookupError) else str(error)
            reply = FilmReply(rid=rid, client=client, error=said)
        PUMP.call(lambda: self._post(reply))

    def _post(self, reply: FilmReply) -> None:
        if self.comm is not None:
            self.send(reply.model_dump(mode="json"))

    def __repr__(self) -> str:
        return f"<timeline of a run of {self._film.run.agent!r}>"

    def _repr_mimebundle_(self, **given: Any) -> Any:
        """The live widget, and for where there is none a table and text."""
        live = super()._repr_mimebundle_(**given)
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**(data or {}), **self._static}, metadata


def _in_full(timeline: Timeline, bench: Workbench) -> dict[str, str]:
    """What a cell keeps of it where there is no kernel."""
    text = str(bench.bundle(timeline)["text/plain"])
    return {"text/html": table(timeline), "text/plain": text}


def _in_short(run: Run) -> dict[str, str]:
    """The same of one that is too long to be read first: its nodes."""
    names = [node.title or id for id, node in run.graph.nodes.items()]
    shown = ", ".join(names[:SHOWN_ROWS])
    text = f"Timeline of a long run of {run.agent!r}: {shown}"
    return {"text/html": f"<p>{html.escape(text)}</p>", "text/plain": text}


def timeline_of(timeline: Timeline, bench: Workbench) -> RunTimeline:
    """The widget of a timeline."""
    return RunTimeline(bench.run(timeline.run), bench, timeline)
