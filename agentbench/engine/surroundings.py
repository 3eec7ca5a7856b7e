"""Surroundings: what all firings of a run are handed alike."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from agentbench.domain.event import Progressed
from agentbench.domain.memory import Memory
from agentbench.engine.chronicle import Chronicle
from agentbench.engine.gear import Call, Gear, Reply
from agentbench.engine.remembering import MaskedMemory


class Surroundings:
    """The gear, and what is the run's own."""

    def __init__(
        self,
        gear: Gear,
        *,
        agent: str,
        run_id: str,
        book: Chronicle,
        folders: Callable[[], tuple[Path, ...]],
        record: Callable[..., Any],
        progress: Callable[[Progressed], None],
        call: Callable[[Call], Awaitable[Reply]],
        value: Callable[[int], Awaitable[Any]],
    ) -> None:
        """`record` makes an event of the run, none once it is over, on the engine's loop.

        `folders` says where relative files are looked for; most runs have none.
        """
        self.gear, self.run_id, self.book = gear, run_id, book
        self._folders = folders
        self.memory: Memory = MaskedMemory(gear.memories.of(agent), gear.redaction)
        """What the agent keeps from run to run."""
        self.record, self.progress = record, progress
        self.call, self.value = call, value

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """Where relative files are looked for, in this order."""
        return self._folders()
