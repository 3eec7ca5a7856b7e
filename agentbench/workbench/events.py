"""Events: the log of a run, read a page at a time, as objects and as a DataFrame."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, overload

from agentbench.domain.event import Event, FiringEvent
from agentbench.domain.records import Records, Row
from agentbench.domain.store import RunLog

PAGE = 5_000
"""So many events are in memory at once."""
CLOSE = 30
"""So many events that nobody asked for are read rather than a second question put."""


def log_pages(log: RunLog, run: str, *, after: int, last: int) -> Iterator[list[Event]]:
    """The events of a run after one number and up to another, a page at a time."""
    while after < last:
        asked = min(PAGE, last - after)
        page = log.events(run, after=after, limit=asked)
        if page:
            yield page
        if len(page) < asked:
            return
        after += len(page)


def picked(log: RunLog, run: str, numbers: Sequence[int]) -> Iterator[Event]:
    """The events of those numbers, which ascend; what lies close is read in one go."""
    place = 0
    while place < len(numbers):
        first = last = numbers[place]
        wanted = set()
        while place < len(numbers) and numbers[place] - last <= CLOSE:
            last = numbers[place]
            if last - first >= PAGE:
                break
            wanted.add(last)
            place += 1
        last = max(wanted)
        for event in log.events(run, after=first - 1, limit=last - first + 1):
            if event.seq in wanted:
                yield event


class Events(Records[Event]):
    """The events of a run up to the one that was the last when it was asked for them.

    They stay in the store: going through them holds a page of them at a time.
    """

    noun: ClassVar = "event"
    columns: ClassVar[Sequence[str]] = ("seq", "time", "kind", "node", "firing")
    times: ClassVar = ("time",)
    shown: ClassVar = columns
    lasting: ClassVar = ("seq", "kind", "node", "firing")

    def __init__(self, log: RunLog, run: str) -> None:
        """Raises `UnknownRun` where there is no such run."""
        super().__init__(())
        self._log, self._run = log, run
        self._last = log.run(run).last_seq

    def row(self, record: Event) -> Row:
        kind = str(record.__struct_config__.tag)
        row = {"seq": record.seq, "time": record.at, "kind": kind}
        if isinstance(record, FiringEvent):
            return row | {"node": record.node, "firing": record.firing}
        return row | {"node": "", "firing": 0}

    def __len__(self) -> int:
        return self._last

    def __iter__(self) -> Iterator[Event]:
        return self._between(0, self._last)

    @overload
    def __getitem__(self, index: int) -> Event: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Event]: ...

    def __getitem__(self, index: int | slice) -> Event | Sequence[Event]:
        places = range(self._last)[index]
        if isinstance(places, int):
            return next(self._between(places, places + 1))
        if not places:
            return []
        first, last = min(places[0], places[-1]), max(places[0], places[-1])
        wanted = list(self._between(first, last + 1))
        return (
            wanted[:: places.step] if places.step > 0 else wanted[::-1][:: -places.step]
        )

    def _between(self, after: int, last: int) -> Iterator[Event]:
        for page in log_pages(self._log, self._run, after=after, last=last):
            yield from page
