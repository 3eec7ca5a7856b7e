"""Timeline: when each firing of a run ran, waited and was tried again, as people hold it."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, overload

from agentbench.domain.event import Event
from agentbench.domain.records import Records, Row
from agentbench.workbench.film.columns import FAILED, WAITING, WORDS, Mark
from agentbench.workbench.film.gantt import gantt
from agentbench.workbench.film.index import Index
from agentbench.workbench.film.lanes import MOST_BARS, Lanes, Window
from agentbench.workbench.film.spans import Spans
from agentbench.workbench.film.strand import Strand

Pages = Callable[[int], Iterable[Sequence[Event]]]
"""The events of the run after a number, a page at a time."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """The run of an agent that a firing called: `above` is the row of its node."""

    run: str
    above: str
    is_over: bool
    titles: Callable[[], Mapping[str, str]]
    pages: Pages


Parts = Callable[[], Iterable[Part]]
"""What the run called so far, each after the run that called it."""


def nothing_called() -> Iterable[Part]:
    """A run that called no agents."""
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stay of one firing: an attempt, the rest before the next, or a time of waiting.

    `node` is `node/node of the agent` for what the agent did that a node called; its
    firings are numbered over all the runs of it.

    `status` says what came of it: `running`, `completed`, `failed`, `stopped`, `skipped`,
    `reused`, `tried` for an attempt that was followed by another, `retry` for the rest
    before that, `waiting` for the time in which it was parked. `started` and `ended` are
    seconds since 1970 (`ended` is 0 while it lasts); `queued` is for how many seconds
    the firing had all its values before it began.
    """

    node: str
    number: int
    attempt: int
    status: str
    started: float
    ended: float
    seconds: float
    queued: float
    tokens: int
    cost: float
    error: str


@dataclass(kw_only=True, slots=True)
class Track:
    """One node of a timeline: its firings taken together; times in seconds.

    A node that called agents has theirs below it, one `depth` deeper, as
    `node/node of the agent`; its `tokens` and `cost` are with what those took.
    """

    node: str
    title: str
    depth: int
    firings: int
    failed: int
    lanes: int
    busy: float
    waited: float
    tokens: int
    cost: float


