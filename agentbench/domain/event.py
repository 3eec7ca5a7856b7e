"""Events: the frozen, past-tense facts of a run, numbered from 1.

The log of them is the truth: the state of a run is what folding them gives. They
are msgspec structs because the engine makes three or more for every firing and
msgspec writes one in a sixth of pydantic's time.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from agentbench.domain.basis import Basis
from agentbench.domain.run import RunOptions
from agentbench.domain.terms import UNANSWERED, Terms
from agentbench.domain.value import ValueRef


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="kind",
    omit_defaults=True,
    gc=False,
):
    """One fact of a run; `seq` is its number in the run, `at` seconds since 1970.

    The garbage collector does not look at events: they lead to no event, nor back.
    """

    seq: int
    at: float


class FiringEvent(Event, frozen=True, kw_only=True):
    """A fact of one firing: the `firing`-th of `node`, counted from 1."""

    node: str
    firing: int


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    """A run began: `graph` is the hash of its document, `inputs` what it was given.

    `versions` holds, by block, its version: what a later run compares when
    it wants to know whether a result still stands. `parent` says which firing of which
    run asked for this one: `run/node/firing`; empty for a run that people started.
    `named` holds, by input, what a form said in the place of a table or an image.
    """

    run: str
    graph: str
    inputs: dict[str, ValueRef]
    owner: str
    fence: int
    options: RunOptions = RunOptions()
    versions: dict[str, str] = {}
    parent: str = ""
    basis: Basis | None = None
    named: dict[str, dict[str, str]] = {}


class RunResumed(Event, frozen=True, kw_only=True, tag="run_resumed"):
    """Another owner went on with the run."""

    owner: str
    fence: int


class FiringStarted(FiringEvent, frozen=True, kw_only=True, tag="firing_started"):
    """A node began a firing.

    `inputs` names, for each linked port, the event (`seq`) that brought its value.
    `reason` says why a run that may reuse does it again.
    """

    attempt: int
    inputs: dict[str, int]
    reason: str = ""


class ValueEmitted(FiringEvent, frozen=True, kw_only=True, tag="value_emitted"):
    """A firing gave a value. It is released when the node's earlier firings are done."""

    port: str
    value: ValueRef


class LineLogged(FiringEvent, frozen=True, kw_only=True, tag="line_logged"):
    """A block had something to say."""

    text: str


class UsageRecorded(FiringEvent, frozen=True, kw_only=True, tag="usage_recorded"):
    """A firing used up so many tokens, and so much money in US dollars.

    `model` says whose they are, `seconds` how long it took, where it was a model.
    """

    tokens: int = 0
    cost: float = 0.0
    model: str = ""
    seconds: float = 0.0


class StepKept(FiringEvent, frozen=True, kw_only=True, tag="step_kept"):
    """What a step of a firing gave: the firing, begun again, does not do it again."""

    step: str
    value: ValueRef


class AttemptFailed(FiringEvent, frozen=True, kw_only=True, tag="attempt_failed"):
    """An attempt of a firing failed; the next begins after `wait` seconds."""

    attempt: int
    seconds: float
    error: str
    message: str
    wait: float


CALLED = "!called"
"""The part that a firing waits for which called tools: one of them waits for a person."""
CLOCK, TOOLS_DONE = "the clock", "its tools"
"""By whom a firing is answered that waits for a time, or for what it called."""


class FiringParked(FiringEvent, frozen=True, kw_only=True, tag="firing_parked"):
    """A firing waits for an answer, or until a time, and holds nothing meanwhile.

    `choices` are the answers it takes, any when empty, unless `terms` say more; `until` is seconds since 1970,
    0 for one that waits for an answer; `about` is what the question is about, `part`
    the call of an agent that asks, empty for the block itself.
    """

    question: str
    choices: tuple[str, ...] = ()
    until: float = 0.0
    about: ValueRef | None = None
    part: str = ""
    terms: Terms = Terms()

    @property
    def is_question(self) -> bool:
        """Whether it is a person who is to answer."""
        return not self.until and self.part != CALLED

    def clock(self, *, is_part: bool) -> tuple[float, Any]:
        """When the clock answers (0 for never), and what it says then."""
        if self.until or is_part or not self.terms.until:
            return self.until, None
        default = self.terms.default
        return self.terms.until, UNANSWERED if default is None else default


class FiringAnswered(FiringEvent, frozen=True, kw_only=True, tag="firing_answered"):
    """Somebody answered a parked firing: it begins again, and finds the answer."""

    answer: ValueRef
    by: str


class FiringSkipped(FiringEvent, frozen=True, kw_only=True, tag="firing_skipped"):
    """A firing ended without its block being run, for this reason."""

    reason: str


class FiringReused(FiringEvent, frozen=True, kw_only=True, tag="firing_reused"):
    """A firing took its values from a firing of the same node in an earlier run.

    `run` is empty where they were pinned.
    """

    run: str
    source: int
    reason: str


class FiringCompleted(FiringEvent, frozen=True, kw_only=True, tag="firing_completed"):
    """A firing ended well after so many seconds."""

    seconds: float


class FiringFailed(FiringEvent, frozen=True, kw_only=True, tag="firing_failed"):
    """A firing ended in an error; `is_handled` when its `error` port is linked.

    `line` is the last line of the block's own code that the error came through.
    """

    seconds: float
    error: str
    message: str
    traceback: str
    is_handled: bool
    line: str = ""


class FiringStopped(FiringEvent, frozen=True, kw_only=True, tag="firing_stopped"):
    """A firing was cut off because the run was stopped."""

    seconds: float


class RunParked(Event, frozen=True, kw_only=True, tag="run_parked"):
    """Nothing is left to do until a firing is answered; nobody holds the run."""

    firings: dict[str, list[int]]


class DecisionNeeded(Event, frozen=True, kw_only=True, tag="decision_needed"):
    """A run was cut off while these firings, by node, were changing the world."""

    firings: dict[str, list[int]]


class RunFinished(Event, frozen=True, kw_only=True, tag="run_finished"):
    """A run ended with this status, and for this reason where it was cut short.

    `unfired` counts, by node, the firings that kept waiting for a value.
    """

    status: str
    seconds: float
    unfired: dict[str, int]
    reason: str = ""


AnyEvent = (
    RunStarted
    | RunResumed
    | RunParked
    | DecisionNeeded
    | FiringStarted
    | ValueEmitted
    | LineLogged
    | UsageRecorded
    | StepKept
    | AttemptFailed
    | FiringParked
    | FiringAnswered
    | FiringCompleted
    | FiringFailed
    | FiringSkipped
    | FiringReused
    | FiringStopped
    | RunFinished
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyEvent)


class Progressed(msgspec.Struct, frozen=True, kw_only=True, tag="progressed"):
    """How far a firing is: an ephemeral event, live only, never stored."""

    node: str
    firing: int
    done: float
    total: float
    text: str


class RunHeld(msgspec.Struct, frozen=True, kw_only=True, tag="run_held"):
    """A run stands still for a reason, or, with none, goes on again: live only, never stored."""

    reason: str


def encode_event(event: Event) -> bytes:
    """The event as JSON."""
    return _encoder.encode(event)


def encode_events(events: Sequence[Event]) -> list[bytes]:
    """Each event as JSON; all at once costs half of what one after the other does."""
    return _encoder.encode_lines(events).split(b"\n")[:-1]


def decode_event(data: bytes) -> Any:
    """The event that `encode_event` wrote.

    Raises:
        msgspec.ValidationError: it is no event.
    """
    return _decoder.decode(data)
