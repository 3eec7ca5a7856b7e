"""The outfit: what an executor needs of the workbench to carry a run out."""

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentbench.domain.event import Event, RunStarted
from agentbench.engine.executor import Executor
from agentbench.engine.gear import Call, Gear, Reply
from agentbench.engine.recollection import Recollection
from agentbench.engine.tenure import Tenure
from agentbench.workbench import builds
from agentbench.workbench.bringing import Bringer
from agentbench.workbench.ownership import Ownership
from agentbench.workbench.parts import Parts
from agentbench.workbench.run import Run


class Outfit:
    """Makes the executors of runs."""

    def __init__(
        self,
        parts: Parts,
        owners: Ownership,
        *,
        known: Callable[[str], Run],
        run_agent: Callable[[Executor, Call], Awaitable[Reply]],
    ) -> None:
        """`known` finds a run, `run_agent` carries an agent out as a part of one."""
        self._parts, self._owners = parts, owners
        self._known, self._run_agent = known, run_agent

    def executor(
        self,
        run: Run,
        tenure: Tenure,
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
        above: Executor | None = None,
    ) -> Executor:
        """What carries a run out; made in a thread, for it may read an earlier run's log."""
        recorder = self._parts.replays.recorder(run.id, past[0])
        gear = self._gear
        executor = Executor(
            run.graph,
            gear if recorder is None else replace(gear, recorder=recorder),
            run=run.id,
            tenure=tenure,
            folders=functools.partial(_folders, Path.cwd(), run.graph.file),
            past=past,
            inputs=inputs,
            recollection=self._recollection(run, past[0]),
            above=above,
        )
        run.peek = executor.book.trail.peek
        run.held_by = lambda: executor.room.reason
        return executor

    def _recollection(self, run: Run, first: Event) -> Recollection | None:
        """What the run may take from the one that it builds on."""
        if not isinstance(first, RunStarted) or first.basis is None:
            return None
        before = self._known(first.basis.run) if first.basis.run else None
        return builds.recollection(self._parts.store, run.graph, first, before)

    @functools.cached_property
    def _gear(self) -> Gear:
        parts = self._parts
        return Gear(
            owner=parts.owner,
            log=parts.store,
            feed=parts.feed,
            keeper=parts.keeper,
            outbound=parts.outbound,
            models=parts.models,
            credentials=parts.credentials,
            redaction=parts.redaction,
            locks=self._owners.locks,
            rates=self._owners.rates,
            loop=parts.loop,
            workers=parts.workers,
            run_agent=self._run_agent,
            consents=parts.consents,
            blocks_off=parts.settings.blocks_off,
            memories=parts.memories,
            bringing=Bringer(parts),
            workspace=parts.settings.workspace,
            readable=parts.settings.folders,
        )


def _folders(here: Path, file: Path | None) -> tuple[Path, ...]:
    """Where relative files are looked for: here, then beside the agent's file and above."""
    beside = [] if file is None else list(file.parents)[:3]
    return (here, *beside)
