"""The trail of a run: which firing gave which value, and the live values themselves."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from agentbench.domain.errors import CodecError
from agentbench.domain.event import (
    AttemptFailed,
    FiringAnswered,
    FiringCompleted,
    FiringEvent,
    FiringFailed,
    FiringParked,
    FiringReused,
    FiringSkipped,
    FiringStarted,
    FiringStopped,
    RunStarted,
    StepKept,
    ValueEmitted,
)
from agentbench.domain.tool import is_addressed
from agentbench.domain.value import InlineValue, LiveValue, StoredValue, ValueRef
from agentbench.engine.plan import Ready
from agentbench.engine.values import ValueKeeper

Again = Callable[[Ready], Awaitable[list[Any]]]
"""Computes the values of a past firing once more."""

PAUSE = "!pause"
"""The part that asks when a firing is held at a breakpoint; no call is named so."""
GO_ON, STEP = "go on", "step"

AT_HAND = 64
"""So many stored values, the latest used, are kept as objects too."""


_GONE = object()


_NONE: list[Any] = []
"""Stands for what a firing has not given yet; never written to."""


class Past:
    """One firing, as far as it got.

    `failed` counts the attempts that ended in an error, `cut_off` those that never
    ended: their kernel died. `answers` come with the part that had asked. `sent` are the
    values that went to tools, by port; `steps` what steps of it gave; `has_live` says
    that a value it gave lives in this kernel only, and may have to be computed again.
    """

    # On the class until it is so: most firings are tried once and give one value.
    attempts = 0
    failed = 0
    cut_off = 0
    is_open = False
    parked: FiringParked | None = None
    answers: tuple[tuple[str, ValueRef], ...] = ()
    emitted: list[int] = _NONE
    last_port = ""
    has_live = False
    sent: tuple[tuple[str, int], ...] = ()
    steps: dict[str, ValueRef] | None = None
    began = 0.0
    """When the attempt that runs began, by the monotonic clock; 0 while none does."""

    def __init__(self, inputs: dict[str, int]) -> None:
        self.inputs = inputs


class Trail:
    """The values of one run by the number of their event."""

    def __init__(self, keeper: ValueKeeper) -> None:
        self._keeper = keeper
        self.is_stepping = False
        """Whether every firing is held before it begins, as somebody asked."""
        self._firings: dict[tuple[str, int], Past] = {}
        self.refs: dict[int, ValueRef] = {}
        """How each value is kept, by the number of its event."""
        self._origins: dict[int, tuple[str, int]] = {}
        """Which firing gave a live value: it may have to be computed again."""
        self._live: dict[int, Any] = {}
        self._at_hand: OrderedDict[int, Any] = OrderedDict()
        self.rules: Mapping[type, Callable[[Any], None]] = {
            ValueEmitted: self._emitted,
            RunStarted: self._run_started,
            FiringStarted: self._started,
            AttemptFailed: self._failed,
            FiringParked: self._parked,
            FiringAnswered: self._answered,
            FiringStopped: self._stopped,
            StepKept: self._kept,
            FiringCompleted: self._ended,
            FiringFailed: self._ended,
            FiringSkipped: self._ended,
            FiringReused: self._ended,
        }
        """What an event changes, by its class."""

    def past(self, node: str, firing: int) -> Past:
        """A firing that has started and not ended, or has given a live value.

        Raises:
            KeyError: it is none of these.
        """
        return self._firings[node, firing]

    def attempts(self, node: str, firing: int) -> int:
        """How often a firing has been tried."""
        past = self._firings.get((node, firing))
        return past.attempts if past else 0

    def emitted(self, node: str, firing: int) -> list[int]:
        """The numbers of the values that a firing gave, in order."""
        past = self._firings.get((node, firing))
        return past.emitted if past else []

    def remember(self, seq: int, value: Any) -> None:
        """Keeps the live object of a value, for good where there is no other way back."""
        match self.refs[seq]:
            case LiveValue():
                self._live[seq] = value
            case StoredValue() if value is not None:
                self._keep_at_hand(seq, value)

    def ref(self, seq: int) -> ValueRef:
        """How a value is kept."""
        return self.refs[seq]

    def peek(self, seq: int, known: ValueRef | None = None) -> Any:
        """A value, live or read back; `known` is how the log keeps it.

        Raises:
            KeyError: there is none of that number here, or another than the log's: a
                run that was taken over gets other values under our numbers.
            CodecError: it was live only, and is gone.
        """
        ref = self.refs[seq]
        if known is not None and known != ref:
            raise KeyError(seq)
        if isinstance(ref, InlineValue):
            return ref.data
        if seq in self._live:
            return self._live[seq]
        value = self._at_hand.get(seq, _GONE)
        if value is _GONE:
            value = self._keeper.read(ref)
            self._keep_at_hand(seq, value)
        return value

    async def value(self, seq: int, again: Again) -> Any:
        """A value: live, read back, or computed once more."""
        ref = self.refs[seq]
        if isinstance(ref, StoredValue) and seq not in self._at_hand:
            self._keep_at_hand(seq, await self._keeper.fetch(ref))
        if seq in self._live or not isinstance(ref, LiveValue):
            return self.peek(seq)
        node, firing = self._origins[seq]
        past = self._firings[node, firing]
        values = await again(Ready(node, firing, past.inputs))
        if len(values) < len(past.emitted):
            message = f"{node!r} gave fewer values than before, so one is lost."
            raise CodecError(message)
        for number, value in zip(past.emitted, values, strict=False):
            if isinstance(self.refs[number], LiveValue):
                self._live.setdefault(number, value)
        return self._live[seq]

    def _run_started(self, event: RunStarted) -> None:
        self.is_stepping = event.options.step

    def _started(self, event: FiringStarted) -> None:
        key = (event.node, event.firing)
        past = self._firings.get(key)
        if past is None:
            past = self._firings[key] = Past(event.inputs)
        past.cut_off += past.is_open
        past.attempts, past.is_open = event.attempt, True

    def _emitted(self, event: ValueEmitted) -> None:
        self.refs[event.seq] = event.value
        past = self._firings.get((event.node, event.firing))
        if past is None:  # left behind: its firing has ended
            return
        if is_addressed(event.port):
            past.sent = (*past.sent, (event.port, event.seq))
            return
        if past.emitted is _NONE:
            past.emitted = []
        past.emitted.append(event.seq)
        past.last_port = event.port
        if type(event.value) is LiveValue:
            past.has_live = True
            self._origins[event.seq] = (event.node, event.firing)

    def _failed(self, event: AttemptFailed) -> None:
        past = self._firings[event.node, event.firing]
        past.failed += 1
        past.is_open = False

    def _parked(self, event: FiringParked) -> None:
        past = self._firings[event.node, event.firing]
        past.parked, past.is_open, past.began = event, False, 0.0

    def _answered(self, event: FiringAnswered) -> None:
        past = self._firings[event.node, event.firing]
        part = past.parked.part if past.parked else ""
        past.answers = (*past.answers, (part, event.answer))
        if part == PAUSE and isinstance(event.answer, InlineValue):
            self.is_stepping = event.answer.data == STEP
        past.parked = None

    def _ended(self, event: FiringEvent) -> None:
        # Kept for good, they are what the garbage collector of a long run looks through.
        past = self._firings.pop((event.node, event.firing), None)
        if past is not None and past.has_live:
            past.is_open = False
            self._firings[event.node, event.firing] = past

    def _stopped(self, event: FiringStopped) -> None:
        self._firings[event.node, event.firing].is_open = False

    def _kept(self, event: StepKept) -> None:
        past = self._firings[event.node, event.firing]
        past.steps = (past.steps or {}) | {event.step: event.value}

    def _keep_at_hand(self, seq: int, value: Any) -> None:
        # What is read back from bytes costs time, what is kept costs memory: a run of
        # many large values must not hold all of them. Other threads peek meanwhile.
        self._at_hand[seq] = value
        while len(self._at_hand) > AT_HAND:
            self._at_hand.popitem(last=False)
