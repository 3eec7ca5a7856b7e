"""Gear: what the workbench hands to every executor."""

import fnmatch
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentbench.domain.brought import Bringing
from agentbench.domain.consent import Consents
from agentbench.domain.credential import Credentials
from agentbench.domain.errors import BlockOff
from agentbench.domain.event import FiringParked
from agentbench.domain.feed import Feed
from agentbench.domain.lock import Locks
from agentbench.domain.memory import Memories
from agentbench.domain.model import Models
from agentbench.domain.outbound import Door
from agentbench.domain.rate import Rates
from agentbench.domain.redaction import Redaction
from agentbench.domain.replay import Recorder
from agentbench.domain.store import RunLog
from agentbench.domain.value import ValueRef
from agentbench.domain.worker import Workers
from agentbench.engine.loop import EngineLoop
from agentbench.engine.values import ValueKeeper


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an agent by a firing; `part` tells several calls of a firing apart.

    `answer` is what was answered to the question that the agent's run waits with.
    """

    node: str
    firing: int
    part: str
    agent: str
    version: int | None
    inputs: Mapping[str, Any]
    answer: ValueRef | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """How a call stands: the outputs by name, or the question that its run waits with.

    `answered` counts the answers that the run has taken so far.
    """

    outputs: dict[str, list[Any]]
    question: FiringParked | None = None
    answered: int = 0


RunAgent = Callable[[Any, Call], Awaitable[Reply]]
"""Carries out a call for the executor that is given first; raises `SubAgentFailed`."""


@dataclass(frozen=True, kw_only=True)
class Gear:
    """The parts that runs are carried out with; `owner` says in words by whom.

    `recorder` records what a run asks of the outside, or replays it; None when all is live.
    """

    owner: str
    log: RunLog
    feed: Feed
    keeper: ValueKeeper
    models: Models
    outbound: Door
    credentials: Credentials
    redaction: Redaction
    locks: Callable[[], Locks]
    rates: Callable[[], Rates]
    """Like `locks`: the first call may start a server, so never on the engine's loop."""
    loop: EngineLoop
    workers: Workers
    run_agent: RunAgent
    consents: Consents
    memories: Memories
    bringing: Bringing
    blocks_off: tuple[str, ...] = ()
    """Blocks that run nowhere here: ids, or patterns such as `web.*`."""
    workspace: Path | None = None
    """The folder that blocks keep files in; None for the working directory."""
    readable: tuple[Path, ...] = ()
    recorder: Recorder | None = None

    def refuse_off(self, block: str) -> None:
        """Refuses a block that runs nowhere here.

        Raises:
            BlockOff: it is switched off.
        """
        if any(fnmatch.fnmatchcase(block, pattern) for pattern in self.blocks_off):
            raise BlockOff(block)
