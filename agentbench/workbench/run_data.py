"""RunData: what the log says of a run, and the live values while this kernel holds them."""

import concurrent.futures
import contextlib
import copy
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import RLock
from typing import Any, Protocol

from agentbench.domain.errors import (
    BackendError,
    CodecError,
    StoreUnreachable,
    UnknownNode,
)
from agentbench.domain.event import Event
from agentbench.domain.graph import Graph
from agentbench.domain.run import Failure, RunStatus
from agentbench.domain.store import RunRecord, Store
from agentbench.domain.value import ValueRef
from agentbench.engine.state import NodeState, RunState
from agentbench.engine.values import ValueKeeper
from agentbench.workbench.events import Events, log_pages, picked
from agentbench.workbench.film.timeline import Part, Timeline
from agentbench.workbench.firings import Firings
from agentbench.workbench.gone import Gone
from agentbench.workbench.outputs import Outputs


class Source(Protocol):
    """Where what is said of a run comes from."""

    @property
    def store(self) -> Store:
        """Where the run's events are."""

    @property
    def keeper(self) -> ValueKeeper:
        """Reads its values back."""


class RunData(ABC):
    """What there is to know of one run: always what folding its events gives."""

    def __init__(self, id: str, graph: Graph, source: Source) -> None:
        self.id = id
        self.agent = graph.name
        self.graph = graph
        self.done: concurrent.futures.Future[RunStatus] | None = None
        self.peek: Callable[..., Any] | None = None
        self.held_by: Callable[[], str] = str
        self._source = source
        self._seen: RunState | None = None
        self._lock = RLock()

    @property
    @abstractmethod
    def status(self) -> RunStatus:
        """Where the run stands, which its log alone cannot tell: its kernel may have died."""

    @property
    def record(self) -> RunRecord:
        """What the store knows of it without its log being read."""
        return self._source.store.run(self.id)

    @property
    def outputs(self) -> Outputs:
        """Each output's values, in the order in which they came; `to_frame()` has them too."""
        with self._lock:
            found = {n: list(seqs) for n, seqs in self._folded().plan.outputs.items()}
        return Outputs(
            {n: [self.value(seq) for seq in seqs] for n, seqs in found.items()}
        )

    @property
    def firings(self) -> Firings:
        """Every firing, in the order in which they started; `to_frame()` has them too."""
        with self._lock:
            return Firings.of(self._folded(), self.value)

    @property
    def events(self) -> Events:
        """The log, up to its last event now: all that the rest is worked out from."""
        return Events(self._source.store, self.id)

    def timeline(self) -> Timeline:
        """When each firing ran, waited and was tried again: a list, a table, a drawing.

        What the agents did that it called lies below the node that called them.

        `run.timeline().to_frame()` has a row for each attempt and each wait.
        """
        return self._timeline(lambda _: None)

    def timeline_with(self, also: Callable[[list[Event]], None]) -> Timeline:
        """The same, with all the events it reads handed on: a log is read but once."""
        timeline = self._timeline(also)
        timeline.renew()
        return timeline

    def _timeline(self, also: Callable[[list[Event]], None]) -> Timeline:
        titles = {id: node.title or id for id, node in self.graph.nodes.items()}

        def pages(after: int) -> Iterator[list[Event]]:
            for page in self._pages(after, sys.maxsize):
                also(page)
                yield page

        return Timeline(self.id, pages, titles, self._called)

    def _called(self) -> Iterable[Part]:
        """The runs of agents that firings of this one called, for its timeline."""
        return ()

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
    def held(self) -> str:
        """Why the run stands still though it is carried out here; empty when it does not."""
        is_ours = self.done is not None and not self.done.done()
        return self.held_by() if is_ours else ""

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
    def seconds(self) -> float:
        """How long it has taken so far, or took."""
        with self._lock:
            state = self._folded()
        is_alive = self.done is not None and not self.done.done()
        if is_alive and state.status is RunStatus.RUNNING and state.started:
            return time.time() - state.started
        return state.seconds

    def __getitem__(self, output: str) -> Any:
        with self._lock:
            every = self._folded().plan.outputs
            if output not in every:
                there = ", ".join(every) or "none"
                message = f"The run has no output {output!r}. Its outputs: {there}."
                raise LookupError(message)
            seqs = list(every[output])
        if not seqs:
            message = f"The output {output!r} got no value. The run is {self.status}."
            raise LookupError(message)
        return self.value(seqs[-1])

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

        Raises:
            StoreUnreachable: nobody can say just now; later the same may do.
        """
        with self._lock:
            known = self._state if seq in self._state.values else self._folded()
            ref = known.values[seq][0]
        try:
            return self._read(seq, ref)
        except StoreUnreachable:
            raise
        except (CodecError, BackendError) as error:
            return Gone(ref, str(error))

    def recall(self, seq: int, ref: ValueRef) -> Any:
        """The same to be shown, whatever comes of it, by who knows how it is kept."""
        try:
            return self._read(seq, ref)
        except (CodecError, BackendError) as error:
            return Gone(ref, str(error))

    def _read(self, seq: int, ref: ValueRef) -> Any:
        if self.peek is not None:
            with contextlib.suppress(KeyError):  # it has not read that far yet
                return self.peek(seq, ref)
        return self._source.keeper.read(ref)

    def new_state(self) -> RunState:
        """A state of the run before its first event, to be folded by whoever asks."""
        return RunState(self.graph)

    def fold_into(self, state: RunState, *, last: int = sys.maxsize) -> RunState:
        """Brings a state of one's own up to an event, or the last in the log; returns it."""
        for page in self._pages(state.last_seq, last):
            for event in page:
                state.apply(event)
        return state

    def picked(self, numbers: Sequence[int]) -> Iterator[Event]:
        """The events of those numbers, in their order; the rest of the log is not read."""
        return picked(self._source.store, self.id, sorted(numbers))

    def _pages(self, after: int, last: int) -> Iterator[list[Event]]:
        return log_pages(self._source.store, self.id, after=after, last=last)

    @property
    def _state(self) -> RunState:
        """The run as of the last look; only while the lock is held."""
        if self._seen is None:  # a run that nobody looks at needs none
            self._seen = self.new_state()
        return self._seen

    def _folded(self) -> RunState:
        """The run as of the last event; only while the lock is held."""
        return self.fold_into(self._state)
