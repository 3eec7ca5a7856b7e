"""The executor: carries out one run, from the first firing to the last."""

import asyncio
import functools
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import NotKept, RunCutOff, StoreError
from agentbench.domain.event import (
    Event,
    FiringStarted,
    FiringStopped,
    Progressed,
    RunFinished,
    RunResumed,
    RunStarted,
)
from agentbench.domain.run import RunStatus
from agentbench.domain.value import ValueRef
from agentbench.engine.attempts import Attempts
from agentbench.engine.budget import has_budget, overdrawn
from agentbench.engine.chronicle import Chronicle, seconds_of
from agentbench.engine.clock import RunClock
from agentbench.engine.gate import Gate
from agentbench.engine.gear import Gear
from agentbench.engine.intake import Intake
from agentbench.engine.journal import Journal
from agentbench.engine.lanes import Lanes
from agentbench.engine.parking import Parking
from agentbench.engine.plan import Ready
from agentbench.engine.recollection import Recollection
from agentbench.engine.room import Room
from agentbench.engine.roster import Roster
from agentbench.engine.site import Sites
from agentbench.engine.surroundings import Surroundings
from agentbench.engine.taking_up import take_up
from agentbench.engine.tenure import Tenure
from agentbench.engine.tools import ToolCalls

GRACE = 1.5
"""Seconds a cancelled firing has to end; then it is left behind and counted as stopped."""


