"""The chronicle of a run: its plan, its trail and its totals, in step with its journal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.event import (
    DecisionNeeded,
    Event,
    FiringFailed,
    FiringStarted,
    RunParked,
    RunResumed,
    UsageRecorded,
)
from agentbench.domain.run import RunStatus
from agentbench.engine.journal import Journal
from agentbench.engine.plan import Plan
from agentbench.engine.tools import ToolCalls
from agentbench.engine.trail import Trail
from agentbench.engine.values import ValueKeeper


class Chronicle:
    """What a run knows of itself. Every event of it passes through here, once."""

    def __init__(
        self,
        graph: Drawing,
        journal: Journal,
        keeper: ValueKeeper,
        *,
        calls: ToolCalls,
        above: "Chronicle | None" = None,
    ) -> None:
        """`above` is the run that this one is a part of: what is used up counts there too."""
        self.journal = journal
        self._above = above
        self._parts: set[str] = set()
        self.plan = Plan(graph)
        self.trail = Trail(keeper)
        self.calls = calls
        self._rules = self._rules_of_all()
        self.end: RunStatus | None = None
        """How the run ends, once that is called: from then on its firings record nothing."""
        self.has_failed = False
        self.firings = 0
        self.tokens = 0
        self.cost = 0.0

    def relive(self, run: str, past: Sequence[Event]) -> None:
        """Takes in what is in the log of the run already.

        A part that asks is carried out once more when it is answered, while the run
        above may live on: what it had used up counts there the first time only.
        """
        above = self._above
        is_counted = above is not None and run in above._parts  # noqa: SLF001 - our own kind
        if is_counted:
            self._above = None
        for event in past:
            self.take_in(event)
        self._above = above
        if above is not None:
            above._parts.add(run)  # noqa: SLF001 - our own kind

    def record(self, make: Callable[..., Any], **facts: Any) -> Any:
        """Makes the next event of the run, secrets masked, takes it in, and returns it."""
        event = self.journal.masked(make, facts)
        self.enter(event)
        return event

    def enter(self, event: Event) -> None:
        """Adds and takes in an event that was made with the journal's next number.

        For what every firing has, and where there is nothing to mask: names, numbers,
        and values that were masked before they were kept.
        """
        self.journal.add(event)
        for rule in self._rules.get(type(event), ()):
            rule(event)

    def take_in(self, event: Event) -> None:
        """Takes in the next event, new or from the log."""
        for rule in self._rules.get(type(event), ()):
            rule(event)

    def _rules_of_all(self) -> Mapping[type, Sequence[Callable[[Any], None]]]:
        """By class of event, all that it changes here."""
        own: Mapping[type, Callable[[Any], None]] = {
            FiringStarted: self._started,
            FiringFailed: self._failed,
            UsageRecorded: self._used,
        }
        found: dict[type, list[Callable[[Any], None]]] = {}
        for rules in (self.plan.rules, self.trail.rules, self.calls.rules, own):
            for kind, rule in rules.items():
                found.setdefault(kind, []).append(rule)
        return found

    def _started(self, _: FiringStarted) -> None:
        self.firings += 1
        if self._above is not None:
            self._above.charge(firings=1)

    def _failed(self, event: FiringFailed) -> None:
        self.has_failed = self.has_failed or not event.is_handled

    def _used(self, event: UsageRecorded) -> None:
        self.charge(tokens=event.tokens, cost=event.cost)

    async def settled(self) -> None:
        """Returns when everything so far is committed, here and in every run above."""
        book: Chronicle | None = self
        while book is not None:
            await book.journal.settled()
            book = book._above  # noqa: SLF001 - our own kind

    def charge(self, *, firings: int = 0, tokens: int = 0, cost: float = 0.0) -> None:
        """Adds to the totals, here and in every run above."""
        self.firings += firings
        self.tokens += tokens
        self.cost += cost
        if self._above is not None:
            self._above.charge(firings=firings, tokens=tokens, cost=cost)


def seconds_of(past: Sequence[Event]) -> float:
    """How long somebody carried a run out, by its events; the gaps between do not count."""
    total, last = 0.0, 0.0
    began: float | None = None
    for event in past:
        if began is None:
            began = event.at
        elif isinstance(event, RunResumed):
            total += last - began
            began = event.at
        last = event.at
        if isinstance(event, (RunParked, DecisionNeeded)):
            total += last - began
            began = None
    return total if began is None else total + last - began
