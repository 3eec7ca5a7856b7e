"""The executor: carries out one run, from the first firing to the last."""

import asyncio
import contextlib
import time
import traceback
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from agentbench.domain.block import ERROR, Block
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import BlockTimeout, StoreError, UnknownBlock
from agentbench.domain.event import (
    Event,
    FiringCompleted,
    FiringFailed,
    FiringStarted,
    FiringStopped,
    LineLogged,
    Progressed,
    RunFinished,
    RunResumed,
    RunStarted,
    ValueEmitted,
)
from agentbench.domain.feed import Feed
from agentbench.domain.node import Node
from agentbench.domain.outbound import Outbound
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.domain.store import RunLog
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.firing import (
    FiringContext,
    emissions,
    gathered,
    own,
    own_if_plain,
    plain,
    said,
)
from agentbench.engine.journal import Journal
from agentbench.engine.loop import EngineLoop
from agentbench.engine.plan import Plan, Ready
from agentbench.engine.trail import Trail
from agentbench.engine.values import ValueKeeper

GRACE = 1.5
"""Seconds a cancelled firing has to end; then it is left behind and counted as stopped."""

TRACEBACK_CHARACTERS = 20_000
_OWN = {
    __name__,
    "agentbench.domain.function_block",
    "agentbench.engine.firing",
    "agentbench.engine.threads",
    "asyncio.futures",
}
"""Modules whose frames lead to a block and say nothing of it."""


