"""The carrier: carries runs out in this kernel, one owner each, from start to end."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any
from weakref import WeakValueDictionary

from agentbench.domain.basis import Basis, Reuse
from agentbench.domain.errors import (
    AnswerRefused,
    RunTaken,
    StoreError,
)
from agentbench.domain.event import Event
from agentbench.domain.feed import Feed
from agentbench.domain.graph import Graph
from agentbench.domain.lock import Lease
from agentbench.domain.run import Decision, RunOptions, RunStatus
from agentbench.domain.store import RunRecord, Store
from agentbench.engine.executor import Executor
from agentbench.engine.tenure import Tenure
from agentbench.engine.validate import checked_inputs, refuse_invalid
from agentbench.engine.values import ValueKeeper
from agentbench.workbench import builds, settling
from agentbench.workbench.calls import ANSWER, STOP, Answer, read_answer
from agentbench.workbench.children import Children
from agentbench.workbench.opening import Opening, new_id, opening_of
from agentbench.workbench.outfit import Outfit
from agentbench.workbench.ownership import Ownership
from agentbench.workbench.parts import Parts
from agentbench.workbench.rescue import Rescue
from agentbench.workbench.run import Run

ENDING = 5.0
"""Seconds that runs have to be cut off when the process ends."""
HANDING_OVER = 5.0
"""Seconds in which an owner that has parked its run lets go of it."""


class Carrier:
    """Starts runs, takes over those of kernels that died, stops and answers them."""

    def __init__(
        self,
        parts: Parts,
        *,
        bundle: Callable[[Any], dict[str, Any]],
        find_agent: Callable[[str, int | None], Graph],
    ) -> None:
        self._parts, self.bundle = parts, bundle
        self._owners, self._rescue = Ownership(parts), Rescue(parts)
        self._outfit = Outfit(
            parts,
            self._owners,
            known=self.run,
            run_agent=lambda *call: self._children.call(*call),  # noqa: PLW0108 - made below
        )
        self._children = Children(
            parts,
            find=find_agent,
            known=self.run,
            hold=self._held,
            prepare=self._outfit.executor,
        )
        self._runs: WeakValueDictionary[str, Run] = WeakValueDictionary()
        self._stopping: set[str] = set()
        self._executors: dict[str, Executor] = {}
        self._looking_up = threading.Lock()

    @property
    def store(self) -> Store:
        """Where the events of runs are."""
        return self._parts.store

    @property
    def feed(self) -> Feed:
        """Where they are heard of."""
        return self._parts.feed

    @property
    def keeper(self) -> ValueKeeper:
        """Reads values back."""
        return self._parts.keeper

    # ---- starting and going on ---------------------------------------------

    def start(
        self,
        graph: Graph,
        inputs: Mapping[str, Any],
        options: RunOptions,
        reuse: Reuse | None = None,
        basis: Basis | None = None,
        *,
        named: Mapping[str, Any] | None = None,
    ) -> Run:
        """Starts a run of the graph as it is now, on the basis of an earlier one or none."""
        now, parts = graph.frozen(), self._parts
        refuse_invalid(now)
        parts.consents.keep_own(now)
        checked = checked_inputs(now, inputs)
        basis = builds.basis_of(self.store, now, reuse) if reuse else basis
        run = self._held(new_id(), now)
        options = parts.replays.settled(run.graph, options)
        opening = opening_of(
            parts, run.id, run.graph, checked, options=options, basis=basis, named=named
        )
        run.done = self._rescue.carry(self._carry_out_new(run, opening, checked))
        try:
            opening.kept.result()
        except KeyboardInterrupt:
            self.stop_run(run.id)
            raise
        return run

    def fork(self, run: Run, at: int, changes: Mapping[str, Any]) -> Run:
        """Starts a run that takes over what another one did up to an event."""
        basis = builds.fork_basis(self.store, run, at, changes, self.keeper)
        one = builds.first_event(self.store, run.id)
        inputs = {name: self.keeper.read(ref) for name, ref in one.inputs.items()}
        return self.start(run.graph, inputs, one.options, basis=basis, named=one.named)

    def run(self, id: str) -> Run:
        """The run of that id, ours or another kernel's."""
        with self._looking_up:
            found = self._runs.get(id)
            return found or self._held(id, self._graph_of(self.store.run(id)))

    def let_go_of(self, run: str) -> None:
        """Keeps no run in mind that is there no more."""
        self._runs.pop(run, None)

    def resume(self, id: str, decisions: Mapping[str, Decision]) -> Run:
        """Goes on with a run whose kernel has died, or that stands still here."""
        self.refuse_to_block()
        executor = self._executors.get(id)
        if executor is not None and executor.room.is_lacking:
            self._parts.loop.call_soon(executor.room.look)
            return self.run(id)
        graph = self._resumable(id)
        lease = self._owners.taken(id)
        try:
            self._owners.claim(id, lease)
            events = self._decided(id, graph, lease, decisions)
        except BaseException:
            self._parts.loop.submit(lease.release()).result()
            raise
        return self._go_on(id, graph, events, lease)

    def answer(
        self, id: str, node: str, answer: Any, *, firing: int | None
    ) -> tuple[Run, bool]:
        """Answers a parked firing; says whether the run goes on in this kernel now."""
        self.refuse_to_block()
        run = self.run(id)
        graph = self._resumable(id)
        parked = settling.parked_firing(run, node, firing, answer)
        answer = settling.in_its_words(run, node, parked, answer)
        ref = self.keeper.keep_now(answer)
        said = Answer(node=node, firing=parked, answer=ref, by=self._parts.owner)
        end = time.monotonic() + HANDING_OVER
        while time.monotonic() < end:
            if self._is_answered(id, said):
                return run, False
            with contextlib.suppress(RunTaken):
                lease = self._owners.taken(id)
                break
            time.sleep(0.05)  # its owner is parking it, or has just been told
        else:
            raise AnswerRefused(id, "its owner does not reply; try again.")
        try:
            self._owners.claim(id, lease)
            settling.parked_firing(run, node, parked, answer)
            self._decided(id, graph, lease, {})
            events = settling.answered(self.store, id, lease.fence, said)
        except BaseException:
            self._parts.loop.submit(lease.release()).result()
            raise
        return self._go_on(id, graph, events, lease), True

    def _decided(
        self, id: str, graph: Graph, lease: Lease, decisions: Mapping[str, Decision]
    ) -> list[Event]:
        """The run's events, once nothing of it is left that was sending when it was cut off."""
        return settling.decided(
            self.store,
            settling.cut_off(self.store, id, graph, self._graph_of),
            owner=self._parts.owner,
            fence=lease.fence,
            decisions=decisions,
        )

    def _is_answered(self, id: str, answer: Answer) -> bool:
        """Whether whoever carries the run out took the answer."""
        executor = self._executors.get(id)
        if executor is None:
            is_told = self._owners.tell_owner(id, answer)
            return is_told and settling.is_taken(self.run(id), answer)

        async def tell() -> bool:
            return executor.answer(answer.node, answer.firing, answer.answer, answer.by)

        return self._parts.loop.submit(tell()).result(timeout=HANDING_OVER)

    def _resumable(self, id: str) -> Graph:
        record = self.store.run(id)
        if record.status.is_final:
            message = f"The run {id} has ended ({record.status}); start a new one."
            raise StoreError(message)
        if not record.last_seq:
            message = (
                f"The run {id} never began: there was no room, or its kernel died."
            )
            raise StoreError(f"{message} Start a new one.")
        graph = self._graph_of(record)
        refuse_invalid(graph)
        return graph

    def _go_on(
        self, id: str, graph: Graph, events: Sequence[Event], lease: Lease
    ) -> Run:
        run = self._held(id, graph)
        carried = self._carry_out(run, events, lease)
        run.done = self._rescue.carry(carried)
        return run

    # ---- stopping ----------------------------------------------------------

    def stop_run(self, run: str) -> None:
        """Asks for a run to be stopped, here or in the kernel that carries it out.

        Raises:
            RunTaken: the kernel that has it does not hear us.
            BackendError: the lock server or the store does not answer.
        """
        here = self._runs.get(run)
        if here is not None and here.done is not None and not here.done.done():
            # Noted first, looked for second; `_carry_out` does it the other way round,
            # so that a stop is heard however early it comes.
            self._stopping.add(run)
            executor = self._executors.get(run)
            if executor is not None:
                self._rescue.stop(here, executor)
        elif not self.store.run(run).status.is_final:
            self.refuse_to_block()
            self._stop_elsewhere(run)

    def is_owned(self, run: str) -> bool:
        """Whether some living kernel carries the run out."""
        return run in self._executors or self._owners.is_owned(run)

    def refuse_to_block(self) -> None:
        """Refuses a blocking wait on the engine's own loop."""
        self._parts.loop.refuse_to_block()

    def close(self) -> None:
        """Cuts off what still runs here."""
        for executor in list(self._executors.values()):
            self._parts.loop.call_soon(executor.abandon, "the kernel ended")
        for run in list(self._runs.values()):
            if run.done is not None:
                with contextlib.suppress(Exception):
                    run.done.result(timeout=ENDING)
        self._owners.close(timeout=ENDING)

    def _stop_elsewhere(self, run: str) -> None:
        loop = self._parts.loop
        lease = loop.submit(self._owners.stopped_or_taken(run)).result()
        if lease is None:
            return
        try:
            record = self._owners.claim(run, lease)
            graph = self._graph_of(record)
            for part in self.store.runs(under=run, limit=settling.MOST_PARTS):
                if part.last_seq and not part.status.is_final:
                    owner = self._parts.owner
                    self.store.claim_run(part.id, owner=owner, fence=lease.fence)
                    inner = self._graph_of(part)
                    settling.stopped(self.store, part.id, inner, lease.fence).result()
            settling.stopped(self.store, run, graph, lease.fence).result()
        finally:
            loop.submit(lease.release()).result()

    # ---- inside ------------------------------------------------------------

    async def _carry_out_new(
        self, run: Run, opening: Opening, inputs: Mapping[str, Any]
    ) -> RunStatus:
        """Carries a run out that nobody knows of yet.

        Its blocks that are pure need not wait until it is kept and its lease taken.
        """
        await self._owners.joined()
        async with contextlib.AsyncExitStack() as leaving:
            tenure = Tenure()
            executor = await self._executor(run, tenure, [opening.first], inputs)
            taking = asyncio.ensure_future(self._take(executor, opening.kept, leaving))
            try:
                return await self._executed(run, executor, leaving)
            finally:
                if not taking.done():
                    taking.cancel()
                    await asyncio.wait([taking])

    async def _take(
        self,
        executor: Executor,
        kept: "Future[None]",
        leaving: contextlib.AsyncExitStack,
    ) -> None:
        """Has a new run kept, and takes its lease meanwhile."""
        try:
            lease = await self._owners.lease(executor.run_id, above=0)
            leaving.push_async_callback(lease.release)
            await self._watch_over(executor, lease, leaving)
            await asyncio.wrap_future(kept)
            executor.begin(lease.fence)
        except Exception as error:  # noqa: BLE001 - the run tells it, whatever it is
            executor.tenure.refuse(error)

    async def _carry_out(
        self, run: Run, past: Sequence[Event], lease: Lease
    ) -> RunStatus:
        """Goes on with a run whose lease we have."""
        async with contextlib.AsyncExitStack() as leaving:
            leaving.push_async_callback(lease.release)
            executor = await self._executor(run, Tenure(lease.fence), past, None)
            await self._watch_over(executor, lease, leaving)
            return await self._executed(run, executor, leaving)

    async def _executor(
        self,
        run: Run,
        tenure: Tenure,
        past: Sequence[Event],
        inputs: Mapping[str, Any] | None,
    ) -> Executor:
        made = (run, tenure, past, inputs)
        if builds.is_based(past[0]):  # then an earlier run's log is read
            found: Executor = await self._parts.loop.in_thread(
                self._outfit.executor, *made
            )
            return found
        return self._outfit.executor(*made)

    async def _watch_over(
        self, executor: Executor, lease: Lease, leaving: contextlib.AsyncExitStack
    ) -> None:
        """Has a run's lease watched, and the run reached by who calls it."""
        loop = self._parts.loop
        lease.on_loss(lambda why: loop.call_soon(executor.abandon, why))
        reached = self._owners.reached(
            executor.run_id,
            lambda call: self._heed(executor, call),
            lambda why: executor.abandon(f"no other kernel can reach it ({why})"),
        )
        await leaving.enter_async_context(reached)

    async def _executed(
        self, run: Run, executor: Executor, leaving: contextlib.AsyncExitStack
    ) -> RunStatus:
        self._executors[run.id] = executor
        try:
            if run.id in self._stopping:
                executor.stop()
            status = await executor.run()
        finally:
            self._executors.pop(run.id, None)
            self._stopping.discard(run.id)
        if status.is_final:  # then nobody waits for the lease
            self._owners.leave(leaving.pop_all())
        return status

    def _held(self, id: str, graph: Graph) -> Run:
        self._runs[id] = run = Run(id, graph, self)
        return run

    def _heed(self, executor: Executor, call: str) -> None:
        """Does what another kernel has called to this one; from any thread."""
        word, _, blob = call.partition(" ")
        if word == STOP:
            self._parts.loop.call_soon(executor.stop)
        elif word == ANSWER:
            self._parts.loop.call_soon(
                asyncio.ensure_future, self._pass_on(executor, blob)
            )

    async def _pass_on(self, executor: Executor, blob: str) -> None:
        said = read_answer(await self._parts.loop.in_thread(self.store.get_blob, blob))
        executor.answer(said.node, said.firing, said.answer, said.by)

    def _graph_of(self, record: RunRecord) -> Graph:
        text = self.store.document(record.graph)
        where = f"The graph of run {record.id}"
        return Graph.from_json(text, where=where, blocks=self._parts.blocks)