class Executor:
    """One run of one graph. Make it and call `run` on the engine's loop."""

    def __init__(
        self,
        graph: Drawing,
        gear: Gear,
        *,
        run: str,
        tenure: Tenure,
        folders: Callable[[], tuple[Path, ...]],
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
        recollection: Recollection | None = None,
        above: "Executor | None" = None,
    ) -> None:
        """Makes the executor of a run whose events so far are `past`.

        `inputs` are the live run inputs of a run that begins; None for one that is
        resumed: its inputs are read back when they are asked for. `above` is the
        executor of the run that this one is a part of. Until the tenure is certain,
        nothing is written, and firings begin up to the first that is not pure.

        Raises:
            StoreError: the log does not begin with the start of a run.
        """
        first = past[0]
        if not isinstance(first, RunStarted):
            raise StoreError(f"The log of the run {run} does not begin with its start.")
        self.run_id, self.tenure, self.graph = run, tenure, graph
        self.depth: int = 0 if above is None else above.depth + 1
        self._gear, self._above = gear, above
        self._options = first.options
        self.has_budget: bool = has_budget(first.options) or (
            above is not None and above.has_budget
        )
        self._past, self._is_new = past, inputs is not None
        last = past[-1].seq
        self.room: Room = Room(gear.feed, run) if above is None else above.room
        self._journal = Journal(
            gear.log,
            gear.feed,
            run,
            tenure=tenure,
            room=self.room,
            redaction=gear.redaction,
            last_seq=last,
        )
        totals = None if above is None else above.book
        self._sites, self._change = Sites(graph), asyncio.Event()
        self._calls = ToolCalls(graph, self._sites, wake=self._change.set)
        self.book: Chronicle = Chronicle(
            graph, self._journal, gear.keeper, calls=self._calls, above=totals
        )
        self._intake = Intake(
            self._sites,
            self.book.trail,
            gear.keeper,
            Surroundings(
                gear,
                agent=graph.name,
                run_id=run,
                folders=folders,
                record=self._record_from_block,
                progress=self._progress,
                call=functools.partial(gear.run_agent, self),
                value=self._value,
                book=self.book,
            ),
            gate=Gate(graph, gear),
            live=inputs,
            kept=first.inputs,
        )
        self._attempts = Attempts(
            gear,
            sites=self._sites,
            book=self.book,
            intake=self._intake,
            recollection=recollection,
            fail_run=self._fail_run,
            breathe=self._breathe,
            tenure=tenure,
        )
        limits = self.book.plan.wiring.limits
        self._roster = Roster(
            first.options.concurrency, limits, idle=self._calls.waiting
        )
        self._lanes = Lanes(
            self._roster,
            self._journal,
            take=self._take,
            fire=self._attempts.fire,
            has_more=self._has_more,
            ended=self._ended,
            closed=self._lane_closed,
        )
        self._parking = Parking(
            self.book,
            is_part=above is not None,
            wake=self._change.set,
        )
        self._clock = RunClock(
            first.options,
            before=0.0 if self._is_new else seconds_of(past),
            room=self.room,
            stop=self.stop,
        )
        self._reason = self._lost = ""
        self._is_watching = False
        self._fault: BaseException | None = None

    # ---- from outside ------------------------------------------------------

    async def run(self) -> RunStatus:
        """Carries the run out and returns how it ended, once that is in the log.

        Raises:
            StoreError: the log can no longer be written; the run stands interrupted.
            BackendError: it cannot be kept or held in the first place; none was begun.
            RunCutOff: it is no longer ours; so does it then.
        """
        keeping = asyncio.ensure_future(self._journal.keep())
        self._clock.start()
        self.room.listeners.add(self._change.set)
        try:
            self._begin()
            await self._work(keeping)
            status = await self._finish()
            self._journal.close()
            if not self._lost:
                await keeping
        except NotKept as error:  # it could have waited, had it not been stopped
            raise RunCutOff.while_stopped(self.run_id, error) from error
        finally:
            keeping.cancel()
            self.room.listeners.discard(self._change.set)
            self._parking.close()
            self._clock.cancel()
            await self._cut_off()
        if status is RunStatus.INTERRUPTED:  # a silent end would pass for a good one
            raise RunCutOff(self.run_id, self._lost)
        return status

    def stop(self, reason: str = "") -> None:
        """Asks the run to stop; on the engine's loop only."""
        self._call_end(RunStatus.STOPPED, reason)
        if self._above is None:
            self.room.give_up()

    def abandon(self, reason: str) -> None:
        """Ends without writing another word: the run is no longer ours."""
        self._lost = reason
        self.book.end = RunStatus.INTERRUPTED
        self._change.set()

    def begin(self, fence: int) -> None:
        """The run is kept and its lease held: what waits for that goes on."""
        self.tenure.begin(fence)
        self._change.set()

    def answer(self, node: str, firing: int, answer: ValueRef, by: str) -> bool:
        """Answers a parked firing; false when it does not wait. On the engine's loop only."""
        return self._parking.answer(node, firing, answer, by)

    # ---- the course of the run ---------------------------------------------

    def _begin(self) -> None:
        self.book.relive(self.run_id, self._past)
        if not self._is_new:
            self._go_on()
            return
        self._journal.mark(RunStatus.RUNNING)
        self._line_up()  # every source is ready, and nothing else has been

    def _go_on(self) -> None:
        """Takes up what a run that was cut off or parked has left."""
        book = self.book
        book.record(RunResumed, owner=self._gear.owner, fence=self.tenure.fence)
        self._journal.mark(RunStatus.RUNNING)
        take_up(book, self._attempts, self._roster, self._parking)

    async def _work(self, keeping: "asyncio.Future[None]") -> None:
        """Starts what is ready until nothing is left, or the end is called."""
        keeping.add_done_callback(lambda _: self._change.set())
        while self.book.end is None:
            if not (self.room.is_lacking or self._is_early()):
                self._open_lanes()
                if not self._lanes.tasks and not self._parking.has_timers:
                    if self._parking.wake_callers(if_nothing_else=True):
                        continue
                    return
                if not self._parking.has_timers:
                    self._calls.end_waits(self.book.plan, self._roster.running)
            self._change.clear()
            await self._change.wait()
            if self._fault is not None:
                raise self._fault
            if keeping.done():
                self._lost = "the log cannot be written"
                keeping.result()

    async def _finish(self) -> RunStatus:
        await self._cut_off()
        if self._lost:
            return RunStatus.INTERRUPTED
        parked = self.book.plan.parked()
        if parked and self.book.end is None:
            self._parking.tell(parked)
            status = self.book.end = RunStatus.WAITING
            self._journal.mark(status)
            return status
        for ready in self.book.plan.running() + parked:
            self.book.record(
                FiringStopped,
                node=ready.node,
                firing=ready.firing,
                seconds=self._attempts.seconds_of(ready),
            )
        failed, recorder = self.book.has_failed, self._gear.recorder
        missed = "" if recorder is None else recorder.missed  # a block may swallow it
        ended = RunStatus.FAILED if failed or missed else RunStatus.COMPLETED
        self._reason = self._reason or ("" if failed else missed)
        # From here on a block that was left behind can record nothing more.
        status = self.book.end = self.book.end or ended
        self.book.record(
            RunFinished,
            status=status,
            seconds=self._clock.seconds,
            unfired=self.book.plan.unfired(),
            reason=self._reason,
        )
        self._journal.mark(status)
        return status

    async def _cut_off(self) -> None:
        # What is deeper in the tree has less time, so that all end in ours.
        await self._lanes.cut_off(within=GRACE * 0.7**self.depth)

    def _call_end(self, status: RunStatus, reason: str) -> None:
        if self.book.end is None:
            self.book.end, self._reason = status, reason
        self._change.set()

    def _fail_run(self, reason: str) -> None:
        self._call_end(RunStatus.FAILED, reason)

    def _stop_if_overdrawn(self, *, more: int) -> bool:
        """Ends the run of the tree whose budget is used up, if one is."""
        run: Executor | None = self
        while run is not None:
            if spent := overdrawn(run._options, run.book, more=more):  # noqa: SLF001 - our own kind
                run.stop(spent)
                return True
            run = run._above  # noqa: SLF001 - our own kind
        return False

    # ---- firings -----------------------------------------------------------

    def _open_lanes(self) -> None:
        """Has what is ready carried out, as far as run and nodes have room."""
        self._line_up()
        self._lanes.open()
        if (until := self._roster.suspicion_ends) and not self._is_watching:
            self._is_watching = True
            wait = max(0.0, until - time.monotonic())
            asyncio.get_running_loop().call_later(wait, self._look_again)

    def _line_up(self) -> None:
        """Puts what has become ready behind what waits already."""
        if news := self.book.plan.news:
            self._roster.add(news)
            news.clear()

    def _look_again(self) -> None:
        self._is_watching = False
        self._change.set()

    def _take(self) -> Ready | None:
        """The next firing to be carried out, its start recorded; None when there is none."""
        if self.book.end is not None or self.room.is_lacking:
            return None
        self._line_up()
        if not self.tenure.is_certain and self._is_early():
            return None
        ready = self._roster.next()
        if ready is None or (self.has_budget and self._stop_if_overdrawn(more=1)):
            return None
        node, firing, inputs = ready
        book = self.book
        book.enter(
            FiringStarted(
                seq=book.journal.next_seq,
                at=time.time(),
                node=node,
                firing=firing,
                attempt=book.trail.attempts(node, firing) + 1,
                inputs=inputs,
                reason=self._attempts.why_again(ready),
            )
        )
        return ready

    def _is_early(self) -> bool:
        """Whether what comes next has to wait until the tenure is certain.

        What lies behind it waits too: firings begin in the order in which they always do.
        """
        if self.tenure.is_certain or (first := self._roster.first) is None:
            return False
        return self.tenure.holds_back(self.graph.block_of(first.node))

    def _has_more(self) -> bool:
        self._line_up()
        return bool(self._roster.waiting)

    def _ended(self, ready: Ready) -> None:
        self._roster.ended(ready)
        if self.book.plan.is_parked(ready.node, ready.firing):
            self._parking.wait_for(ready)

    def _lane_closed(self, fault: BaseException | None) -> None:
        # A fault is ours, not a block's: it must not look like a firing that never was.
        self._fault = self._fault or fault
        # Most have found nothing more to do, and change nothing while others go on.
        if (
            fault
            or not self._lanes.tasks
            or self._roster.startable
            or self._calls.waiting
        ):
            self._change.set()

    async def _breathe(self, is_patient: bool) -> None:  # noqa: FBT001 - a callback
        """Between two values of a stream: what the first sets going, and others, go on."""
        self._line_up()
        await self._lanes.breathe(is_patient=is_patient)

    # ---- what blocks say ---------------------------------------------------

    def _record_from_block(self, make: Any, **facts: Any) -> Event | None:
        if self.book.end is not None:
            return None
        event: Event = self.book.record(make, **facts)
        self._stop_if_overdrawn(more=0)
        return event

    async def _value(self, seq: int) -> Any:
        return await self._intake.value(seq)

    def _progress(self, event: Progressed) -> None:
        if self.book.end is None:
            self._gear.feed.publish(self.run_id, [event])
