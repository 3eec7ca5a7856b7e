"""Run: one execution of a graph, as people hold it: alive or over, ours or another kernel's."""

import asyncio
import concurrent.futures
import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from agentbench.domain.bench import current_bench
from agentbench.domain.errors import BackendError, RunFailed, UnknownNode
from agentbench.domain.feed import Feed
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.store import place_of_part
from agentbench.workbench.film.called import part_of
from agentbench.workbench.film.comparison import compare
from agentbench.workbench.film.run_diff import RunDiff
from agentbench.workbench.film.timeline import Part
from agentbench.workbench.interrupt import none_lost
from agentbench.workbench.news import News
from agentbench.workbench.run_data import RunData, Source
from agentbench.workbench.runs import Runs

BEAT = 0.1
"""Seconds between two looks for an interrupt while we wait."""

MOST_CHILDREN = 100_000
"""So many parts of a run are looked through for its children."""
TAKING_UP = 3.0
"""Seconds in which who started a run gets its lease."""


class Control(Source, Protocol):
    """What a run asks of the workbench that holds it."""

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


class Run(RunData):
    """One run: what it says is of `RunData`; what can be done with it is here.

    `run["brief"]` is the last value of the output *brief*; `run.outputs` has them all.
    `run.firings`, `run.events` and `run.outputs` are objects, and DataFrames with
    `to_frame()`, while it goes on and long after.
    """

    def __init__(self, id: str, graph: Graph, control: Control) -> None:
        super().__init__(id, graph, control)
        self._control = control

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
    def children(self) -> list["Run"]:
        """The runs of agents that firings of this one called: by node, then by firing."""
        return [self._control.run(part.id) for part in self.parts]

    @property
    def parts(self) -> Runs:
        """What the store knows of these, which none has to be opened for."""
        deeper = self.id.count(".") + 3  # node, firing and part
        below = self._control.store.runs(under=self.id, limit=MOST_CHILDREN)
        direct = [part for part in below if part.id.count(".") == deeper]
        return Runs(sorted(direct, key=lambda part: place_of_part(part.id)))

    def _called(self) -> Iterator[Part]:
        below = self._control.store.runs(under=self.id, limit=MOST_CHILDREN)
        for record in sorted(below, key=lambda it: (it.id.count("."), it.started)):
            yield part_of(self.id, record, self._control.store, self._control.run)

    def _is_alive(self) -> bool:
        """Whether somebody carries the run out, or is about to."""
        if self.done is not None and not self.done.done():
            return True
        with self._lock:
            is_new = self.done is None and self._state.last_seq <= 1
        if is_new:
            started = self._control.store.run(self.id).started
            is_new = abs(time.time() - started) < TAKING_UP
        return is_new or self._is_owned()

    def _is_owned(self) -> bool:
        try:
            return self._control.is_owned(self.id)
        except BackendError:
            # Nobody can say. The log says that it goes on, which is not with us.
            return self.done is None

    def stop(self) -> None:
        """Asks the run to stop, wherever it is carried out.

        Returns at once when it is ours, else when its kernel has been told; with no
        such kernel left, when the run has been ended in its place.

        Raises:
            RunTaken: the kernel that has it does not hear us.
            BackendError: the lock server or the store does not answer.
        """
        self._control.stop_run(self.id)

    def export(self, path: str | Path) -> Path:
        """Writes the run into one file, to be read elsewhere with `ab.import_run`.

        The file holds the graph, every event and every value, also those of the agents
        that the run called; of such a part, the whole that it belongs to is written. A
        folder gets a file named after the run. Returns where it was written.

        Raises:
            StoreError: it has not begun, or the file cannot be written.
        """
        from agentbench.workbench.run_file import write_run

        return write_run(self._control.store, self.id, Path(path).expanduser())

    def share(self, path: str | Path = ".") -> Path:
        """Writes the run as one HTML page that needs no kernel and no network.

        Whoever opens it sees the graph, the timeline, and every firing with what it took
        and gave, as text and images; nothing that the run said can act there. A folder
        gets a file named after the run. Returns where it was written.

        Raises:
            StoreError: it has not begun, or the file cannot be written.
        """
        from agentbench.workbench.film.page import write_page

        bench: Any = current_bench()
        return write_page(bench, self, Path(path).expanduser())

    def diff(self, other: "Run | str") -> RunDiff:
        """Holds another run (or that of an id) against this one.

        What differs: the graph, the inputs, and firing by firing what came of it, with
        the first difference and what it came of; and what each node took in both.

        Raises:
            UnknownRun: there is no such run.
        """
        that = self._control.run(other) if isinstance(other, str) else other
        return compare(self, that)

    def fork(
        self,
        *,
        at: int | str = 0,
        set: Mapping[str | int, Any] | None = None,  # noqa: A002 - what people would write
    ) -> "Run":
        """Starts a new run that takes over what this one did up to a point.

        Args:
            at: the number of an event, or a node: up to the end of its last firing. By
                default, as far as what `set` names.
            set: values to go on with instead of the recorded ones, by `node.output`
                (the latest one there), by node for its first output, or by the number
                of the event that brought one. What depends on them is done again.

        Raises:
            UnknownNode: the run has no such node.
            UnknownPort: the node has no such output.
            PortValueError: the output cannot give such a value.
            LookupError: the node had given nothing, or that event brought no value.
        """
        changes: dict[str, Any] = {}
        ends: list[int] = []
        for given, value in (set or {}).items():
            place = given
            if isinstance(given, int):
                place, end = self._place_of(given)
                ends.append(end)
            elif not at:
                ends.append(self._end_of(given.partition(".")[0]))
            changes[str(place)] = value
        if isinstance(at, str):
            at = self._end_of(at)
        return self._control.fork(self, max([at, *ends]), changes)

    def _place_of(self, event: int) -> tuple[str, int]:
        """Where the value of an event came from, and the event that ended its firing."""
        with self._lock:
            state = self._folded()
            if event not in state.values:
                raise LookupError(f"Event {event} of this run brought no value.")
            _, node, firing, port = state.values[event]
            ended = state.nodes[node].firings[firing].ended
        if not ended:
            raise LookupError(f"The firing of {node!r} that gave it has not ended.")
        return f"#{event} {node}.{port}", ended

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
        try:
            with (
                none_lost() as look,
                contextlib.closing(News(self._control, self.id)) as news,
            ):
                while not self._has_ended(BEAT, news):
                    look()
                    if end is not None and time.monotonic() > end:
                        message = f"The run {self.id} goes on after {timeout} s."
                        raise TimeoutError(message)
        except KeyboardInterrupt:
            self.stop()
            if self.done is not None:
                concurrent.futures.wait([self.done], timeout=5)
            raise
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
