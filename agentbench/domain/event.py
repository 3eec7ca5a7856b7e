"""Events: the frozen, past-tense facts of a run, numbered from 1.

The log of them is the truth: the state of a run is what folding them gives. They
are msgspec structs because the engine makes three or more for every firing and
msgspec writes one in a sixth of pydantic's time.
"""

from typing import Any

import msgspec

from agentbench.domain.value import ValueRef


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One fact of a run; `seq` is its number in the run, `at` seconds since 1970."""

    seq: int
    at: float


class FiringEvent(Event, frozen=True, kw_only=True):
    """A fact of one firing: the `firing`-th of `node`, counted from 1."""

    node: str
    firing: int


class RunStarted(Event, frozen=True, kw_only=True, tag="run_started"):
    """A run began: `graph` is the hash of its document, `inputs` what it was given."""

    run: str
    graph: str
    inputs: dict[str, ValueRef]
    owner: str
    fence: int
    concurrency: int


class RunResumed(Event, frozen=True, kw_only=True, tag="run_resumed"):
    """Another owner went on with the run."""

    owner: str
    fence: int


class FiringStarted(FiringEvent, frozen=True, kw_only=True, tag="firing_started"):
    """A node began a firing.

    `inputs` names, for each linked port, the event (`seq`) that brought its value.
    """

    attempt: int
    inputs: dict[str, int]


class ValueEmitted(FiringEvent, frozen=True, kw_only=True, tag="value_emitted"):
    """A firing gave a value. It is released when the node's earlier firings are done."""

    port: str
    value: ValueRef


class LineLogged(FiringEvent, frozen=True, kw_only=True, tag="line_logged"):
    """A block had something to say."""

    text: str


class FiringCompleted(FiringEvent, frozen=True, kw_only=True, tag="firing_completed"):
    """A firing ended well after so many seconds."""

    seconds: float


class FiringFailed(FiringEvent, frozen=True, kw_only=True, tag="firing_failed"):
    """A firing ended in an error; `is_handled` when its `error` port is linked."""

    seconds: float
    error: str
    message: str
    traceback: str
    is_handled: bool


class FiringStopped(FiringEvent, frozen=True, kw_only=True, tag="firing_stopped"):
    """A firing was cut off because the run was stopped."""

    seconds: float


class RunFinished(Event, frozen=True, kw_only=True, tag="run_finished"):
    """A run ended with this status.

    `unfired` counts, by node, the firings that kept waiting for a value.
    """

    status: str
    seconds: float
    unfired: dict[str, int]


AnyEvent = (
    RunStarted
    | RunResumed
    | FiringStarted
    | ValueEmitted
    | LineLogged
    | FiringCompleted
    | FiringFailed
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


def encode_event(event: Event) -> bytes:
    """The event as JSON."""
    return _encoder.encode(event)


def decode_event(data: bytes) -> Any:
    """The event that `encode_event` wrote.

    Raises:
        msgspec.ValidationError: it is no event.
    """
    return _decoder.decode(data)
