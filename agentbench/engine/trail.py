"""The trail of a run: which firing gave which value, and the live values themselves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.errors import CodecError
from agentbench.domain.event import Event, FiringStarted, ValueEmitted
from agentbench.domain.value import InlineValue, LiveValue, ValueRef
from agentbench.engine.plan import Ready
from agentbench.engine.values import ValueKeeper

Again = Callable[[Ready], Awaitable[list[Any]]]
"""Computes the values of a past firing once more."""


@dataclass(slots=True)
class Past:
    """One firing, as far as it got."""

    inputs: dict[str, int]
    attempts: int = 0
    emitted: list[int] = field(default_factory=list)


class Trail:
    """The values of one run by the number of their event."""

    def __init__(self, keeper: ValueKeeper) -> None:
        self._keeper = keeper
        self._firings: dict[tuple[str, int], Past] = {}
        self._refs: dict[int, tuple[ValueRef, str, int]] = {}
        self._live: dict[int, Any] = {}

    def apply(self, event: Event) -> None:
        """Takes in the next event of the run."""
        if isinstance(event, FiringStarted):
            past = self._firings.setdefault(
                (event.node, event.firing), Past(event.inputs)
            )
            past.attempts = event.attempt
        elif isinstance(event, ValueEmitted):
            self._firings[event.node, event.firing].emitted.append(event.seq)
            self._refs[event.seq] = (event.value, event.node, event.firing)

    def attempts(self, node: str, firing: int) -> int:
        """How often a firing has been tried."""
        past = self._firings.get((node, firing))
        return past.attempts if past else 0

    def emitted(self, node: str, firing: int) -> list[int]:
        """The numbers of the values that a firing gave, in order."""
        past = self._firings.get((node, firing))
        return past.emitted if past else []

    def remember(self, seq: int, value: Any) -> None:
        """Keeps the live object of a value; of a small plain one, the copy in its event."""
        ref = self._refs[seq][0]
        self._live[seq] = ref.data if isinstance(ref, InlineValue) else value

    def ref(self, seq: int) -> ValueRef:
        """How a value is kept."""
        return self._refs[seq][0]

    def peek(self, seq: int) -> Any:
        """A value, live or read back.

        Raises:
            CodecError: it was live only, and is gone.
        """
        if seq not in self._live:
            self._live[seq] = self._keeper.read(self._refs[seq][0])
        return self._live[seq]

    async def value(self, seq: int, again: Again) -> Any:
        """A value: live, read back, or computed once more."""
        if seq in self._live:
            return self._live[seq]
        ref, node, firing = self._refs[seq]
        if not isinstance(ref, LiveValue):
            return self.peek(seq)
        past = self._firings[node, firing]
        values = await again(Ready(node, firing, past.inputs))
        if len(values) < len(past.emitted):
            message = f"{node!r} gave fewer values than before, so one is lost."
            raise CodecError(message)
        for number, value in zip(past.emitted, values, strict=False):
            self._live.setdefault(number, value)
        return self._live[seq]
