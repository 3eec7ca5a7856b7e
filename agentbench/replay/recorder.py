"""Recorder: the calls of one run and its sub-agents, recorded or replayed."""

import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from agentbench.domain.errors import ReplayMiss
from agentbench.domain.model import Models
from agentbench.domain.outbound import Door
from agentbench.domain.redaction import Redaction
from agentbench.domain.replay import Asked, Calls, ReplayMode
from agentbench.replay.calls import FiringCalls
from agentbench.replay.difference import changes, nearest
from agentbench.replay.folder import Call, RecordingFolder
from agentbench.replay.models import RecordedModels
from agentbench.replay.secrets import Secrets
from agentbench.replay.web import RecordedDoor

_REPLAYS = (ReplayMode.REPLAY, ReplayMode.AUTO)


class FolderRecorder:
    """Records the calls of a run in a folder, or answers them from it.

    A call is known by what it asks, and, where the same is asked several times, by
    who asks (the node and the number of its firing) and for which time. No order of
    arrival is in it, so that a run replays alike at any concurrency.
    """

    def __init__(
        self,
        folder: Path,
        mode: ReplayMode,
        known: Redaction,
        used: set[str] | None = None,
    ) -> None:
        """`known` are the secrets of this process; `used` collects the names of files."""
        self.mode = mode
        self.folder = RecordingFolder(folder, Secrets(known), used)
        self.missed = ""
        self._turns: Counter[tuple[str, str]] = Counter()
        self._by_key: dict[str, list[Call]] | None = None
        self._lock = threading.Lock()

    def calls(self, run: str, node: str, firing: int) -> Calls:
        """The calls of a firing."""
        return FiringCalls(self, _caller(run, node, firing))

    def door(self, calls: Calls, door: Door) -> Door:
        """The door to the network whose requests are among those calls."""
        return RecordedDoor(calls, door) if isinstance(calls, FiringCalls) else door

    def models(self, calls: Calls, models: Models) -> Models:
        """The models whose answers are among those calls."""
        return RecordedModels(calls, models)

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
            meant = _meant(call, there)
            if meant is not None:
                opened: Mapping[str, Any] = self.folder.open(meant)
                return opened
            if self.mode is ReplayMode.REPLAY:
                self.miss(self._miss(call, there))
        return None

    def miss(self, miss: ReplayMiss) -> NoReturn:
        """Notes that a call was missed, and raises it: a block may well swallow it."""
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
