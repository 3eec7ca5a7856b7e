"""Recorder: the calls of one run and its sub-agents, recorded or replayed."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.errors import ReplayMiss
from agentbench.domain.outbound import Outbound
from agentbench.domain.replay import Asked, Calls, RecordedErrors, ReplayMode
from agentbench.replay.difference import changes, nearest
from agentbench.replay.folder import Call, RecordingFolder
from agentbench.replay.secrets import Known, Secrets
from agentbench.replay.web import RecordedOutbound

_REPLAYS = (ReplayMode.REPLAY, ReplayMode.AUTO)
_KEPT = ("retry_after", "status")
"""What errors say besides their message; the engine heeds the first."""


class FolderRecorder:
    """Records the calls of a run in a folder, or answers them from it.

    A call is known by what it asks, and, where the same is asked several times, by
    who asks (the node and the number of its firing) and for which time. No order of
    arrival is in it, so that a run replays alike at any concurrency.
    """

    def __init__(self, folder: Path, mode: ReplayMode, secrets: Known) -> None:
        self.mode = mode
        self.folder = RecordingFolder(folder, Secrets(secrets))
        self.missed = ""
        self._turns: Counter[tuple[str, str]] = Counter()
        self._by_key: dict[str, list[Call]] | None = None
        self._lock = threading.Lock()

    def calls(self, run: str, node: str, firing: int) -> Calls:
        """The calls of a firing."""
        return _FiringCalls(self, _caller(run, node, firing))

    def outbound(self, calls: Calls, outbound: Outbound) -> Outbound:
        """The door to the network whose requests are among those calls."""
        return RecordedOutbound(calls, outbound)

    def asked(self, asked: Asked, caller: str) -> Call:
        """A call, and for which time its caller makes it."""
        call = self.folder.asked(asked, caller, 1)
        with self._lock:
            turn = self._turns[caller, call.key] = self._turns[caller, call.key] + 1
        return call if turn == 1 else self.folder.asked(asked, caller, turn)

    def found(self, call: Call) -> Mapping[str, Any] | None:
        """What was recorded of a call; None when it is to be made. Reads files.

        Raises:
            ReplayMiss: it was not recorded, and may not be made.
            RecordingDamaged: a file of the recording is damaged.
        """
        if self.mode not in _REPLAYS:
            return None
        with self._lock:
            if self._by_key is None:
                self._by_key = {}
                for one in self.folder.calls():
                    self._by_key.setdefault(one.key, []).append(one)
            there = self._by_key.get(call.key, [])
            one = _meant(call, there)
            if one is not None:
                opened: Mapping[str, Any] = self.folder.open(one)
                return opened
            if self.mode is ReplayMode.AUTO:
                return None
            miss = self._miss(call, there)
            self.missed = self.missed or str(miss)
            raise miss

    def _miss(self, call: Call, there: list[Call]) -> ReplayMiss:
        asker = f"{call.caller!r}" + (f", time {call.turn}" if call.turn > 1 else "")
        if there:
            askers = ", ".join(f"{one.caller!r} (time {one.turn})" for one in there[:5])
            why = (
                "The same was asked when it was recorded, with different answers, by"
                f" {askers}: which of them is meant cannot be told."
            )
            return ReplayMiss(call.label, asker, self.folder.shown, why=why)
        every = [one for some in (self._by_key or {}).values() for one in some]
        near = nearest(call, every)
        if near is None:
            why = "Nothing of its kind is." if every else "There is no call in it."
            return ReplayMiss(call.label, asker, self.folder.shown, why=why)
        return ReplayMiss(
            call.label,
            asker,
            self.folder.shown,
            nearest=near.file,
            changes=changes(near.asked, call.asked),
        )


class _FiringCalls:
    """The calls of one firing."""

    def __init__(self, recorder: FolderRecorder, caller: str) -> None:
        self.mode = recorder.mode
        self._recorder, self._caller = recorder, caller

    async def answered(self, asked: Asked, live: Callable[[], Awaitable[Any]]) -> Any:
        call = self._recorder.asked(asked, self._caller)
        found = await asyncio.to_thread(self._recorder.found, call)
        if found is not None:
            _raise_error(found, asked.errors)
            return found["answer"]
        try:
            answer = await live()
        except Exception as error:
            await self._save_error(call, error, asked.errors, [])
            raise
        await self._save(call, {"answer": answer})
        return answer

    async def streamed(
        self, asked: Asked, live: Callable[[], AsyncIterator[Any]]
    ) -> AsyncIterator[Any]:
        call = self._recorder.asked(asked, self._caller)
        found = await asyncio.to_thread(self._recorder.found, call)
        if found is not None:
            for part in found["parts"]:
                yield part
            _raise_error(found, asked.errors)
            if found.get("cut"):
                raise ReplayMiss(
                    call.label,
                    call.caller,
                    self._recorder.folder.shown,
                    why="Only its beginning is: more was not read when it was recorded.",
                )
            return
        parts: list[Any] = []
        stream: Any = live()
        try:
            async with contextlib.aclosing(stream):
                async for part in stream:
                    parts.append(part)
                    yield part
        except GeneratorExit:  # whoever reads wants no more; on replay neither
            await self._save(call, {"parts": parts, "cut": True})
            raise
        except Exception as error:
            await self._save_error(call, error, asked.errors, parts)
            raise
        await self._save(call, {"parts": parts})

    async def _save(self, call: Call, outcome: Mapping[str, Any]) -> None:
        await asyncio.to_thread(self._recorder.folder.save, call, outcome)

    async def _save_error(
        self, call: Call, error: Exception, errors: RecordedErrors, parts: list[Any]
    ) -> None:
        name = _recorded_name(error, errors)
        if not name:
            return
        told: dict[str, Any] = {"type": name, "message": str(error)}
        for fact in _KEPT:
            value = getattr(error, fact, None)
            if isinstance(value, (int, float)):
                told[fact] = value
        before = {"parts": parts} if parts else {}
        await self._save(call, {**before, "error": told})


def _caller(run: str, node: str, firing: int) -> str:
    """Who calls, without the run's own id: `node.firing`, below a sub-agent its address."""
    above = run.partition(".")[2]
    # What is tried again is the same agent: its number is no part of who it is.
    path = ".".join(part.partition("~")[0] for part in above.split(".") if part)
    return f"{path}.{node}.{firing}" if path else f"{node}.{firing}"


def _meant(call: Call, there: list[Call]) -> Call | None:
    """The recorded call that answers one, of those that ask the same."""
    for one in there:
        if (one.caller, one.turn) == (call.caller, call.turn):
            return one
    if len({repr(one.outcome) for one in there}) == 1:
        return there[0]
    # A node that has another name now, or stands elsewhere, still fires as often.
    number = call.caller.rpartition(".")[2]
    alike = [
        one
        for one in there
        if (one.caller.rpartition(".")[2], one.turn) == (number, call.turn)
    ]
    return alike[0] if len(alike) == 1 else None


def _recorded_name(error: Exception, errors: RecordedErrors) -> str:
    """Under which name an error is recorded; empty for one that is not."""
    if isinstance(error, ConnectionRefusedError):
        return ""
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((name for name in names if name in errors), "")


def _raise_error(found: Mapping[str, Any], errors: RecordedErrors) -> None:
    """Raises the error that a call ended in, when it did."""
    told = found.get("error")
    if told is None:
        return
    error = errors.get(told["type"], ConnectionError)(told["message"])
    for fact in _KEPT:
        if fact in told:
            setattr(error, fact, told[fact])
    raise error
