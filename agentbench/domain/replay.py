"""Replay: calls of the outside that are recorded, and answered from the recording.

Whoever calls something outside (the web, a model, a tool server) for a firing does it
through the firing's `Calls`; which of them are made and which are read from a file is
decided by the run's mode, behind it.
"""

import enum
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from agentbench.domain.model import Models
from agentbench.domain.outbound import Door


class ReplayMode(enum.StrEnum):
    """What becomes of the calls of a run."""

    LIVE = "live"
    """They are made, and nothing is kept of them."""
    RECORD = "record"
    """They are made, and recorded."""
    REPLAY = "replay"
    """They are answered from the recording; one that is not in it is an error."""
    AUTO = "auto"
    """They are answered from the recording; one that is not in it is made and recorded."""

    @classmethod
    def named(cls, word: str | bool) -> "ReplayMode":  # noqa: FBT001 - as in `replay=True`
        """The mode that a word means; `on` and true are `replay`, `off` and false `live`.

        Raises:
            ValueError: it means none.
        """
        if isinstance(word, bool):
            return cls.REPLAY if word else cls.LIVE
        plain = word.strip().lower()
        try:
            return cls({"on": "replay", "off": "live"}.get(plain, plain))
        except ValueError:
            known = ", ".join(cls)
            message = f"Calls are {known}, not {word!r}."
            raise ValueError(message) from None


RecordedErrors = Mapping[str, Callable[[str], Exception]]
"""Errors that are part of a recording: the name of the class, and what makes one of a message."""

WIRE_ERRORS: RecordedErrors = {
    "ConnectionError": ConnectionError,
    "TimeoutError": TimeoutError,
}
"""Not `ConnectionRefusedError`: a refusal is about our settings, not about the other side."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call as it is recorded.

    `facts` are all that the answer may depend on, and nothing else (no times, no ids
    made up for the call, no secrets): the call is found again by them. They and the
    answers are trees of plain values (`None`, `bool`, numbers, text, `bytes`, lists,
    and dictionaries with text for keys). `label` is for people: what is in the file's
    name and in messages, such as `GET example.com/prices`. Any error that is not in
    `errors`, by the name of its class or of one it derives from, is raised unrecorded.
    """

    kind: str
    """`web`, `model`, `mcp`: one word for what is called."""
    label: str
    facts: Mapping[str, Any]
    errors: RecordedErrors = field(default_factory=lambda: WIRE_ERRORS)
    is_same: Callable[[Any, Any], bool] | None = None
    """Whether two answers (or lists of parts) say the same: then the older one stays as it is."""


class Calls(Protocol):
    """The calls of one firing; from any event loop."""

    mode: ReplayMode
    """In `replay` nothing may be needed for a call that is never made, such as a credential."""

    async def answered(self, asked: Asked, live: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to a call: what `live` gives, or what was recorded of it.

        Raises:
            ReplayMiss: it was not recorded, and may not be made.
        """
        ...

    def streamed(
        self, asked: Asked, live: Callable[[], AsyncIterator[Any]]
    ) -> AsyncIterator[Any]:
        """The same for an answer that comes in parts; the parts are kept as they came.

        Close it (`contextlib.aclosing`) when you do not read it to its end.

        Raises:
            ReplayMiss: it was not recorded, and may not be made.
        """
        ...


class Recorder(Protocol):
    """Records the calls of a run and of its sub-agents, or replays them."""

    mode: ReplayMode

    @property
    def missed(self) -> str:
        """What is said of the first call that was not recorded; empty when all were."""
        ...

    def calls(self, run: str, node: str, firing: int) -> Calls:
        """The calls of a firing; `run` is the id of its run or sub-run."""
        ...

    def door(self, calls: Calls, door: Door) -> Door:
        """The door to the network whose requests are among those calls."""
        ...

    def models(self, calls: Calls, models: Models) -> Models:
        """The models whose answers are among those calls."""
        ...


class LiveCalls:
    """Makes every call and keeps nothing."""

    mode = ReplayMode.LIVE

    async def answered(self, asked: Asked, live: Callable[[], Awaitable[Any]]) -> Any:
        return await live()

    def streamed(
        self, asked: Asked, live: Callable[[], AsyncIterator[Any]]
    ) -> AsyncIterator[Any]:
        return live()


LIVE_CALLS = LiveCalls()