class Executor:
    """One run of one graph. Make it and call `run` on the engine's loop."""

    def __init__(
        self,
        graph: Drawing,
        *,
        run: str,
        owner: str,
        fence: int,
        options: RunOptions,
        log: RunLog,
        feed: Feed,
        keeper: ValueKeeper,
        outbound: Outbound,
        folders: tuple[Path, ...],
        loop: EngineLoop,
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
    ) -> None:
        """Makes the executor of a run whose events so far are `past`.

        `inputs` are the live run inputs of a run that begins; None for one that is
        resumed: its inputs are read back when they are asked for.
        """
        self.graph, self.run_id, self.owner, self.fence = graph, run, owner, fence
        self._options, self._feed, self._keeper = options, feed, keeper
        self._outbound, self._folders, self._loop = outbound, folders, loop
        self._past, self._inputs = past, inputs
        self._kept = past[0].inputs if isinstance(past[0], RunStarted) else {}
        self._journal = Journal(log, feed, run, fence=fence, last_seq=past[-1].seq)
        self._plan = Plan(graph)
        self.trail = Trail(keeper)
        self._tasks: dict[asyncio.Task[None], Ready] = {}
        self._queue: deque[Ready] = deque()
        self._parked: dict[str, deque[Ready]] = {}
        self._busy: Counter[str] = Counter()
        self._since: dict[tuple[str, int], float] = {}
        self._failed = False
        self._began = time.monotonic()
        self._change = asyncio.Event()
        self._end: RunStatus | None = None
        self._lost = ""
        self._fault: BaseException | None = None

    # ---- from outside ------------------------------------------------------

    async def run(self) -> RunStatus:
        """Carries the run out and returns how it ended, once that is in the log.

        Raises:
            StoreError: the log can no longer be written; the run stands interrupted.
        """
        keeping = asyncio.ensure_future(self._journal.keep())
        try:
            self._begin()
            await self._work(keeping)
            status = await self._finish()
            self._journal.close()
            if not self._lost:
                await keeping
        finally:
            keeping.cancel()
            await self._cut_off()
        return status

    def stop(self) -> None:
        """Asks the run to stop; on the engine's loop only."""
        self._end = self._end or RunStatus.STOPPED
        self._change.set()

    def abandon(self, reason: str) -> None:
        """Ends without writing another word: the run is no longer ours."""
        self._lost = reason
        self._end = RunStatus.INTERRUPTED
        self._change.set()

    # ---- the course of the run ---------------------------------------------

    def _begin(self) -> None:
        for event in self._past:
            self._take_in(event)
        if self._inputs is None:
            self._record(RunResumed, owner=self.owner, fence=self.fence)
        self._journal.mark(RunStatus.RUNNING)

    async def _work(self, keeping: "asyncio.Future[None]") -> None:
        """Starts what is ready until nothing is left, or the end is called."""
        keeping.add_done_callback(lambda _: self._change.set())
        interrupted = list(self._plan.running())
        for ready in interrupted:
            self._start(ready)
        while self._end is None:
            self._start_ready()
            if not self._tasks:
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
        for ready in list(self._plan.running()):
            seconds = time.monotonic() - self._since.get(ready[:2], self._began)
            self._record(
                FiringStopped, node=ready.node, firing=ready.firing, seconds=seconds
            )
        ended = RunStatus.FAILED if self._failed else RunStatus.COMPLETED
        # From here on a block that was left behind can record nothing more.
        status = self._end = self._end or ended
        if self._lost:
            return status
        seconds = time.monotonic() - self._began
        unfired = self._plan.unfired()
        self._record(RunFinished, status=status, seconds=seconds, unfired=unfired)
        self._journal.mark(status)
        return status

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

    # ---- firings -----------------------------------------------------------

    def _start_ready(self) -> None:
        """Starts what is ready, oldest first, as far as run and nodes have room."""
        self._queue.extend(self._plan.news)
        self._plan.news.clear()
        while self._queue and len(self._tasks) < self._options.concurrency:
            ready = self._queue.popleft()
            if ready[:2] not in self._plan.ready:  # started before the run was cut off
                continue
            if self._has_room(ready.node):
                self._start(ready)
            else:
                self._parked.setdefault(ready.node, deque()).append(ready)

    def _has_room(self, node: str) -> bool:
        most = self.graph.node(node).options.get("concurrency")
        return most is None or self._busy[node] < most

    def _start(self, ready: Ready) -> None:
        self._record(
            FiringStarted,
            node=ready.node,
            firing=ready.firing,
            attempt=self.trail.attempts(ready.node, ready.firing) + 1,
            inputs=ready.inputs,
        )
        self._busy[ready.node] += 1
        task = asyncio.ensure_future(self._fire(ready))
        self._tasks[task] = ready
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        ready = self._tasks.pop(task, None)
        if ready is not None:
            self._busy[ready.node] -= 1
            if parked := self._parked.get(ready.node):
                self._queue.appendleft(parked.popleft())
        if not task.cancelled() and (fault := task.exception()) is not None:
            # Ours, not the block's: it must not look like a firing that never was.
            self._fault = self._fault or fault
        self._change.set()

    async def _fire(self, ready: Ready) -> None:
        began = self._since[ready.node, ready.firing] = time.monotonic()
        place = {"node": ready.node, "firing": ready.firing}
        limit = self.graph.node(ready.node).options.get("timeout")
        try:
            async with asyncio.timeout(limit) as deadline:
                await self._emit_all(ready)
        except asyncio.CancelledError:
            if self._end is None:  # the block cancelled itself
                self._fail(ready, RuntimeError("The block was cancelled."), began)
            raise
        except BaseException as error:  # noqa: BLE001 - a block may even call sys.exit
            if limit is not None and deadline.expired():
                self._fail(ready, BlockTimeout(ready.node, limit), began)
            else:
                self._fail(ready, error, began)
        else:
            if self._end is None:
                self._record(FiringCompleted, **place, seconds=time.monotonic() - began)

    async def _emit_all(self, ready: Ready) -> None:
        node, block, inputs = await self._prepared(ready)
        if block.effects == "sends":
            await self._journal.settled()
        # What a cut-off firing had given stands: a new attempt does not give it again.
        given = len(self.trail.emitted(ready.node, ready.firing))
        stream = emissions(block, node, inputs, self._context(ready))
        async with contextlib.aclosing(stream):
            async for port, value in stream:
                if given:
                    given -= 1
                    continue
                ref = await self._keeper.keep(value)
                if self._end is not None:
                    return
                self._emit(ready, port, value, ref)

    def _emit(self, ready: Ready, port: str, value: Any, ref: ValueRef) -> None:
        event = self._record(
            ValueEmitted, node=ready.node, firing=ready.firing, port=port, value=ref
        )
        self.trail.remember(event.seq, value)
        self._change.set()

    def _fail(self, ready: Ready, error: BaseException, began: float) -> None:
        if self._end is not None:
            return
        is_handled = self._plan.has_route(ready.node, ERROR.name)
        message = said(error)
        if is_handled:
            self._emit(ready, ERROR.name, message, InlineValue(message))
        self._failed = self._failed or not is_handled
        lines = _lines_of(error)
        self._record(
            FiringFailed,
            node=ready.node,
            firing=ready.firing,
            seconds=time.monotonic() - began,
            error=type(error).__name__,
            message=message,
            traceback=plain(lines)[-TRACEBACK_CHARACTERS:],
            is_handled=is_handled,
        )

    async def _prepared(self, ready: Ready) -> tuple[Node, Block, dict[str, Any]]:
        node = self.graph.node(ready.node)
        block = self.graph.block_of(ready.node)
        if block is None:
            raise UnknownBlock(node.block)
        linked = {
            port: own_if_plain(await self._value(seq), self.trail.ref(seq))
            for port, seq in ready.inputs.items()
        }
        inputs = gathered(node, block.inputs(node.constants), linked)
        if block.role == "input" and (name := inputs.get("name")) in self._kept:
            inputs["value"] = self._input(str(name))
        return node, block, inputs

    def _input(self, name: str) -> Any:
        if self._inputs is not None:
            return own(self._inputs[name])
        return self._keeper.read(self._kept[name])

    async def _value(self, seq: int) -> Any:
        return await self.trail.value(seq, self._again)

    async def _again(self, ready: Ready) -> list[Any]:
        """Computes a past firing's values once more: live ones do not outlive a kernel."""
        node, block, inputs = await self._prepared(ready)
        if block.effects not in ("pure", "reads"):
            message = (
                f"A live value of {ready.node!r} is gone, and its block"
                " changes the world, so it is not run again."
            )
            raise StoreError(message)
        context = self._context(ready)
        return [value async for _, value in emissions(block, node, inputs, context)]

    def _context(self, ready: Ready) -> FiringContext:
        return FiringContext(
            run_id=self.run_id,
            node=ready.node,
            firing=ready.firing,
            outbound=self._outbound,
            folders=self._folders,
            loop=self._loop,
            on_log=self._log_line,
            on_progress=self._progress,
        )

    # ---- events ------------------------------------------------------------

    def _record(self, make: Any, **facts: Any) -> Any:
        event = self._journal.record(make, **facts)
        self._take_in(event)
        return event

    def _take_in(self, event: Event) -> None:
        self._plan.apply(event)
        self.trail.apply(event)
        if isinstance(event, FiringFailed) and not event.is_handled:
            self._failed = True

    def _log_line(self, node: str, firing: int, text: str) -> None:
        if self._end is None:
            self._record(LineLogged, node=node, firing=firing, text=text[:2000])

    def _progress(self, event: Progressed) -> None:
        if self._end is None:
            self._feed.publish(self.run_id, [event])


def _lines_of(error: BaseException) -> str:
    try:
        error = error.with_traceback(_from_the_block(error.__traceback__))
        return "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - a message may fail as well
        return "".join(traceback.format_tb(error.__traceback__))


def _from_the_block(trace: TracebackType | None) -> TracebackType | None:
    """A traceback from the first frame that is not ours: people look for their own code."""
    first = trace
    while first is not None and first.tb_frame.f_globals.get("__name__") in _OWN:
        first = first.tb_next
    return first or trace
