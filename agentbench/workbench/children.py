"""Children: runs of agents that firings of other runs call for.

A child's id is its address in the tree, `run.node.firing.part`. It has no lease of its
own: whoever owns the root owns the tree, and the root's fence guards every write.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agentbench.domain.basis import Basis
from agentbench.domain.errors import SubAgentFailed, UnknownRun
from agentbench.domain.event import (
    CLOCK,
    TOOLS_DONE,
    Event,
    FiringAnswered,
    FiringParked,
)
from agentbench.domain.graph import Graph
from agentbench.domain.inside import agent_inside
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.domain.store import RunLog
from agentbench.engine.executor import GRACE, Executor
from agentbench.engine.gear import Call, Reply
from agentbench.engine.validate import checked_inputs, refuse_invalid
from agentbench.workbench.calls import Answer
from agentbench.workbench.opening import opening_of
from agentbench.workbench.parts import Parts
from agentbench.workbench.run import Run
from agentbench.workbench.settling import answered

DEEPEST = 8
"""How deep agents may call agents: the run that people start is at depth 0."""

Prepare = Callable[..., Executor]
"""Makes an executor of a run, its tenure, its events, its inputs, and the executor above."""


class Children:
    """Carries out calls of agents, each as a run under the run that calls."""

    def __init__(
        self,
        parts: Parts,
        *,
        find: Callable[[str, int | None], Graph],
        known: Callable[[str], Run],
        hold: Callable[[str, Graph], Run],
        prepare: Prepare,
    ) -> None:
        """`find` finds an agent, `known` a run, `hold` makes one, `prepare` its executor."""
        self._parts = parts
        self._find, self._known, self._hold = find, known, hold
        self._prepare = prepare

    async def call(self, above: Executor, call: Call) -> Reply:
        """Starts or goes on with the child that a call is, until it ends or waits.

        Raises:
            SubAgentFailed: it did not complete, or lies too deep.
        """
        id = f"{above.run_id}.{call.node}.{call.firing}.{call.part}"
        if above.depth >= DEEPEST:
            raise SubAgentFailed(
                call.agent, id, [await self._parts.loop.in_thread(self._too_deep, id)]
            )
        await above.tenure.certain()
        in_thread = self._parts.loop.in_thread
        run, past, inputs = await above.room.keep(
            lambda: in_thread(self._prepared, id, above, call)
        )
        if past:
            executor: Executor = await in_thread(
                self._prepare, run, above.tenure, past, inputs, above
            )
            await self._carried_out(executor)
        reply: Reply = await in_thread(self._reply, run, call)
        return reply

    def _too_deep(self, id: str) -> str:
        """That a call lies too deep, and who called whom on the way there."""
        names = id.split(".")
        above = [".".join(names[:end]) for end in range(1, len(names) - 2, 3)]
        agents = [self._known(run).agent for run in above]
        reason = f"agents call agents {DEEPEST} deep, and that is the limit"
        for place, agent in enumerate(agents):
            if agent in agents[:place]:
                round_trip = agents[agents.index(agent) : place + 1]
                return f"{reason}. They call each other in a circle: {' → '.join(round_trip)}."
        return f"{reason}: {' → '.join(agents)}."

    async def _carried_out(self, executor: Executor) -> None:
        task = asyncio.ensure_future(executor.run())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            executor.stop()
            with contextlib.suppress(Exception):
                await asyncio.wait_for(asyncio.shield(task), GRACE)
            raise

    def _prepared(
        self, id: str, above: Executor, call: Call
    ) -> tuple[Run, Sequence[Event], Mapping[str, Any] | None]:
        """The child, its events so far (none: it has ended), its inputs if it is new."""
        store, before, first = self._parts.store, "", id
        for number in itertools.count(2):
            try:
                record = store.run(id)
            except UnknownRun:
                return self._begun(id, above, call, before)
            is_lost = record.status.is_final and record.status != RunStatus.COMPLETED
            if not is_lost:
                break
            # Its firing is tried again, and builds on what the child had done.
            before, id = id, f"{first}~{number}"
        run = self._known(id)
        if record.status.is_final:
            return run, [], None
        store.claim_run(id, owner=self._parts.owner, fence=above.tenure.fence)
        events: Sequence[Event] = store.events(id)
        waiting = _question(run)
        if call.answer is not None and waiting is not None:
            said = Answer(
                node=waiting.node,
                firing=waiting.firing,
                answer=call.answer,
                by=self._parts.owner,
            )
            events = answered(store, id, above.tenure.fence, said)
        return run, events, None

    def _begun(
        self, id: str, above: Executor, call: Call, before: str
    ) -> tuple[Run, Sequence[Event], Mapping[str, Any]]:
        graph = agent_inside(above.graph, call.agent)
        if graph is None:
            graph = self._find(call.agent, call.version)
        refuse_invalid(graph)
        inputs = checked_inputs(graph, call.inputs)
        snapshot = graph.frozen()
        self._parts.consents.keep_own(snapshot)
        begun, kept = opening_of(
            self._parts,
            id,
            snapshot,
            inputs,
            options=RunOptions(),
            basis=_basis(self._parts.store, before),
            fence=above.tenure.fence,
            parent=f"{above.run_id}/{call.node}/{call.firing}",
        )
        kept.result()
        return self._hold(id, snapshot), [begun], inputs

    def _reply(self, run: Run, call: Call) -> Reply:
        status = run.status
        answers = sum(
            isinstance(event, FiringAnswered) and event.by not in (CLOCK, TOOLS_DONE)
            for event in self._parts.store.events(run.id)
        )
        if status is RunStatus.WAITING:
            return Reply(outputs={}, question=_question(run), answered=answers)
        if status is not RunStatus.COMPLETED:
            said = run.reason or f"it is {status}"
            reasons: list[Any] = [*run.failures] or [said]
            raise SubAgentFailed(call.agent, run.id, reasons)
        return Reply(outputs=dict(run.outputs), answered=answers)


def _basis(log: RunLog, before: str) -> Basis | None:
    """All that an earlier child had brought to an end stands, whatever it did."""
    if not before:
        return None
    return Basis(run=before, at=log.run(before).last_seq)


def _question(run: Run) -> FiringParked | None:
    """What a run waits to be told first."""
    asked = [
        asks
        for node in run.nodes.values()
        for firing in node.firings.values()
        if (asks := firing.asks) is not None
    ]
    return min(asked, key=lambda parked: parked.seq, default=None)
