"""Run: one execution of a graph, as people hold it: alive or over, ours or another kernel's."""

import asyncio
import concurrent.futures
import contextlib
import copy
import secrets
import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any, Protocol

from agentbench.domain.errors import BackendError, CodecError, RunFailed, UnknownNode
from agentbench.domain.feed import Feed
from agentbench.domain.graph import Graph
from agentbench.domain.run import Failure, RunStatus
from agentbench.domain.store import Store, place_of_part
from agentbench.engine.state import FiringState, NodeState, RunState
from agentbench.engine.values import ValueKeeper
from agentbench.workbench.gone import Gone
from agentbench.workbench.news import News

BEAT = 0.1
"""Seconds between two looks for an interrupt while we wait."""

MOST_CHILDREN = 100_000
"""So many parts of a run are looked through for its children."""
TAKING_UP = 3.0
"""Seconds in which who started a run gets its lease."""


class Control(Protocol):
    """What a run asks of the workbench that holds it."""

    @property
    def store(self) -> Store:
        """Where the run's events are."""

    @property
    def keeper(self) -> ValueKeeper:
        """Reads its values back."""

    @property
    def feed(self) -> Feed:
        """Tells what is new of it."""

    def stop_run(self, run: str) -> None:
        """Asks for the run to be stopped, here or in the kernel that carries it out."""
        ...

    def is_owned(self, run: str) -> bool:
        """Whether some living kernel carries the run out."""
        ...

    def run(self, id: str) -> "Run":
        """The run of that id."""
        ...

    def fork(self, run: "Run", at: int, changes: Mapping[str, Any]) -> "Run":
        """Starts a run that builds on another one."""
        ...

    def refuse_to_block(self) -> None:
        """Refuses a blocking wait where it would stop every run."""

    def bundle(self, thing: Any) -> dict[str, Any]:
        """The MIME bundle by which the run shows itself."""
        ...


