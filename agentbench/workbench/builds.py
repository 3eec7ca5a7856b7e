"""Builds: what a run takes over from an earlier one, worked out from the store."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.basis import Basis, Reuse
from agentbench.domain.errors import CodecError, UnknownPort
from agentbench.domain.event import Event, RunStarted
from agentbench.domain.graph import Graph
from agentbench.domain.store import IMPORTED, RunLog
from agentbench.domain.value import ValueRef
from agentbench.engine.recollection import Recollection
from agentbench.engine.validate import refuse_invalid
from agentbench.engine.values import ValueKeeper
from agentbench.workbench.run import Run

FAR_BACK = 20
"""So many runs are looked at for one that was not of a few nodes only."""


def first_event(log: RunLog, run: str) -> RunStarted:
    """The event with which a run began.

    Raises:
        UnknownRun: there is no such run.
        LookupError: it has not begun.
    """
    log.run(run)
    events = log.events(run, limit=1)
    if not events or not isinstance(events[0], RunStarted):
        raise LookupError(f"The run {run} has not begun.")
    return events[0]


def is_based(first: Event) -> bool:
    """Whether a run that began like this takes something over from an earlier one."""
    return isinstance(first, RunStarted) and first.basis is not None


def basis_of(log: RunLog, graph: Graph, reuse: Reuse) -> Basis:
    """The basis that somebody asks for; its run is empty where there is none yet.

    Raises:
        UnknownNode: there is no node of that name.
        UnknownRun: there is no such run.
    """
    for node in (*reuse.only, *filter(None, [reuse.from_node])):
        graph.node(node)
    if reuse.run:
        log.run(reuse.run)
    return Basis(
        run=reuse.run or _newest(log, graph.name),
        from_node=reuse.from_node,
        only=tuple(reuse.only),
    )


def _newest(log: RunLog, agent: str) -> str:
    """The agent's newest run that was of all nodes: one of a few holds too little."""
    for record in log.runs(agent=agent, limit=FAR_BACK):
        # What comes from a file is taken only when it is named.
        if record.last_seq and record.owner != IMPORTED:
            basis = first_event(log, record.id).basis
            if basis is None or not basis.only:
                return record.id
    return ""


def fork_basis(
    log: RunLog, run: Run, at: int, changes: Mapping[str, Any], keeper: ValueKeeper
) -> Basis:
    """The basis of a run that takes over what another one did up to an event.

    Raises:
        LookupError: the run has no such event.
        GraphInvalid: a block of it is unknown here.
    """
    last = log.run(run.id).last_seq
    if not 0 <= at <= last:
        raise LookupError(f"This run has no event {at}: its last one is {last}.")
    refuse_invalid(run.graph)
    return Basis(run=run.id, at=at, changes=kept_changes(run.graph, changes, keeper))


def kept_changes(
    graph: Graph, changes: Mapping[str, Any], keeper: ValueKeeper
) -> dict[str, ValueRef]:
    """Changed values by `node.output`, checked, in the form in which they are kept.

    Raises:
        UnknownNode: the graph has no such node.
        UnknownPort: the node has no such output.
        PortValueError: the output cannot give such a value.
    """
    kept: dict[str, ValueRef] = {}
    for given, value in changes.items():
        event, _, place = given.rpartition(" ")
        node, _, name = place.partition(".")
        ports = {port.name: port for port in graph.outputs_of(graph.node(node).id)}
        port = ports.get(name) if name else next(iter(ports.values()), None)
        if port is None:
            raise UnknownPort(node, name or "result", "output", list(ports))
        kept[event or f"{node}.{port.name}"] = keeper.keep_now(
            port.check(value, "output")
        )
    return kept


def recollection(
    log: RunLog, graph: Graph, first: RunStarted, before: Run | None
) -> Recollection | None:
    """What a run of `graph` that began with `first` knows of the run it builds on."""
    if first.basis is None:
        return None

    def peek(seq: int) -> Any:
        if before is None or before.peek is None:
            raise CodecError("The kernel that held it is gone.")
        return before.peek(seq)

    return Recollection(
        first.basis,
        graph=graph,
        before=graph if before is None else before.graph,
        events=[] if before is None else log.events(before.id),
        peek=peek,
        given=first.inputs,
    )
