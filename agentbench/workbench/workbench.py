"""The workbench: one object that joins the parts, and the face that the doors talk to."""

import atexit
import contextlib
import dataclasses
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from agentbench.domain.bench import set_bench
from agentbench.domain.document import write_document
from agentbench.domain.errors import (
    GraphInvalid,
    LockTimeout,
    NeedsDecision,
    RunTaken,
    StoreError,
)
from agentbench.domain.event import Event, RunFinished, RunStarted
from agentbench.domain.graph import Graph
from agentbench.domain.lock import Lease
from agentbench.domain.problem import Problem
from agentbench.domain.renderer import MimeBundle
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.domain.store import RunRecord
from agentbench.engine.executor import Executor
from agentbench.engine.state import cut_off_sending
from agentbench.engine.validate import checked_inputs, inputs_of_agent, problems
from agentbench.workbench.agents import Agents
from agentbench.workbench.backends import LockServer
from agentbench.workbench.parts import Parts
from agentbench.workbench.run import Run
from agentbench.workbench.settings import Settings

ENDING = 5.0
"""Seconds that runs have to be cut off when the process ends."""


class Workbench(Parts):
    """Everything one kernel needs to build and run agents."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__(settings or Settings.from_environment())
        self.agents = Agents(lambda: self.store, self.blocks)
        self.on_start: list[Callable[[Graph, Run], None]] = []
        """Called with the graph and the run whenever a run starts here."""
        self._runs: WeakValueDictionary[str, Run] = WeakValueDictionary()
        self._stopping: set[str] = set()
        self._executors: dict[str, Executor] = {}
        atexit.register(self.close)

    # ---- graphs ------------------------------------------------------------

    def check(self, graph: Graph) -> list[Problem]:
        """What is wrong or doubtful with a graph."""
        return problems(graph)

    def inputs_of(self, graph: Graph) -> dict[str, Any]:
        """The agent's own inputs: by name, the node and its port."""
        return inputs_of_agent(graph)

    def save(
        self, graph: Graph, file: str | Path | None = None, *, force: bool = False
    ) -> str:
        """Saves a graph and says in words where."""
        return self.agents.save(graph, file, force=force)

    def bundle(self, thing: Any) -> dict[str, Any]:
        """The MIME bundle of anything, by the renderers."""
        return dict(self.render(thing).data)

    def render(self, thing: Any, hints: Mapping[str, Any] | None = None) -> MimeBundle:
        """A value as a MIME bundle."""
        bundle: MimeBundle = self.renderers.render(thing, hints or {})
        return bundle

    # ---- runs --------------------------------------------------------------

    def start(
        self,
        graph: Graph,
        inputs: Mapping[str, Any],
        options: RunOptions | None = None,
    ) -> Run:
        """Starts a run in the background and returns it at once.

        The run works on a copy: later edits do not touch it.

        Raises:
            GraphInvalid: the graph cannot run as it is.
            InputError: an input is missing, unknown or of the wrong type.
        """
        wrong = [p for p in problems(graph) if p.level == "error"]
        if wrong:
            raise GraphInvalid(graph.name, wrong)
        checked = checked_inputs(graph, inputs)
        snapshot = graph.snapshot()
        run = Run(_new_id(), snapshot, self)
        self._runs[run.id] = run
        options = options or RunOptions()
        begun = self._begin(run, checked, options)
        run.done = self.loop.submit(self._carry_out(run, [begun], checked, options))
        for listener in self.on_start:
            listener(graph, run)
        return run

    def _begin(
        self, run: Run, inputs: Mapping[str, Any], options: RunOptions
    ) -> RunStarted:
        """Keeps the run and its inputs, so that it can be resumed whatever comes."""
        graph = self.store.put_document(write_document(run.graph, live=True))
        now = time.time()
        record = RunRecord(
            id=run.id,
            agent=run.agent,
            graph=graph,
            status=RunStatus.QUEUED,
            started=now,
            owner=self.owner,
        )
        self.store.create_run(record)
        begun = RunStarted(
            seq=1,
            at=now,
            run=run.id,
            graph=graph,
            inputs={
                name: self.keeper.keep_now(value) for name, value in inputs.items()
            },
            owner=self.owner,
            fence=0,
            concurrency=options.concurrency,
        )
        self.store.append(run.id, [begun], fence=0).result()
        return begun

    def run(self, id: str) -> Run:
        """The run of that id, ours or another kernel's.

        Raises:
            UnknownRun: there is none.
        """
        found = self._runs.get(id)
        if found is None:
            found = Run(id, self._graph_of(self.store.run(id)), self)
            self._runs[id] = found
        return found

    def runs(self, *, agent: str | None = None, limit: int = 100) -> list[RunRecord]:
        """The newest runs first; one whose kernel died stands as `interrupted`."""
        return [
            dataclasses.replace(record, status=RunStatus.INTERRUPTED)
            if not record.status.is_final and not self.is_owned(record.id)
            else record
            for record in self.store.runs(agent=agent, limit=limit)
        ]

    def resume(self, id: str, *, send_again: bool = False) -> Run:
        """Goes on with a run whose kernel has died; what is recorded stands.

        Raises:
            UnknownRun: there is no such run.
            RunTaken: a living kernel has it.
            GraphInvalid: a block of it is unknown here, or a live constant is gone.
            NeedsDecision: a block was cut off while sending, and `send_again` is false.
            StoreError: it has ended.
        """
        self.loop.refuse_to_block()
        record = self.store.run(id)
        if record.status.is_final:
            message = f"The run {id} has ended ({record.status}); start a new one."
            raise StoreError(message)
        graph = self._graph_of(record)
        wrong = [problem for problem in problems(graph) if problem.level == "error"]
        if wrong:
            raise GraphInvalid(graph.name, wrong)
        lease = self.loop.submit(self._lease(id, above=record.fence)).result()
        try:
            events = self._claimed(id, graph, lease, send_again=send_again)
        except BaseException:
            self.loop.submit(lease.release()).result()
            raise
        return self._go_on(id, graph, events, lease)

    def _claimed(
        self, id: str, graph: Graph, lease: Lease, *, send_again: bool
    ) -> list[Event]:
        """The events of a run that is ours now."""
        # Only now, with the lease held, is what the log says the whole truth.
        record = self.store.claim_run(id, owner=self.owner, fence=lease.fence)
        if record.status.is_final:
            message = f"The run {id} has ended ({record.status}) meanwhile."
            raise StoreError(message)
        events = self.store.events(id)
        if not send_again and (unsure := cut_off_sending(graph, events)):
            raise NeedsDecision(id, unsure)
        return events

    def _go_on(self, id: str, graph: Graph, events: list[Event], lease: Lease) -> Run:
        run = Run(id, graph, self)
        self._runs[id] = run
        first = events[0]
        concurrency = first.concurrency if isinstance(first, RunStarted) else 16
        options = RunOptions(concurrency=concurrency)
        carried = self._carry_out(run, events, None, options, lease=lease)
        run.done = self.loop.submit(carried)
        shown = self.agents.open_here(graph.name)
        if shown is not None:
            for listener in self.on_start:
                listener(shown, run)
        return run

    def stop_run(self, run: str) -> None:
        """Asks for a run to be stopped, here or in the kernel that carries it out."""
        here = self._runs.get(run)
        if here is not None and here.done is not None and not here.done.done():
            # Noted first, looked for second; `_carry_out` does it the other way round,
            # so that a stop is heard however early it comes.
            self._stopping.add(run)
            executor = self._executors.get(run)
            if executor is not None:
                self.loop.call_soon(executor.stop)
        elif not self.store.run(run).status.is_final:
            self.loop.submit(self._stop_elsewhere(run))

    def is_owned(self, run: str) -> bool:
        """Whether some living kernel carries the run out."""
        if run in self._executors:
            return True
        self.loop.refuse_to_block()
        holder = self.lock_server.locks.holder(_lock_of(run))
        return bool(self.loop.submit(holder).result(timeout=10))

    def refuse_to_block(self) -> None:
        """Refuses a blocking wait on the engine's own loop."""
        self.loop.refuse_to_block()

    def close(self) -> None:
        """Cuts off what still runs and lets go of everything. Closing twice is no error."""
        atexit.unregister(self.close)
        for executor in list(self._executors.values()):
            reason = "the kernel ended"
            self.loop.call_soon(executor.abandon, reason)
        for run in list(self._runs.values()):
            if run.done is not None:
                with contextlib.suppress(Exception):
                    run.done.result(timeout=ENDING)
        self.let_go()

    # ---- inside ------------------------------------------------------------

    async def _carry_out(
        self,
        run: Run,
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
        options: RunOptions,
        *,
        lease: Lease | None = None,
    ) -> RunStatus:
        """Holds the run's lease, listens for a stop, and executes."""
        is_new = lease is None
        if lease is None:
            lease = await self._lease(run.id, above=0)
        async with contextlib.AsyncExitStack() as leaving:
            leaving.push_async_callback(lease.release)
            if is_new:
                await self.loop.in_thread(self._claim, run.id, lease.fence)
            executor = Executor(
                run.graph,
                run=run.id,
                owner=self.owner,
                fence=lease.fence,
                options=options,
                log=self.store,
                feed=self.feed,
                keeper=self.keeper,
                outbound=self.outbound,
                folders=_folders(run.graph),
                loop=self.loop,
                past=past,
                inputs=inputs,
            )
            run.peek = executor.trail.peek
            self._executors[run.id] = executor
            leaving.callback(self._executors.pop, run.id, None)
            leaving.callback(self._stopping.discard, run.id)
            if run.id in self._stopping:
                executor.stop()
            lease.on_loss(lambda why: self.loop.call_soon(executor.abandon, why))
            leaving.callback(
                await self.lock_server.locks.listen(
                    _lock_of(run.id), lambda _: self.loop.call_soon(executor.stop)
                )
            )
            return await executor.run()

    def _claim(self, run: str, fence: int) -> None:
        self.store.claim_run(run, owner=self.owner, fence=fence)

    async def _lease(self, run: str, *, above: int) -> Lease:
        server: LockServer = await self.loop.in_thread(lambda: self.lock_server)
        try:
            return await server.locks.acquire(
                _lock_of(run), owner=self.owner, timeout=0, above=above
            )
        except LockTimeout as error:
            raise RunTaken(run, error.holder) from error

    async def _stop_elsewhere(self, run: str) -> None:
        """Tells the owner to stop; with no owner left, ends the run in its place."""
        locks = self.lock_server.locks
        if await locks.call_holder(_lock_of(run), "stop"):
            return
        record = self.store.run(run)
        lease = await self._lease(run, above=record.fence)
        try:
            record = self.store.claim_run(run, owner=self.owner, fence=lease.fence)
            if record.status.is_final:
                return
            ended = RunFinished(
                seq=record.last_seq + 1,
                at=time.time(),
                status=RunStatus.STOPPED,
                seconds=0.0,
                unfired={},
            )
            written = self.store.append(
                run, [ended], fence=lease.fence, status=RunStatus.STOPPED
            )
            await self.loop.in_thread(written.result)
        finally:
            await lease.release()

    def _graph_of(self, record: RunRecord) -> Graph:
        text = self.store.document(record.graph)
        where = f"The graph of run {record.id}"
        return Graph.from_json(text, where=where, blocks=self.blocks)


def _folders(graph: Graph) -> tuple[Path, ...]:
    """Where relative files are looked for: here, then beside the agent's file and above."""
    beside = [] if graph.file is None else list(graph.file.parents)[:3]
    return (Path.cwd(), *beside)


def _lock_of(run: str) -> str:
    return f"run:{run}"


def _new_id() -> str:
    """A short id; ids of later runs sort after those of earlier ones."""
    return f"run-{time.time_ns() // 1_000_000:x}-{secrets.token_hex(2)}"


_bench: list[Workbench] = []
_making = threading.Lock()


def workbench() -> Workbench:
    """The workbench of this process, made when first asked for."""
    with _making:
        if not _bench:
            _bench.append(Workbench())
            set_bench(_bench[0])
        return _bench[0]


def use_workbench(bench: Workbench) -> None:
    """Makes `bench` the workbench of this process."""
    _bench[:] = [bench]
    set_bench(bench)
