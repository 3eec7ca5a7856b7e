"""Lanes: what of a timeline a window shows, thinned out to what a screen can hold.

A window of so many seconds on so many pixels has a resolution. A span at least so long
stands by itself. Shorter ones are counted in cells of that length: how many began there,
what part of it they took, and the worst that became of one. Cells of a power of two of a
second stay where they are when the window moves, so that nothing flickers, and those of
a whole lane are kept for the next window.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log2

from agentbench.workbench.film.columns import RUNNING
from agentbench.workbench.film.spans import Spans

CELL = 3.0
"""Pixels that a cell takes at least."""
MOST_BARS = 6_000
"""So many bars are given, unless more are asked for: with more, cells become longer."""
FEW = 2_000
"""So many spans in a window are counted again each time."""
MOST_KEPT = 400
"""So many thinned-out lanes are kept."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a lane: a span by itself (`count` 1), or a cell of `count` of them.

    Times are seconds since the run began. `number` is of the firing, the first of them
    in a cell; `busy` from 0 to 1 is what part of a cell they took.
    """

    node: int
    lane: int
    start: float
    end: float
    status: int
    count: int
    number: int
    attempt: int
    busy: float


@dataclass(frozen=True, slots=True)
class Window:
    """The bars between two times; `cell` is the length of their cells in seconds."""

    start: float
    end: float
    cell: float
    bars: list[Bar]


class Lanes:
    """The lanes of some spans, as they were when this was made or last `renew`ed."""

    def __init__(self, spans: Spans) -> None:
        self._spans = spans
        self._seen = (-1, 0, 0.0)
        self._rows: list[list[list[int]]] = []
        self._starts: list[list[list[float]]] = []
        self._longest: list[list[float]] = []
        self._counts: list[int] = []
        self._kept: dict[tuple[int, int, int], list[Bar]] = {}
        self._now = 0.0

    def renew(self) -> None:
        """Takes in what the spans have become meanwhile."""
        spans = self._spans
        seen = (spans.last_seq, len(spans.columns), spans.latest)
        if self._seen == seen:
            return
        self._seen, self._now = seen, spans.end
        self._kept.clear()
        for node in range(len(spans.nodes)):
            self._renew_row(node)

    def _renew_row(self, node: int) -> None:
        """Goes on with a row; one of what was called is laid out anew: its logs interleave."""
        spans, columns = self._spans, self._spans.columns
        if node == len(self._rows):
            self._rows.append([])
            self._starts.append([])
            self._longest.append([])
            self._counts.append(0)
        is_called = spans.parents[node] >= 0
        if is_called:
            self._counts[node], self._rows[node], self._starts[node] = 0, [], []
        rows, starts = self._rows[node], self._starts[node]
        for _ in range(max(1, spans.lanes_of(node)) - len(rows)):
            rows.append([])
            starts.append([])
        places = spans.by_node[node]
        for at in range(self._counts[node], len(places)):
            place = places[at]
            rows[columns.lane[place]].append(place)
            starts[columns.lane[place]].append(columns.started[place])
        self._counts[node] = len(places)
        # Spans of one lane follow each other, but for the one that is shared.
        last, is_crowded = len(rows) - 1, spans.is_crowded(node)
        self._longest[node] = [
            max(map(self._length, row), default=0.0)
            if is_crowded and lane == last
            else 0.0
            for lane, row in enumerate(rows)
        ]

    def window(
        self,
        start: float,
        end: float,
        width: int,
        nodes: Iterable[int] | None = None,
        most: int = MOST_BARS,
    ) -> Window:
        """What stands between two times, in seconds since the run began, or touches one.

        `width` is how many pixels the window takes, `nodes` which rows it shows (all by
        default), `most` how many bars are given.
        """
        self.renew()
        wanted = list(range(len(self._rows)) if nodes is None else nodes)
        wanted = [node for node in wanted if 0 <= node < len(self._rows)]
        power = ceil(log2(max(end - start, 1e-6) * CELL / max(width, 1)))
        while True:
            bars: list[Bar] = []
            for node in wanted:
                for lane in range(len(self._rows[node])):
                    bars += self._between(node, lane, start, end, power)
            if len(bars) <= most or 2.0**power > end - start:
                return Window(start, end, 2.0**power, bars[:most])
            power += 1

    def _between(
        self, node: int, lane: int, start: float, end: float, power: int
    ) -> Sequence[Bar]:
        began = self._spans.started
        row, starts = self._rows[node][lane], self._starts[node][lane]
        reach = start + began - self._longest[node][lane]
        first = bisect_left(starts, reach)
        if first and (self._longest[node][lane] == 0.0):
            first -= 1  # the one before may reach into the window
        # As bars have it: what began at the very end is shown, however sums are rounded.
        last = bisect_right(starts, end, key=lambda at: at - began)
        if last - first <= FEW:
            found: Iterable[Bar] = self._thinned(row[first:last], power)
            return [bar for bar in found if bar.end >= start]
        key = (node, lane, power)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = list(self._thinned(row, power))
        kept = self._kept[key]
        if self._longest[node][lane]:  # they overlap, so their ends are in no order
            return [bar for bar in kept if bar.end >= start and bar.start <= end]
        low = bisect_left(kept, start, key=lambda bar: bar.end)
        high = bisect_right(kept, end, key=lambda bar: bar.start)
        return kept[low:high]

    def _length(self, place: int) -> float:
        columns = self._spans.columns
        return (columns.ended[place] or self._now) - columns.started[place]

    def _thinned(self, places: Iterable[int], power: int) -> Iterator[Bar]:
        """Spans in order, with the short ones counted in cells."""
        columns, began, now = self._spans.columns, self._spans.started, self._now
        cell = 2.0**power
        held: list[int] = []
        held_cell, busy, worst = 0, 0.0, 0
        for place in places:
            start = columns.started[place] - began
            ended = columns.ended[place]
            length = (ended or now) - columns.started[place]
            at = int(start // cell)
            if held and (at != held_cell or length >= cell):
                yield self._cell(held, held_cell, cell, busy, worst)
                held = []
            if length >= cell:
                yield self._single(place, start, start + length)
                continue
            if not held:
                held_cell, busy, worst = at, 0.0, RUNNING
            held.append(place)
            busy += length
            worst = max(worst, columns.status[place])
        if held:
            yield self._cell(held, held_cell, cell, busy, worst)

    def _single(self, place: int, start: float, end: float) -> Bar:
        columns = self._spans.columns
        return Bar(
            node=columns.node[place],
            lane=columns.lane[place],
            start=start,
            end=end,
            status=columns.status[place],
            count=1,
            number=columns.number[place],
            attempt=columns.attempt[place],
            busy=1.0,
        )

    def _cell(
        self, places: list[int], at: int, cell: float, busy: float, worst: int
    ) -> Bar:
        columns, first = self._spans.columns, places[0]
        if len(places) == 1:
            start = columns.started[first] - self._spans.started
            return self._single(first, start, start + busy)
        return Bar(
            node=columns.node[first],
            lane=columns.lane[first],
            start=at * cell,
            end=(at + 1) * cell,
            status=worst,
            count=len(places),
            number=columns.number[first],
            attempt=0,
            busy=min(1.0, busy / cell),
        )
