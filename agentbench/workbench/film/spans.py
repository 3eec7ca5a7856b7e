"""Spans: how long each firing ran, waited to be tried again, or was parked.

A log of 100,000 firings gives as many spans and more, so they are kept as columns, and
only those that somebody looks at become objects. The runs of agents that a run called
have rows of their own, below that of the node which called them.
"""

from collections.abc import Iterable

from agentbench.domain.event import Event
from agentbench.workbench.film.rows import Rows
from agentbench.workbench.film.strand import Strand


class Spans(Rows):
    """What the logs of a run, and of the agents that it called, say over time."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Strand(self)

    @property
    def times(self) -> list[float]:
        """When each event of the run was, by its number less one."""
        return self.root.times

    @property
    def started(self) -> float:
        """When the first firing began: what a kernel does before that is no part of it."""
        return self.root.started

    @property
    def ended(self) -> float:
        """When the run ended; 0 while it goes on."""
        return self.root.ended

    @property
    def last_seq(self) -> int:
        """The number of the last event of the run that was taken in."""
        return len(self.root.times)

    @property
    def end(self) -> float:
        """When the run ended, or the last event was."""
        return self.root.ended or self.latest

    def take_in(self, events: Iterable[Event]) -> None:
        """Goes on with the events of the run itself that come next."""
        self.root.take_in(events)

    def part(self, run: str, above: str) -> Strand:
        """A strand for the run of an agent that was called by the node of a row."""
        return Strand(self, run, above)