class Timeline(Records[Span]):
    """The spans of a run, in the order in which they began.

    A table, a list and `to_frame()` like the firings; `print(timeline.gantt())` draws it
    in text, `window` gives what a screen can show of it, `tracks` one line for each node.
    """

    noun: ClassVar = "span"
    columns: ClassVar[Sequence[str]] = (
        "node", "number", "attempt", "status", "started", "ended", "seconds", "queued",
        "tokens", "cost", "error",
    )  # fmt: skip
    times: ClassVar = ("started", "ended")
    shown: ClassVar = (
        "node", "number", "attempt", "status", "started", "seconds", "queued", "error",
    )  # fmt: skip
    lasting: ClassVar = ("node", "number", "attempt", "status", "error")

    def __init__(
        self,
        run: str,
        pages: Pages,
        titles: Mapping[str, str],
        parts: Parts = nothing_called,
    ) -> None:
        """`run` is the run's id; `titles` says what is written on each node.

        Nothing is read before it is asked for.
        """
        super().__init__(())
        self.run = run
        self._pages, self._parts = pages, parts
        self._titles = dict(titles)
        self._spans = Spans()
        self._lanes = Lanes(self._spans)
        self._by_firing = Index()
        self._reading: Iterator[Sequence[Event]] | None = None
        self._strands: dict[str, Strand] = {}
        self._over: set[str] = set()
        self._is_begun = False

    @property
    def spans(self) -> Spans:
        """The columns that all of it is worked out from."""
        self._begin()
        return self._spans

    @property
    def lanes(self) -> Lanes:
        """The same as bars."""
        self._begin()
        return self._lanes

    @property
    def by_firing(self) -> Index:
        """Which events are whose."""
        self._begin()
        return self._by_firing

    def _begin(self) -> None:
        if not self._is_begun:
            self.renew()

    def renew(self) -> bool:
        """Takes in what happened meanwhile; says whether anything did."""
        before = (self._spans.last_seq, len(self._spans.columns), self._spans.latest)
        while self.read_on(3600.0):
            pass
        spans = self._spans
        return (spans.last_seq, len(spans.columns), spans.latest) != before

    def read_on(self, seconds: float) -> bool:
        """Reads on for so long, a page at least; says whether there is more to read.

        So the beginning of a long run can be shown while the rest is read.
        """
        self._is_begun = True
        end = time.monotonic() + seconds
        reading = self._reading
        if reading is None:
            reading = iter(self._pages(self._spans.last_seq))
        for page in reading:
            self._spans.take_in(page)
            self._by_firing.take_in(page)
            if time.monotonic() > end:
                self._reading = reading
                return True
        self._reading = None
        return self._read_parts(end)

    def _read_parts(self, end: float) -> bool:
        is_more = False
        for part in self._parts():
            if part.run in self._over:
                continue
            if time.monotonic() > end:
                is_more = True
                break
            strand = self._strands.get(part.run)
            if strand is None:
                strand = self._strands[part.run] = self._spans.part(
                    part.run, part.above
                )
                titles = part.titles()
                self._titles |= {f"{part.above}/{id}": it for id, it in titles.items()}
            for page in part.pages(len(strand.times)):
                strand.take_in(page)
            if part.is_over:
                self._over.add(part.run)
        if self._strands:
            self._spans.settle()
        return is_more

    def origin(self, node: str, number: int) -> tuple[str, str, int]:
        """Which run a firing is of, and its node and number there.

        Raises:
            LookupError: there is no such firing of what was called.
        """
        row = self.spans.place_of(node)
        if row is None or self.spans.parents[row] < 0:
            return self.run, node, number
        if number not in self.spans.origins[row]:
            raise LookupError(f"{node!r} has no firing {number} in this run.")
        run, firing = self.spans.origins[row][number]
        return run, node.rpartition("/")[2], firing

    def firings(self, node: str) -> int:
        """How many firings a row has."""
        row = self.spans.place_of(node)
        if row is None or self.spans.parents[row] < 0:
            return self.by_firing.firings(node)
        return len(self.spans.origins[row])

    @property
    def total(self) -> int:
        """How many firings there are in all."""
        return self.by_firing.total + sum(map(len, self.spans.origins))

    @property
    def started(self) -> float:
        """When the run began, in seconds since 1970."""
        return self.spans.started

    @property
    def seconds(self) -> float:
        """From the beginning of the run to its end, or to its last event."""
        return max(0.0, self.spans.end - self.spans.started)

    @property
    def marks(self) -> list[Mark]:
        """What befell the run as a whole: that it waited, was cut off, went on."""
        return list(self.spans.marks)

    @property
    def tracks(self) -> list[Track]:
        """Every node that fired, in the order in which they fired first.

        Below each is what the agents did that it called.
        """
        return [track for _, track in self.rows()]

    def rows(self) -> list[tuple[int, Track]]:
        """The same with the row of each, by which bars name it."""
        order = list(self.spans.in_order())
        tracks = {row: self._track(row, depth) for row, depth in order}
        for row, _ in reversed(order):  # what lies deeper first
            above = self.spans.parents[row]
            if above >= 0:
                tracks[above].tokens += tracks[row].tokens
                tracks[above].cost += tracks[row].cost
        return [(row, tracks[row]) for row, _ in order]

    def window(
        self,
        start: float = 0.0,
        end: float | None = None,
        *,
        width: int = 1200,
        nodes: Iterable[int] | None = None,
        most: int = MOST_BARS,
    ) -> Window:
        """What a screen can show between two times, in seconds since the run began.

        However many firings there are, it holds `most` bars: what is shorter than a few
        of the `width` pixels is counted together. `nodes` are rows,
        as `rows()` numbers them; all by default.
        """
        last = self.seconds if end is None else end
        return self.lanes.window(start, max(last, start), width, nodes, most)

    def time_of(self, event: int) -> float:
        """When an event was, by its number, in seconds since the run began."""
        times = self.spans.times
        if not times or event < 1:
            return 0.0
        return max(0.0, times[min(event, len(times)) - 1] - self.started)

    def queued(self, node: str, number: int) -> float:
        """For how many seconds a firing had all its values before it began; 0 for none."""
        row, columns = self.spans.place_of(node), self.spans.columns
        places = [] if row is None else self.spans.by_node[row]
        found = (columns.queued[at] for at in places if columns.number[at] == number)
        return next(found, 0.0)

    def queues(self) -> dict[tuple[str, int], float]:
        """The same for every firing, by node and number."""
        columns = self.spans.columns
        found: dict[tuple[str, int], float] = {}
        for place in range(len(self)):
            key = (self.spans.nodes[columns.node[place]], columns.number[place])
            found.setdefault(key, columns.queued[place])
        return found

    def worst_first(self) -> list[tuple[str, int]]:
        """Every firing, by node and number: the failed ones, then by number and time."""
        columns, found = self.spans.columns, dict[tuple[int, int], list[float]]()
        for place in range(len(self)):
            key = (columns.node[place], columns.number[place])
            fine = columns.status[place] != FAILED
            known = found.setdefault(key, [fine, key[1], columns.started[place]])
            known[0] = known[0] and fine
        nodes = self.spans.nodes
        return [(nodes[node], n) for node, n in sorted(found, key=found.__getitem__)]

    def gantt(self, width: int = 100) -> str:
        """The timeline as text of so many columns, one line a node; cut at 200 nodes."""
        return "\n".join(gantt(self.spans, self._titles, self.lanes, width))

    def row(self, record: Span) -> Row:
        return {name: getattr(record, name) for name in self.columns}

    def in_lasting_order(self) -> Iterable[Span]:
        columns, nodes = self.spans.columns, self.spans.nodes
        for node in sorted(range(len(nodes)), key=nodes.__getitem__):
            # Only what is looked at becomes an object: a table shows the first few.
            places = sorted(self.spans.by_node[node], key=columns.number.__getitem__)
            yield from map(self._span, places)

    def __len__(self) -> int:
        return len(self.spans.columns)

    def __iter__(self) -> Iterator[Span]:
        return map(self._span, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Span: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Span]: ...

    def __getitem__(self, index: int | slice) -> Span | Sequence[Span]:
        places = range(len(self))[index]
        if isinstance(places, int):
            return self._span(places)
        return [self._span(place) for place in places]

    def _span(self, place: int) -> Span:
        columns = self.spans.columns
        started, ended = columns.started[place], columns.ended[place]
        tokens, cost = columns.used.get(place, (0, 0.0))
        return Span(
            node=self.spans.nodes[columns.node[place]],
            number=columns.number[place],
            attempt=columns.attempt[place],
            status=WORDS[columns.status[place]],
            started=started,
            ended=ended,
            seconds=max(0.0, (ended or self.spans.end) - started),
            queued=columns.queued[place],
            tokens=tokens,
            cost=cost,
            error=columns.error.get(place, ""),
        )

    def _track(self, node: int, depth: int) -> Track:
        columns, places = self.spans.columns, self.spans.by_node[node]
        busy = waited = cost = 0.0
        tokens = failed = 0
        for place in places:
            status = columns.status[place]
            ended = columns.ended[place] or self.spans.end
            length = max(0.0, ended - columns.started[place])
            if status == WAITING:
                waited += length
            else:
                busy += length
            failed += status == FAILED
            if place in columns.used:
                tokens += columns.used[place][0]
                cost += columns.used[place][1]
        id = self.spans.nodes[node]
        return Track(
            node=id,
            title=self._titles.get(id) or id.rpartition("/")[2],
            depth=depth,
            firings=len({columns.number[place] for place in places}),
            failed=failed,
            lanes=max(1, self.spans.lanes_of(node)),
            busy=busy,
            waited=waited,
            tokens=tokens,
            cost=cost,
        )
