"""Run watch: follows the run that an editor shows, and says what is new of it."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from agentbench.domain.event import Progressed, RunHeld
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.value import ValueRef
from agentbench.widgets.answers import WireBundle
from agentbench.widgets.messages import NodeState, RunChanged, RunState
from agentbench.widgets.pump import PUMP
from agentbench.widgets.wire import wire_node_state, wire_run
from agentbench.workbench.builds import first_event
from agentbench.workbench.film.reel import Reel
from agentbench.workbench.run import Run
from agentbench.workbench.staleness import stale
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import Workbench

LOOK = 2.0
"""Seconds between two looks at a run of another kernel of which nothing is heard."""

READING = 0.12
"""Seconds for which a log is read before what it says so far is shown."""

STREAMED = 600
"""So many of the last letters that a node streams are shown on it."""

LIVELY = {RunStatus.QUEUED, RunStatus.RUNNING}


class RunWatch:
    """One run as an editor shows it.

    `on_change` is called from any thread when there may be something new; `changes` and
    `everything` are called by the pump. They read on for a moment only: a long log is
    seen while it is read. Previews are drawn in worker threads: a chart
    may take longer than a status may wait.
    """

    def __init__(
        self, bench: Workbench, run: Run, on_change: Callable[[], None]
    ) -> None:
        self.run = run
        self._bench, self._on_change = bench, on_change
        self._reel = Reel(run)
        self._past: Any = None
        self._seeking = threading.Lock()
        self._is_new = True
        self._versions: Mapping[str, str] | None = None
        self._previews: dict[str, tuple[int, WireBundle | None]] = {}
        self._progress: dict[str, Progressed] = {}
        self._held = run.held
        self._dirty: set[str] = set()
        self._noting = threading.Lock()
        self._is_closed = False
        self._unlisten = bench.feed.listen(self._heard, run=run.id)
        if run.done is not None:
            run.done.add_done_callback(lambda _: on_change())

    def close(self) -> None:
        """Stops following."""
        self._is_closed = True
        self._unlisten()

    def stale(self, graph: Graph) -> dict[str, str]:
        """The nodes that were changed since the run began, and why they are out of date."""
        if self._versions is None:
            first = first_event(self._bench.store, self.run.id)
            self._versions = first.versions
        return stale(graph, self.run.graph, self._versions)

    @property
    def at(self) -> int | None:
        """The event at which the film stands; None for the run as it is now."""
        past = self._past
        return None if past is None else past.last_seq

    def seek(self, at: int | None) -> None:
        """Shows the run as it stood at an event; with None, as it is now.

        Up to some 30,000 events are folded for it: not for the pump.
        """
        with self._seeking:
            self._past = None if at is None else self._reel.at(at)
            self._is_new = True
        self._on_change()

    def state(self) -> Any:
        """The run as it is shown, as a state that nobody goes on with."""
        past = self._past
        return self._reel.still() if past is None else past

    def changes(self) -> RunChanged:
        """The run, and the nodes that stand differently since last time."""
        past = self._past
        if past is not None:
            self._is_new = False
            told, nodes = self._frame(past)
            return RunChanged(run=told, nodes=nodes, is_new=True)
        is_more, state = self._reel.read_on(READING), self._reel.so_far
        with self._noting:
            dirty, self._dirty = self._dirty, set()
        changed, state.changed = state.changed | dirty, set()
        is_new, self._is_new = self._is_new, False
        if is_new:  # also when a film that stood in the past comes back to now
            changed = set(state.nodes)
        try:
            nodes = [self._node(state, id) for id in sorted(changed) if id in state.nodes]
            told = self._told(state, is_more=is_more)
        except Exception:
            self._is_new = True  # what changed is not told: all of it is, the next time
            raise
        self._look_again(RunStatus(told.status))
        return RunChanged(run=told, nodes=nodes, is_new=is_new)

    def everything(self) -> tuple[RunState, list[NodeState]]:
        """The run and all its nodes, for a view that has just come."""
        past = self._past
        if past is not None:
            return self._frame(past)
        is_more, state = self._reel.read_on(READING), self._reel.so_far
        told = self._told(state, is_more=is_more)
        return told, [self._node(state, id) for id in state.nodes]

    def _told(self, state: Any, *, is_more: bool) -> RunState:
        """The run in words; of one that is still being read, how it stands by its record."""
        if not is_more:
            return wire_run(self.run, state, held=self._held)
        self._on_change()
        record = self.run.record
        seconds = record.ended - record.started if record.ended else state.seconds
        return wire_run(
            self.run,
            state,
            known=record.status,
            seconds=max(0.0, seconds),
            held=f"reading, {state.last_seq / record.last_seq:.0%}",
        )

    def _frame(self, past: Any) -> tuple[RunState, list[NodeState]]:
        """The run and all its nodes as they stood where the film stands."""
        told = wire_run(self.run, past)
        told.status, told.seconds = past.status.value, past.seconds
        told.reason, told.at = past.reason, past.last_seq
        nodes = [self._drawn(past, id) for id in past.nodes]
        for node in nodes:
            node.question = None  # what was asked then is answered, or asked now
        return told, nodes

    def _look_again(self, status: RunStatus) -> None:
        """Looks later at a run of another kernel: that may die without a word."""
        if self.run.done is None and status in LIVELY and not self._is_closed:
            PUMP.call_once((id(self), "look"), LOOK, self._look)

    def _look(self) -> None:
        if not self._is_closed:
            self._on_change()

    def _drawn(self, state: Any, id: str) -> NodeState:
        preview = self._preview(id, state)
        return wire_node_state(state, id, preview, self._bench.keeper.read)

    def _node(self, state: Any, id: str) -> NodeState:
        node = self._drawn(state, id)
        progress = self._progress.get(id)
        if progress is not None and node.status == "running":
            if progress.total:  # a model that speaks cannot say how far it is
                node.progress = max(0.0, min(1.0, progress.done / progress.total))
            node.progress_text = progress.text[-STREAMED:]
        return node

    def _preview(self, id: str, state: Any) -> WireBundle | None:
        """The preview of a node's last value; None until it is drawn."""
        last = state.nodes[id].last_value
        if last is None:
            return None
        seq = last[1]
        drawn_seq, drawn = self._previews.get(id, (0, None))
        if drawn_seq != seq:
            self._previews[id] = (seq, drawn)
            ref = state.values[seq][0]
            self._bench.looking.submit(self._draw, id, seq, ref)
        return drawn

    def _draw(self, id: str, seq: int, ref: ValueRef) -> None:
        shown = self._bench.renderers.preview(self.run.recall(seq, ref))
        if self._previews.get(id, (0, None))[0] == seq:
            bundle = WireBundle(data=dict(shown.data), metadata=dict(shown.metadata))
            self._previews[id] = (seq, bundle)
            self._note(id)
            self._on_change()

    def _heard(self, run: str, events: Any) -> None:
        for event in events:
            if isinstance(event, Progressed):
                self._progress[event.node] = event
                self._note(event.node)
            elif isinstance(event, RunHeld):
                self._held = event.reason
        self._on_change()

    def _note(self, node: str) -> None:
        with self._noting:
            self._dirty.add(node)


def newest_waiting(bench: Workbench, graph: Graph) -> Run | None:
    """The newest run of an agent, if it waits for somebody and fits the graph."""
    for record in bench.store.runs(agent=graph.name, limit=1):
        if record.status in (RunStatus.WAITING, RunStatus.NEEDS_DECISION):
            run = bench.run(record.id)
            asking = {wait.node.partition(".")[0] for wait in waits_of(run)}
            return run if asking <= set(graph.nodes) else None
    return None
