"""Calls: those of one firing, each answered from the recording or made and kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NoReturn, Protocol

from agentbench.domain.errors import ReplayMiss
from agentbench.domain.replay import Asked, RecordedErrors, ReplayMode
from agentbench.replay.folder import Call, RecordingFolder

_KEPT = ("retry_after", "status")
"""What errors say besides their message; the engine heeds the first."""


class Book(Protocol):
    """The recording of a run, as its firings see it."""

    mode: ReplayMode
    folder: RecordingFolder

    def asked(self, asked: Asked, caller: str) -> Call:
        """A call, and for which time its caller makes it."""
        ...

    def found(self, call: Call) -> Mapping[str, Any] | None:
        """What was recorded of a call; None when it is to be made. Reads files."""
        ...

    def miss(self, miss: ReplayMiss) -> NoReturn:
        """Notes that a call was missed, and raises it."""
        ...


class Entry:
    """One call in the making: `outcome` is what was recorded of it, if it was."""

    def __init__(
        self, book: Book, asked: Asked, call: Call, outcome: Mapping[str, Any] | None
    ) -> None:
        self.call, self.outcome = call, outcome
        self._book, self._errors, self._is_same = book, asked.errors, asked.is_same
        self.is_open = outcome is None
        """Whether nothing has been kept of it yet."""

    async def save(self, **outcome: Any) -> None:
        """Keeps what came of the call."""
        self.is_open = False
        await asyncio.to_thread(self._keep, outcome)

    def _keep(self, outcome: Mapping[str, Any]) -> None:
        folder = self._book.folder
        if self._is_same is not None and outcome.keys() <= {"answer", "parts"}:
            before = folder.before(self.call)
            if before is not None and before.keys() == outcome.keys():
                (name,) = outcome
                if self._is_same(before[name], outcome[name]):
                    return
        folder.save(self.call, outcome)

    async def save_error(self, error: Exception, **before: Any) -> None:
        """Keeps the error that it ended in, if that is one to be kept."""
        name = _recorded_name(error, self._errors)
        if not name:
            return
        told: dict[str, Any] = {"type": name, "message": str(error)}
        for fact in _KEPT:
            value = getattr(error, fact, None)
            if isinstance(value, (int, float)):
                told[fact] = value
        await self.save(**before, error=told)

    def raise_error(self) -> None:
        """Raises the error that the recorded call ended in, when it did."""
        told = (self.outcome or {}).get("error")
        if told is None:
            return
        error = self._errors.get(told["type"], ConnectionError)(told["message"])
        for fact in _KEPT:
            if fact in told:
                setattr(error, fact, told[fact])
        raise error

    def raise_cut(self) -> None:
        """Says so, when more is wanted than was read when it was recorded.

        Raises:
            ReplayMiss: it is.
        """
        if (self.outcome or {}).get("cut"):
            call, where = self.call, self._book.folder.shown
            why = "Its beginning is: no more of it was read then."
            self._book.miss(ReplayMiss(call.label, repr(call.caller), where, why=why))


class FiringCalls:
    """The calls of one firing."""

    def __init__(self, book: Book, caller: str) -> None:
        self.mode = book.mode
        self._book, self._caller = book, caller

    async def begin(self, asked: Asked) -> Entry:
        """Begins a call: looks whether it was recorded.

        Raises:
            ReplayMiss: it was not, and may not be made.
        """
        call = self._book.asked(asked, self._caller)
        found = await asyncio.to_thread(self._book.found, call)
        return Entry(self._book, asked, call, found)

    def refuse(self, call: str, why: str) -> NoReturn:
        """Refuses a call that cannot be replayed.

        Raises:
            ReplayMiss: always.
        """
        self._book.miss(
            ReplayMiss(call, repr(self._caller), self._book.folder.shown, why=why)
        )

    async def answered(self, asked: Asked, live: Callable[[], Awaitable[Any]]) -> Any:
        entry = await self.begin(asked)
        if entry.outcome is not None:
            entry.raise_error()
            return entry.outcome.get("answer")
        try:
            answer = await live()
        except Exception as error:
            await entry.save_error(error)
            raise
        await entry.save(answer=answer)
        return answer

    async def streamed(
        self, asked: Asked, live: Callable[[], AsyncIterator[Any]]
    ) -> AsyncIterator[Any]:
        entry = await self.begin(asked)
        if entry.outcome is not None:
            for part in entry.outcome.get("parts", ()):
                yield part
            entry.raise_error()
            entry.raise_cut()
            return
        parts: list[Any] = []
        stream: Any = live()
        try:
            async with contextlib.aclosing(stream):
                async for part in stream:
                    parts.append(part)
                    yield part
        except GeneratorExit:  # whoever reads wants no more; on replay neither
            if not is_cut_off():
                await entry.save(parts=parts, cut=True)
            raise
        except Exception as error:
            await entry.save_error(error, parts=parts)
            raise
        await entry.save(parts=parts)


def is_cut_off() -> bool:
    """Whether whoever calls is being cancelled: what it leaves undone says nothing."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _recorded_name(error: Exception, errors: RecordedErrors) -> str:
    """Under which name an error is recorded; empty for one that is not."""
    if isinstance(error, ConnectionRefusedError):
        return ""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((name for name in names if name in errors), "")
