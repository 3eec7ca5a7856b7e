"""Run: one execution of one graph; its statuses, its options, and how it looks from outside."""

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from agentbench.domain.replay import ReplayMode


class RunStatus(enum.StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    NEEDS_DECISION = "needs_decision"

    @property
    def is_final(self) -> bool:
        """Whether a run with this status has ended."""
        return not RUN_TRANSITIONS[self]

    @property
    def is_carried_out(self) -> bool:
        """Whether somebody has to hold a run with this status, or it has been cut off."""
        return self in (RunStatus.QUEUED, RunStatus.RUNNING)


class FiringStatus(enum.StrEnum):
    """Where a firing stands."""

    PENDING = "pending"
    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    REUSED = "reused"
    STOPPED = "stopped"


_R, _F = RunStatus, FiringStatus

RUN_TRANSITIONS: Mapping[RunStatus, frozenset[RunStatus]] = {
    _R.QUEUED: frozenset({_R.RUNNING, _R.STOPPED}),
    _R.RUNNING: frozenset(
        {_R.WAITING, _R.COMPLETED, _R.FAILED, _R.STOPPED, _R.INTERRUPTED}
        | {_R.NEEDS_DECISION}
    ),
    _R.WAITING: frozenset({_R.RUNNING, _R.STOPPED}),
    _R.INTERRUPTED: frozenset({_R.RUNNING, _R.STOPPED, _R.NEEDS_DECISION}),
    _R.NEEDS_DECISION: frozenset({_R.RUNNING, _R.STOPPED}),
    _R.COMPLETED: frozenset(),
    _R.FAILED: frozenset(),
    _R.STOPPED: frozenset(),
}
"""Which run status may follow which."""

FIRING_TRANSITIONS: Mapping[FiringStatus, frozenset[FiringStatus]] = {
    _F.PENDING: frozenset({_F.READY, _F.SKIPPED}),
    _F.READY: frozenset({_F.RUNNING, _F.REUSED, _F.SKIPPED, _F.STOPPED}),
    _F.RUNNING: frozenset(
        {_F.WAITING, _F.COMPLETED, _F.FAILED, _F.STOPPED, _F.RUNNING}
        | {_F.SKIPPED, _F.REUSED}
    ),
    _F.WAITING: frozenset({_F.READY, _F.RUNNING, _F.STOPPED}),
    _F.STOPPED: frozenset({_F.RUNNING}),
    _F.COMPLETED: frozenset(),
    _F.FAILED: frozenset(),
    _F.SKIPPED: frozenset(),
    _F.REUSED: frozenset(),
}
"""Which firing status may follow which. A run that goes on runs a cut-off firing again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How a run is carried out.

    `concurrency` is how many firings may overlap. The others are budgets: a run that
    would pass one ends `stopped`, and says so. `max_seconds` counts the time in which
    somebody carried the run out, `max_firings` every attempt, `max_cost` US dollars.

    `replay` says what becomes of calls of the outside (`live`, `record`, `replay`,
    `auto`), None for what is set for this kernel; `recording` is their folder, empty
    for `recordings/AGENT` beside the agent's file or, without one, where we are.
    """

    concurrency: int = 16
    max_seconds: float | None = None
    max_firings: int | None = None
    max_tokens: int | None = None
    max_cost: float | None = None
    replay: ReplayMode | None = None
    recording: str = ""

    def __post_init__(self) -> None:
        if self.replay is not None:  # people write a word
            object.__setattr__(self, "replay", ReplayMode.named(self.replay))
        if type(self.concurrency) is not int or self.concurrency < 1:
            message = (
                f"concurrency takes a whole number above 0, not {self.concurrency!r}."
            )
            raise ValueError(message)
        for name in ("max_seconds", "max_firings", "max_tokens", "max_cost"):
            value = getattr(self, name)
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if value is not None and not (is_number and value > 0):
                raise ValueError(f"{name} takes a number above 0, not {value!r}.")


Decision = Literal["again", "done", "failed"]
"""What became of a firing that was sending something out when it was cut off."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failure:
    """One firing that failed and whose `error` port nobody listens to.

    `line` is where in its own code the block was; empty for a block that came with us.
    """

    node: str
    firing: int
    error: str
    message: str
    line: str = ""

    def __str__(self) -> str:
        return f"{self.node}: {self.error}: {self.message}"


class RunView(Protocol):
    """A run as its reader sees it: alive or long over, in this kernel or another."""

    id: str
    agent: str

    @property
    def status(self) -> RunStatus:
        """Where it stands now."""

    @property
    def outputs(self) -> Mapping[str, list[Any]]:
        """Each output's values, in the order in which they came."""

    @property
    def failures(self) -> list[Failure]:
        """Every failure that no link handles."""

    def stop(self) -> None:
        """Asks the run to stop; returns at once."""

    def wait(self, timeout: float | None = None) -> "RunView":
        """Blocks until the run has ended, and returns it."""
        ...

    async def finished(self) -> "RunView":
        """Waits, in any event loop, until the run has ended; returns it."""
        ...
