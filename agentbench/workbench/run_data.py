"""RunData: what the log says of a run, and the live values while this kernel holds them."""

import concurrent.futures
import contextlib
import copy
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any, Protocol

from agentbench.domain.errors import BackendError, CodecError, UnknownNode
from agentbench.domain.graph import Graph
from agentbench.domain.run import Failure, RunStatus
from agentbench.domain.store import Store
from agentbench.engine.state import NodeState, RunState
from agentbench.engine.values import ValueKeeper
from agentbench.workbench.events import Events, log_pages
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
            seqs = list(self._folded().plan.outputs[output])
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
        """
        with self._lock:
            known = self._state if seq in self._state.values else self._folded()
            ref = known.values[seq][0]
        try:
            if self.peek is not None:
                with contextlib.suppress(KeyError):  # it has not read that far yet
                    return self.peek(seq, ref)
            return self._source.keeper.read(ref)
        except (CodecError, BackendError) as error:
            return Gone(ref, str(error))

    def new_state(self) -> RunState:
        """A state of the run before its first event, to be folded by whoever asks."""
        return RunState(self.graph)

    def fold_into(self, state: RunState) -> RunState:
        """Brings a state of one's own up to the last event in the log; returns it."""
        store, after = self._source.store, state.last_seq
        for page in log_pages(store, self.id, after=after, last=sys.maxsize):
            for event in page:
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
