"""The rescue: a stop that is heard also when a block holds the engine's loop."""

import functools
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

from agentbench.domain.errors import BackendError, NotKept, RunCutOff
from agentbench.domain.run import RunStatus
from agentbench.engine.executor import Executor
from agentbench.engine.watch import Watch
from agentbench.workbench import settling
from agentbench.workbench.parts import Parts
from agentbench.workbench.run import Run

HEARD = 0.6
"""Seconds in which a loop that turns has heard of a stop."""

CUT = 0.5
"""Seconds in which a block that is Python has been cut off."""


class Rescue:
    """Carries runs out on the engine's loop, and ends them from aside when it is held.

    A block that holds the loop is interrupted. One that is in C code (a `time.sleep`,
    a library that computes) cannot be; then the run is taken from its executor, as by
    another owner, and ended in the store, and what the block gives later is refused.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._deciding = threading.Lock()
        self._aside: set[Future[RunStatus]] = set()

    def carry(self, work: Coroutine[Any, Any, RunStatus]) -> "Future[RunStatus]":
        """Carries a run out; the future tells how it ended, whoever ended it."""
        done: Future[RunStatus] = Future()
        self._parts.loop.submit(work).add_done_callback(
            lambda ended: self._pass_on(ended, done)
        )
        _ = self._watch  # not before the loop is there: it ends with that
        return done

    def stop(self, run: Run, executor: Executor) -> None:
        """Stops a run that an executor of ours carries out; returns at once."""
        self._parts.loop.call_soon(executor.stop)
        thread = threading.Thread(
            target=self._see_to_it,
            args=(run, executor),
            name="agentbench-rescue",
            daemon=True,
        )
        thread.start()

    @functools.cached_property
    def _watch(self) -> Watch:
        return Watch(self._parts.loop)

    def _see_to_it(self, run: Run, executor: Executor) -> None:
        loop = self._parts.loop
        if loop.answers(within=HEARD):
            return
        self._watch.cut_in(run.id, executor.stop)
        if loop.answers(within=CUT) or run.done is None:
            return
        with self._deciding:
            if run.done.done():
                return
            self._aside.add(run.done)
        try:
            self._end(run, executor)
        except NotKept as error:  # as the executor says, which may only be late
            loop.call_soon(executor.abandon, str(error))
            run.done.set_exception(RunCutOff.while_stopped(run.id, error))
        except BackendError as error:
            run.done.set_exception(error)
        else:
            run.done.set_result(RunStatus.STOPPED)

    def _end(self, run: Run, executor: Executor) -> None:
        """Ends the run in the store; from now on its executor is refused there."""
        parts, fence = self._parts, executor.tenure.fence + 1
        record = parts.store.claim_run(run.id, owner=parts.owner, fence=fence)
        if record.status.is_final:
            return
        unwritten = executor.book.journal.unwritten
        late = [event for event in unwritten if event.seq > record.last_seq]
        parts.store.append(run.id, late, fence=fence).result()
        settling.stopped(parts.store, run.id, run.graph, fence).result()
        parts.feed.publish(run.id, parts.store.events(run.id, after=record.last_seq))

    def _pass_on(self, ended: "Future[RunStatus]", done: "Future[RunStatus]") -> None:
        with self._deciding:
            if done in self._aside:
                self._aside.discard(done)
                return
        if ended.cancelled():
            done.cancel()
        elif (error := ended.exception()) is not None:
            done.set_exception(error)
        else:
            done.set_result(ended.result())