class Run:
    """One run. It knows what the log says, and the live values while this kernel holds them.

    `run["brief"]` is the last value of the output *brief*; `run.outputs` has them all.
    """

    def __init__(self, id: str, graph: Graph, control: Control) -> None:
        self.id = id
        self.agent = graph.name
        self.graph = graph
        self.done: concurrent.futures.Future[RunStatus] | None = None
        self.peek: Callable[[int], Any] | None = None
        self._control = control
        self._seen: RunState | None = None
        self._lock = RLock()

    @property
    def status(self) -> RunStatus:
        """Where the run stands: `interrupted` when its kernel has died."""
        with self._lock:
            status = self._folded().status
        if not status.is_carried_out or self._is_alive():
            return status
        # Its owner lets go after it has written the end: only a log that still has none
        # was cut off.
        with self._lock:
            status = self._folded().status
        return RunStatus.INTERRUPTED if status.is_carried_out else status

    @property
    def outputs(self) -> Mapping[str, list[Any]]:
        """Each output's values, in the order in which they came."""
        with self._lock:
            found = {n: list(seqs) for n, seqs in self._folded().plan.outputs.items()}
        return {name: [self.value(seq) for seq in seqs] for name, seqs in found.items()}

    @property
    def failures(self) -> list[Failure]:
        """Every failure that no link handles."""
        with self._lock:
            return list(self._folded().failures)

    @property
    def reason(self) -> str:
        """Why the run was cut short; empty when it was not."""
        with self._lock:
            return self._folded().reason

    @property
    def undecided(self) -> Mapping[str, list[int]]:
        """By node, the firings that a run in need of a decision was cut off in."""
        with self._lock:
            return dict(self._folded().undecided)

    @property
    def unfired(self) -> Mapping[str, int]:
        """By node, the firings that still waited for a value when the run ended."""
        with self._lock:
            return dict(self._folded().unfired)

    @property
    def nodes(self) -> Mapping[str, NodeState]:
        """Every node's firings, as they are now."""
        with self._lock:
            return copy.deepcopy(self._folded().nodes)

    @property
    def node_count(self) -> int:
        """How many nodes may fire; a glance, where `nodes` copies every firing."""
        with self._lock:
            return len(self._state.nodes)

    @property
    def node_statuses(self) -> Mapping[str, tuple[str, int]]:
        """For each node that fired, how it stands and how often it fired; for drawings."""
        with self._lock:
            state = self._folded()
            return {
                id: (state.status_of(id).value, len(node.firings))
                for id, node in state.nodes.items()
                if node.firings
            }

    @property
    def firings(self) -> list[FiringState]:
        """Every firing, in the order in which they started."""
        every = [f for node in self.nodes.values() for f in node.firings.values()]
        return sorted(every, key=lambda f: (f.started, f.node, f.firing))

    @property
    def children(self) -> list["Run"]:
        """The runs of agents that firings of this one called: by node, then by firing."""
        deeper = self.id.count(".") + 3  # node, firing and part
        parts = self._control.store.runs(under=self.id, limit=MOST_CHILDREN)
        direct = (it.id for it in parts if it.id.count(".") == deeper)
        return [self._control.run(id) for id in sorted(direct, key=place_of_part)]

    @property
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        with self._lock:
            state = self._folded()
        is_alive = self.done is not None and not self.done.done()
        if is_alive and state.status is RunStatus.RUNNING and state.started:
            return time.time() - state.started
        return state.seconds

    def new_state(self) -> RunState:
        """A state of the run before its first event, to be folded by whoever asks."""
        return RunState(self.graph)

    def fold_into(self, state: RunState) -> RunState:
        """Brings a state of one's own up to the last event in the log; returns it."""
        for event in self._control.store.events(self.id, after=state.last_seq):
            state.apply(event)
        return state

    @property
    def _state(self) -> RunState:
        """The run as of the last look; only while the lock is held."""
        if self._seen is None:  # a run that nobody looks at needs none
            self._seen = self.new_state()
        return self._seen

    def _folded(self) -> RunState:
        """The run as of the last event; only while the lock is held."""
        return self.fold_into(self._state)

    def _is_alive(self) -> bool:
        """Whether somebody carries the run out, or is about to."""
        if self.done is not None and not self.done.done():
            return True
        with self._lock:
            is_new = self.done is None and self._state.last_seq <= 1
        if is_new:
            started = self._control.store.run(self.id).started
            is_new = time.time() - started < TAKING_UP
        return is_new or self._is_owned()

    def _is_owned(self) -> bool:
        try:
            return self._control.is_owned(self.id)
        except BackendError:
            # Nobody can say. The log says that it goes on, which is not with us.
            return self.done is None

    def __getitem__(self, output: str) -> Any:
        values = self.outputs[output]
        if not values:
            message = f"The output {output!r} got no value. The run is {self.status}."
            raise LookupError(message)
        return values[-1]

    def values(self, node: str, port: str | None = None) -> list[Any]:
        """Every value that a node gave, in order; on one output, or on all.

        Raises:
            UnknownNode: the run has no such node.
        """
        with self._lock:
            nodes = self._folded().nodes
            if node not in nodes:
                raise UnknownNode(node, nodes)
            emitted = [pair for f in nodes[node].firings.values() for pair in f.emitted]
        return [self.value(seq) for output, seq in emitted if port in (None, output)]

    def value(self, seq: int) -> Any:
        """The value that event number `seq` brought; live here, else read from the store.

        A value that was live only and is gone comes as a `Gone`, which says so.
        """
        with self._lock:
            ref = self._folded().values[seq][0]
        try:
            if self.peek is not None:
                with contextlib.suppress(KeyError):  # it has not read that far yet
                    return self.peek(seq)
            return self._control.keeper.read(ref)
        except (CodecError, BackendError) as error:
            return Gone(ref, str(error))

    def stop(self) -> None:
        """Asks the run to stop, wherever it is carried out.

        Returns at once when it is ours, else when its kernel has been told; with no
        such kernel left, when the run has been ended in its place.

        Raises:
            RunTaken: the kernel that has it does not hear us.
            BackendError: the lock server or the store does not answer.
        """
        self._control.stop_run(self.id)

    def fork(
        self,
        *,
        at: int | str = 0,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - what people would write
    ) -> "Run":
        """Starts a new run that takes over what this one did up to a point.

        Args:
            at: the number of an event, or a node: up to the end of its last firing. By
                default, as far as what `set` names.
            set: values to go on with instead of the recorded ones, by `node.output`, or
                by node for its first output. What depends on them is done again.

        Raises:
            UnknownNode: the run has no such node.
            UnknownPort: the node has no such output.
            PortValueError: the output cannot give such a value.
            LookupError: the node had given nothing.
        """
        changes = dict(set or {})
        if isinstance(at, str) or not at:
            named = [at] if at else [place.partition(".")[0] for place in changes]
            at = max((self._end_of(str(node)) for node in named), default=0)
        return self._control.fork(self, int(at), changes)

    def _end_of(self, node: str) -> int:
        """The number of the event with which a node's last firing ended."""
        nodes = self.nodes
        if node not in nodes:
            raise UnknownNode(node, nodes)
        ended = max((f.ended for f in nodes[node].firings.values()), default=0)
        if not ended:
            raise LookupError(f"The node {node!r} had ended no firing in this run.")
        return ended

    def wait(self, timeout: float | None = None) -> "Run":
        """Blocks until the run has ended, and returns it. An interrupt stops the run.

        Raises:
            TimeoutError: it went on longer than `timeout` seconds.
            StoreError: its log could not be written.
            RunCutOff: its lease was lost; `resume` goes on with it.
        """
        self._control.refuse_to_block()
        end = None if timeout is None else time.monotonic() + timeout
        news = News(self._control, self.id)
        try:
            while not self._has_ended(BEAT, news):
                if end is not None and time.monotonic() > end:
                    message = f"The run {self.id} goes on after {timeout} s."
                    raise TimeoutError(message)
        except KeyboardInterrupt:
            self.stop()
            if self.done is not None:
                concurrent.futures.wait([self.done], timeout=5)
            raise
        finally:
            news.close()
        return self

    async def finished(self) -> "Run":
        """Waits, in any event loop, until the run has ended. A cancellation stops it."""
        waited = None if self.done is None else asyncio.wrap_future(self.done)
        news = News(self._control, self.id)
        try:
            while not await self._has_ended_soon(waited, news):
                pass
        except asyncio.CancelledError:
            if self.done is None:  # another kernel has to be told
                await asyncio.to_thread(self.stop)
            else:
                self.stop()
            raise
        finally:
            news.close()
        return self

    def raise_on_failure(self) -> "Run":
        """Returns the run when it completed.

        Raises:
            RunFailed: it did not; the error lists every failure.
        """
        if self.status is not RunStatus.COMPLETED:
            reasons = [self.reason] if self.reason else []
            said = [*self.failures, *reasons] or [f"it is {self.status}"]
            raise RunFailed(self.id, said)
        return self

    def _has_ended(self, patience: float, news: News) -> bool:
        if self.done is not None:
            done, _ = concurrent.futures.wait([self.done], timeout=patience)
            if done:
                self.done.result()
                self.failures  # noqa: B018 - the repr shows what was last looked at
            return bool(done)
        if self._is_over():
            return True
        news.wait()
        return False

    async def _has_ended_soon(
        self, waited: "asyncio.Future[RunStatus] | None", news: News
    ) -> bool:
        if waited is None:
            is_over = await asyncio.to_thread(self._is_over)
            if not is_over:
                await asyncio.to_thread(news.wait)
            return is_over
        # Woken each beat: a kernel's interrupt is only noticed when the loop turns.
        await asyncio.wait([waited], timeout=BEAT)
        return waited.done() and bool(waited.result())

    def _is_over(self) -> bool:
        status = self.status
        return status.is_final or status in (
            RunStatus.INTERRUPTED,
            RunStatus.WAITING,
            RunStatus.NEEDS_DECISION,
        )

    def __repr__(self) -> str:
        # As of the last look: a repr reads no file and asks no server.
        status = RunStatus.QUEUED if self._seen is None else self._seen.status
        return f"<run of {self.agent!r}: {status}>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self._control.bundle(self)


def new_id() -> str:
    """A short id; ids of later runs sort after those of earlier ones."""
    return f"run-{time.time_ns() // 1_000_000:x}-{secrets.token_hex(2)}"
