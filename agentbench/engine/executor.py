"""The executor: carries out one run, from the first firing to the last."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import PoisonFiring, RunCutOff, StoreError
from agentbench.domain.event import (
    Event,
    FiringAnswered,
    FiringParked,
    FiringStarted,
    FiringStopped,
    Progressed,
    RunFinished,
    RunParked,
    RunResumed,
    RunStarted,
)
from agentbench.domain.feed import Feed
from agentbench.domain.lock import Locks
from agentbench.domain.outbound import Outbound
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunLog
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.attempts import Attempts
from agentbench.engine.budget import out_of_time, overdrawn
from agentbench.engine.chronicle import Chronicle, seconds_of
from agentbench.engine.firing import Surroundings
from agentbench.engine.intake import Intake
from agentbench.engine.journal import Journal
from agentbench.engine.loop import EngineLoop
from agentbench.engine.plan import Ready
from agentbench.engine.recollection import Recollection
from agentbench.engine.site import CRASHES, Sites
from agentbench.engine.values import ValueKeeper

SUSPICION = 10.0
"""Seconds for which a firing that was cut off twice runs alone: it may be what kills kernels."""
GRACE = 1.5
"""Seconds a cancelled firing has to end; then it is left behind and counted as stopped."""


class Executor:
    """One run of one graph. Make it and call `run` on the engine's loop."""

    def __init__(
        self,
        graph: Drawing,
        *,
        run: str,
        owner: str,
        fence: int,
        log: RunLog,
        feed: Feed,
        keeper: ValueKeeper,
        outbound: Outbound,
        locks: Callable[[], Locks],
        folders: tuple[Path, ...],
        loop: EngineLoop,
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
        recollection: Recollection | None = None,
    ) -> None:
        """Makes the executor of a run whose events so far are `past`.

        `inputs` are the live run inputs of a run that begins; None for one that is
        resumed: its inputs are read back when they are asked for. `locks` is called
        when a firing needs its key to itself.

        Raises:
            StoreError: the log does not begin with the start of a run.
        """
        first = past[0]
        if not isinstance(first, RunStarted):
            message = f"The log of the run {run} does not begin with its start."
            raise StoreError(message)
        self.graph, self.run_id, self.owner, self.fence = graph, run, owner, fence
        self._options = first.options
        self._past, self._is_new = past, inputs is not None
        self._feed = feed
        self._journal = Journal(log, feed, run, fence=fence, last_seq=past[-1].seq)
        self.book = Chronicle(graph, self._journal, keeper)
        self._sites = Sites(graph)
        surroundings = Surroundings(
            run_id=run,
            outbound=outbound,
            folders=folders,
            loop=loop,
            record=self._record_from_block,
            progress=self._progress,
        )
        intake = Intake(
            self._sites,
            self.book.trail,
            keeper,
            surroundings,
            live=inputs,
            kept=first.inputs,
        )
        self._attempts = Attempts(
            sites=self._sites,
            book=self.book,
            intake=intake,
            keeper=keeper,
            locks=locks,
            loop=loop,
            owner=owner,
            recollection=recollection,
            is_over=lambda: self._end is not None,
            fail_run=self._fail_run,
        )
        self._tasks: dict[asyncio.Task[None], Ready] = {}
        self._queue: deque[Ready] = deque()
        self._crowded: dict[str, deque[Ready]] = {}
        self._freed: deque[str] = deque()
        self._busy: Counter[str] = Counter()
        self._suspects: deque[Ready] = deque()
        self._suspected_until = 0.0
        self._timers: dict[tuple[str, int], asyncio.TimerHandle] = {}
        self._seconds_before = 0.0 if self._is_new else seconds_of(past)
        self._began = time.monotonic()
        self._change = asyncio.Event()
        self._end: RunStatus | None = None
        self._reason = ""
        self._lost = ""
        self._fault: BaseException | None = None

    # ---- from outside ------------------------------------------------------

    async def run(self) -> RunStatus:
        """Carries the run out and returns how it ended, once that is in the log.

        Raises:
            StoreError: the log can no longer be written; the run stands interrupted.
            RunCutOff: it is no longer ours; so does it then.
        """
        keeping = asyncio.ensure_future(self._journal.keep())
        timer = self._start_clock()
        try:
            self._begin()
            await self._work(keeping)
            status = await self._finish()
            self._journal.close()
            if not self._lost:
                await keeping
        finally:
            keeping.cancel()
            for handle in (*self._timers.values(), *([timer] if timer else [])):
                handle.cancel()
            await self._cut_off()
        if status is RunStatus.INTERRUPTED:  # a silent end would pass for a good one
            raise RunCutOff(self.run_id, self._lost)
        return status

    def stop(self, reason: str = "") -> None:
        """Asks the run to stop; on the engine's loop only."""
        self._call_end(RunStatus.STOPPED, reason)

    def abandon(self, reason: str) -> None:
        """Ends without writing another word: the run is no longer ours."""
        self._lost = reason
        self._end = RunStatus.INTERRUPTED
        self._change.set()

    def answer(self, node: str, firing: int, answer: ValueRef, by: str) -> bool:
        """Answers a parked firing; false when it does not wait. On the engine's loop only."""
        if self._end is not None or firing not in self.book.plan.nodes[node].parked:
            return False
        self._answered(node, firing, answer, by)
        return True

    # ---- the course of the run ---------------------------------------------

    def _begin(self) -> None:
        for event in self._past:
            self.book.take_in(event)
        if not self._is_new:
            self.book.record(RunResumed, owner=self.owner, fence=self.fence)
        self._journal.mark(RunStatus.RUNNING)
        for ready in list(self.book.plan.running()):
            past = self.book.trail.past(ready.node, ready.firing)
            crashes = past.cut_off + past.is_open
            if crashes >= CRASHES:
                self._attempts.fail(ready, PoisonFiring(ready.node, CRASHES))
            elif crashes == CRASHES - 1:
                self._suspects.append(ready)
            else:
                self._start(ready)
        for ready in self.book.plan.parked():
            self._set_timer(ready)

    async def _work(self, keeping: "asyncio.Future[None]") -> None:
        """Starts what is ready until nothing is left, or the end is called."""
        keeping.add_done_callback(lambda _: self._change.set())
        while self._end is None:
            self._start_ready()
            if not self._tasks and not self._timers:
                return
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
        parked = list(self.book.plan.parked())
        if parked and self._end is None:
            return self._park(parked)
        for ready in [*self.book.plan.running(), *parked]:
            self.book.record(
                FiringStopped,
                node=ready.node,
                firing=ready.firing,
                seconds=self._attempts.seconds_of(ready),
            )
        failed = self.book.has_failed
        ended = RunStatus.FAILED if failed else RunStatus.COMPLETED
        # From here on a block that was left behind can record nothing more.
        status = self._end = self._end or ended
        self.book.record(
            RunFinished,
            status=status,
            seconds=self._seconds_before + time.monotonic() - self._began,
            unfired=self.book.plan.unfired(),
            reason=self._reason,
        )
        self._journal.mark(status)
        return status

    def _park(self, parked: list[Ready]) -> RunStatus:
        firings: dict[str, list[int]] = {}
        for ready in parked:
            firings.setdefault(ready.node, []).append(ready.firing)
        self.book.record(RunParked, firings=firings)
        self._end = RunStatus.WAITING
        self._journal.mark(self._end)
        return self._end

    async def _cut_off(self) -> None:
        """Cancels what still runs. A firing that will not end is left behind."""
        # No task group: it would wait for ever for a block that swallows its
        # cancellation, and a stop has to be final within its bound.
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=GRACE)
        self._tasks.clear()

    def _call_end(self, status: RunStatus, reason: str) -> None:
        if self._end is None:
            self._end, self._reason = status, reason
        self._change.set()

    def _fail_run(self, reason: str) -> None:
        self._call_end(RunStatus.FAILED, reason)

    def _start_clock(self) -> asyncio.TimerHandle | None:
        most = self._options.max_seconds
        if most is None:
            return None
        left = max(0.0, most - self._seconds_before)
        loop = asyncio.get_running_loop()
        return loop.call_later(left, self.stop, out_of_time(self._options))

    # ---- firings -----------------------------------------------------------

    def _start_ready(self) -> None:
        """Starts what is ready, oldest first, as far as run and nodes have room."""
        plan = self.book.plan
        self._queue.extend(plan.news)
        plan.news.clear()
        if self._is_clearing_suspects():
            return
        while len(self._tasks) < self._options.concurrency:
            ready = self._next()
            if ready is None:
                return
            if spent := overdrawn(self._options, self.book, more=1):
                self.stop(spent)
                return
            self._start(ready)

    def _next(self) -> Ready | None:
        # What its node had no room for goes first, and stays where it is until it
        # starts: put back into the queue one by one, the last would overtake.
        while self._freed:
            crowded = self._crowded.get(self._freed[0])
            if crowded and self._has_room(self._freed[0]):
                return crowded.popleft()
            self._freed.popleft()
        while self._queue:
            ready = self._queue.popleft()
            if ready[:2] not in self.book.plan.ready:  # started before a cut-off
                continue
            if self._has_room(ready.node):
                return ready
            self._crowded.setdefault(ready.node, deque()).append(ready)
        return None

    def _is_clearing_suspects(self) -> bool:
        """Whether everything else waits, so that no bystander goes down with a suspect."""
        now = time.monotonic()
        if self._tasks and now < self._suspected_until:
            return True
        self._suspected_until = 0.0
        if not self._suspects:
            return False
        self._start(self._suspects.popleft())
        self._suspected_until = now + SUSPICION
        asyncio.get_running_loop().call_later(SUSPICION, self._change.set)
        return True

    def _has_room(self, node: str) -> bool:
        most = self.graph.node(node).options.get("concurrency")
        return most is None or self._busy[node] < most

    def _start(self, ready: Ready) -> None:
        self.book.record(
            FiringStarted,
            node=ready.node,
            firing=ready.firing,
            attempt=self.book.trail.attempts(ready.node, ready.firing) + 1,
            inputs=ready.inputs,
            reason=self._attempts.why_again(ready),
        )
        self._busy[ready.node] += 1
        task = asyncio.ensure_future(self._attempts.fire(ready))
        self._tasks[task] = ready
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        ready = self._tasks.pop(task, None)
        if ready is not None:
            self._busy[ready.node] -= 1
            if self._crowded.get(ready.node):
                self._freed.append(ready.node)
            if ready.firing in self.book.plan.nodes[ready.node].parked:
                self._set_timer(ready)
        if not task.cancelled() and (fault := task.exception()) is not None:
            # Ours, not the block's: it must not look like a firing that never was.
            self._fault = self._fault or fault
        self._change.set()

    # ---- parked firings ----------------------------------------------------

    def _set_timer(self, ready: Ready) -> None:
        parked = self.book.trail.past(ready.node, ready.firing).parked
        if isinstance(parked, FiringParked) and parked.until:
            wait = max(0.0, parked.until - time.time())
            self._timers[ready[:2]] = asyncio.get_running_loop().call_later(
                wait, self._answered, *ready[:2], InlineValue(None), "the clock"
            )

    def _answered(self, node: str, firing: int, answer: ValueRef, by: str) -> None:
        timer = self._timers.pop((node, firing), None)
        if timer is not None:
            timer.cancel()
        if self._end is None:
            facts = {"node": node, "firing": firing, "answer": answer, "by": by}
            self.book.record(FiringAnswered, **facts)
            self._change.set()

    # ---- what blocks say ---------------------------------------------------

    def _record_from_block(self, make: Any, **facts: Any) -> None:
        if self._end is None:
            self.book.record(make, **facts)
            if spent := overdrawn(self._options, self.book):
                self.stop(spent)

    def _progress(self, event: Progressed) -> None:
        if self._end is None:
            self._feed.publish(self.run_id, [event])
