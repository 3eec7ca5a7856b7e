"""Checking a run file: what it says has to be a run that could have been."""

from dataclasses import dataclass

from agentbench.domain.errors import DocumentError
from agentbench.domain.event import Event, FiringParked, RunFinished, RunStarted
from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.run import RunStatus
from agentbench.domain.store import IMPORTED, RunRecord
from agentbench.domain.value import stored_values
from agentbench.engine.state import RunState
from agentbench.workbench.run_file.archive import Archive
from agentbench.workbench.run_file.layout import (
    LATEST,
    MANIFEST,
    MOST_EVENTS,
    PART,
    ROOT,
    RunPart,
    graph_name,
    value_name,
)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A run file that holds what it says: the records of its runs, and its values."""

    records: dict[str, RunRecord]
    values: list[str]


def check(archive: Archive, blocks: BlockRegistry) -> Checked:
    """Reads all of a run file once, and writes nothing.

    Raises:
        RunFileError: anything in it is damaged, missing, left over or contradicts itself.
    """
    return _Check(archive, blocks).all()


class _Check:
    """One reading of a run file from its first entry to its last."""

    def __init__(self, archive: Archive, blocks: BlockRegistry) -> None:
        self._archive, self._blocks = archive, blocks
        self._graphs: dict[str, Graph] = {}
        self._sizes: dict[str, int] = {}
        """What the events say how many bytes each value has."""
        self._refuse = archive.refusal

    def all(self) -> Checked:
        manifest = self._archive.manifest
        self._check_tree()
        if sum(part.count for part in manifest.runs) > MOST_EVENTS:
            raise self._refuse(f"it holds more than {MOST_EVENTS:,} events.")
        records = {part.id: self._record(part) for part in manifest.runs}
        if records[manifest.run].agent != manifest.agent:
            raise self._refuse(f"its {MANIFEST} names another agent than its graph.")
        missing = set(manifest.missing)
        values = sorted(self._sizes.keys() - missing)
        for blob in values:
            self._check_value(blob)
        expected = {MANIFEST, *(part.events for part in manifest.runs)}
        expected.update(graph_name(part.graph) for part in manifest.runs)
        expected.update(map(value_name, values))
        if more := self._archive.names - expected:
            raise self._refuse(f"it holds {min(more)}, which nothing in it refers to.")
        return Checked(records=records, values=values)

    def _check_tree(self) -> None:
        """Every run but the first has its own in the tree, below one that comes before it."""
        manifest = self._archive.manifest
        above: set[str] = set()
        logs: set[str] = set()
        for part in manifest.runs:
            if not above:
                is_well = part.id == manifest.run and ROOT.fullmatch(part.id)
            else:
                parent = ".".join(part.id.split(".")[:-3])
                place = part.id[len(parent) + 1 :]
                is_well = parent in above and PART.fullmatch(place)
            if not is_well or part.id in above or part.events in logs:
                raise self._refuse(f"it has no place for a run {part.id[:80]!r}.")
            above.add(part.id)
            logs.add(part.events)
        if not above:
            raise self._refuse("it holds no run.")

    def _record(self, part: RunPart) -> RunRecord:
        graph = self._graph(part)
        state, last = RunState(graph), 0.0
        for event in self._archive.events(part):
            self._check_event(part, event, state)
            try:
                state.apply(event)
            except Exception as error:  # whatever a hostile log may bring about
                reason = (
                    f"event {event.seq} of the run {part.id} does not fit its graph"
                )
                raise self._refuse(f"{reason} ({error!r}).") from error
            for value in stored_values(event):
                if self._sizes.setdefault(value.blob, value.size) != value.size:
                    raise self._refuse(f"it gives {value.blob[:64]} two sizes.")
            last = event.at
        if not state.last_seq:
            raise self._refuse(f"the run {part.id} has no events.")
        return RunRecord(
            id=part.id,
            agent=graph.name,
            graph=part.graph,
            status=state.status,
            started=state.started,
            ended=last if state.status.is_final else 0.0,
            owner=IMPORTED,
        )

    def _check_event(self, part: RunPart, event: Event, state: RunState) -> None:
        is_first, begins = event.seq == 1, isinstance(event, RunStarted)
        if is_first != begins or state.status.is_final:
            reason = (
                f"event {event.seq} of the run {part.id} stands in the wrong place."
            )
            raise self._refuse(reason)
        if isinstance(event, RunStarted) and (event.run, event.graph) != (
            part.id,
            part.graph,
        ):
            raise self._refuse(f"the log of the run {part.id} is another run's.")
        if isinstance(event, RunFinished) and not _is_end(event.status):
            reason = f"the run {part.id} cannot have ended as {event.status[:40]!r}."
            raise self._refuse(reason)
        until = event.until if isinstance(event, FiringParked) else 0.0
        if not (0.0 <= event.at <= LATEST and 0.0 <= until <= LATEST):
            raise self._refuse(f"event {event.seq} of the run {part.id} has no time.")

    def _graph(self, part: RunPart) -> Graph:
        found = self._graphs.get(part.graph)
        if found is None:
            text = self._archive.document(part.graph)
            where = f"{self._archive.where}: the graph of the run {part.id}"
            try:
                found = Graph.from_json(text, where=where, blocks=self._blocks)
            except DocumentError as error:
                raise self._refuse(str(error)) from error
            self._graphs[part.graph] = found
        return found

    def _check_value(self, blob: str) -> None:
        if value_name(blob) not in self._archive.names:
            raise self._refuse(f"it lacks the value {blob[:64]}.")
        if self._archive.size(blob) != self._sizes[blob]:
            raise self._refuse(f"{value_name(blob)} has not the size that was kept.")
        for _ in self._archive.value(blob):
            pass


def _is_end(status: str) -> bool:
    try:
        return RunStatus(status).is_final
    except ValueError:
        return False
