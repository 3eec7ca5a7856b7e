"""Surroundings: what all firings of a run are handed alike."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentbench.domain.brought import Bringing
from agentbench.domain.credential import Credentials
from agentbench.domain.event import Progressed
from agentbench.domain.memory import Memory
from agentbench.domain.model import Models
from agentbench.domain.outbound import Door
from agentbench.domain.rate import Rates
from agentbench.domain.redaction import Redaction
from agentbench.domain.replay import Recorder
from agentbench.domain.value import ValueRef
from agentbench.domain.worker import Workers
from agentbench.engine.chronicle import Chronicle
from agentbench.engine.gear import Call, Gear, Reply
from agentbench.engine.loop import EngineLoop
from agentbench.engine.remembering import MaskedMemory


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What all firings of a run are handed alike."""

    run_id: str
    outbound: Door
    credentials: Credentials
    redaction: Redaction
    folders: tuple[Path, ...]
    loop: EngineLoop
    workers: Workers
    record: Callable[..., Any]
    """Makes an event of the run, none once it is over; on the engine's loop only."""
    progress: Callable[[Progressed], None]
    call: Callable[[Call], Awaitable[Reply]]
    read: Callable[[ValueRef], Awaitable[Any]]
    rates: Callable[[], Rates]
    keep: Callable[[Any], Awaitable[ValueRef]]
    value: Callable[[int], Awaitable[Any]]
    models: Models
    book: Chronicle
    memory: Memory
    bringing: Bringing
    refuse_off: Callable[[str], None]
    """Refuses a block that runs nowhere here, by its id."""
    workspace: Path | None = None
    readable: tuple[Path, ...] = ()
    recorder: Recorder | None = None
    """Records or replays what firings ask of the outside; None when all is live."""

    @classmethod
    def of(cls, gear: Gear, *, agent: str, **own: Any) -> "Surroundings":
        """What a run of that agent hands on of its gear, and its `own`."""
        return cls(
            outbound=gear.outbound,
            credentials=gear.credentials,
            redaction=gear.redaction,
            loop=gear.loop,
            workers=gear.workers,
            read=gear.keeper.fetch,
            rates=gear.rates,
            keep=gear.keeper.keep,
            models=gear.models,
            memory=MaskedMemory(gear.memories.of(agent), gear.redaction),
            bringing=gear.bringing,
            refuse_off=gear.refuse_off,
            workspace=gear.workspace,
            readable=gear.readable,
            **own,
        )
