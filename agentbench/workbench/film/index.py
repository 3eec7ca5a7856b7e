"""Index: which events of a log are whose, so that a firing is read without the rest.

Two arrays with a place for each event. An excerpt is a state that was told of some
firings only: what it says of those is what the whole log says.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from agentbench.domain.event import Event, FiringEvent, LineLogged, ValueEmitted
from agentbench.engine.state import RunState

Key = tuple[str, int]
"""A firing: its node, and its number there."""

VALUE, LINE, OTHER = range(3)
KINDS: dict[type[Event], int] = {ValueEmitted: VALUE, LineLogged: LINE}
FIRST_VALUES, LAST_LINES = 40, 200
"""Of one firing an excerpt has so many; all of whatever else befell it."""


class Index:
    """Whose each event is; goes on where it left off."""

    def __init__(self) -> None:
        self._owners = array("L")
        """By event, the place of its firing among all, from 1; 0 for the run itself."""
        self._kinds = bytearray()
        self._places: dict[Key, int] = {}
        self._counts: dict[str, int] = {}

    def take_in(self, events: Iterable[Event]) -> None:
        """Goes on with the events that come next."""
        places, owned, noted = self._places, self._owners.append, self._kinds.append
        for event in events:
            if not isinstance(event, FiringEvent):
                owned(0)
                noted(OTHER)
                continue
            key = (event.node, event.firing)
            place = places.get(key)
            if place is None:
                place = places[key] = len(places) + 1
                self._counts[event.node] = self._counts.get(event.node, 0) + 1
            owned(place)
            noted(KINDS.get(type(event), OTHER))

    def firings(self, node: str) -> int:
        """How many firings a node has had."""
        return self._counts.get(node, 0)

    @property
    def total(self) -> int:
        """How many firings there have been in all."""
        return len(self._places)

    def numbers(self, keys: Collection[Key]) -> tuple[list[int], dict[Key, int]]:
        """The events that an excerpt of those firings is made of, and what each gave."""
        places = {self._places[key]: key for key in keys if key in self._places}
        found: list[int] = []
        values = dict.fromkeys(places, 0)
        lines: dict[int, list[int]] = {}
        for number, owner in enumerate(self._owners, 1):
            if owner not in places:
                continue
            kind = self._kinds[number - 1]
            if kind == LINE:
                lines.setdefault(owner, []).append(number)
                continue
            if kind == VALUE:
                values[owner] += 1
                if values[owner] > FIRST_VALUES:
                    continue
            found.append(number)
        for each in lines.values():
            found += each[-LAST_LINES:]
        return sorted(found), {key: values[place] for place, key in places.items()}


@dataclass(frozen=True)
class Excerpt:
    """A state with some firings only; `gave` is how many values each gave, read or not."""

    state: RunState
    gave: Mapping[Key, int]


class Picking(Protocol):
    """What is asked of the run."""

    def new_state(self) -> RunState:
        """A state before its first event."""

    def picked(self, numbers: list[int]) -> Iterator[Event]:
        """The events of those numbers."""


def excerpt(run: Picking, index: Index, keys: Collection[Key]) -> Excerpt:
    """Those firings as they stand, and the values they took."""
    state = run.new_state()
    numbers, gave = index.numbers(keys)
    for event in run.picked(numbers):
        state.apply(event)
    every = (state.nodes[node].firings[number] for node, number in gave)
    taken = {seq for fired in every for seq in fired.inputs.values()}
    for event in run.picked(sorted(taken - state.values.keys())):
        if isinstance(event, ValueEmitted):
            place = (event.value, event.node, event.firing, event.port)
            state.values[event.seq] = place
    return Excerpt(state, gave)
