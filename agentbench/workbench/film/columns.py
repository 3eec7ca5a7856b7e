"""Columns: the words for what firings do over time, and the columns that hold it."""

from dataclasses import dataclass, field

RUNNING, COMPLETED, REUSED, SKIPPED, WAITING, RETRY, TRIED, STOPPED, FAILED = range(9)
"""How a span ended, or what it is while it lasts; the worst is the highest."""

WORDS = (
    "running", "completed", "reused", "skipped", "waiting", "retry", "tried", "stopped",
    "failed",
)  # fmt: skip
"""The same in words: `tried` is an attempt that failed and was followed by another,
`retry` the rest before that one, `waiting` the time in which a firing was parked."""


@dataclass(slots=True)
class Columns:
    """Every span, one place each, in the order in which they were read.

    Times are seconds since 1970; `ended` is 0 while a span lasts. `queued` is how long
    the firing had all its values before it began.
    """

    node: list[int] = field(default_factory=list)
    number: list[int] = field(default_factory=list)
    attempt: list[int] = field(default_factory=list)
    status: list[int] = field(default_factory=list)
    started: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)
    lane: list[int] = field(default_factory=list)
    error: dict[int, str] = field(default_factory=dict)
    used: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By place, the tokens and the US dollars, where there are any."""

    def __len__(self) -> int:
        return len(self.node)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that befell the run as a whole, at a time."""

    at: float
    text: str
