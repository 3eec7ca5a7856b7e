"""Looking: a firing of a timeline in full, whichever of its runs it is of."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from agentbench.domain.event import Event
from agentbench.domain.graph import Graph
from agentbench.domain.value import ValueRef
from agentbench.engine.state import RunState
from agentbench.workbench.film.index import Index, Picking, excerpt
from agentbench.workbench.film.look import FiringLook, Render, look
from agentbench.workbench.film.timeline import Timeline


class LookedAt(Picking, Protocol):
    """What is asked of the run that a firing is of."""

    id: str
    graph: Graph

    @property
    def events(self) -> Sequence[Event]:
        """Its log."""

    def recall(self, seq: int, ref: ValueRef) -> Any:
        """A value, by the event that brought it and how it is kept."""


def look_at(
    timeline: Timeline,
    node: str,
    number: int,
    *,
    run: Callable[[str], LookedAt],
    render: Render,
    kept: Callable[[ValueRef], Any] | None = None,
) -> FiringLook:
    """A firing of a row; values as they live here, or with `kept` as they are kept.

    Raises:
        LookupError: there is no such firing.
    """
    id, inner, firing = timeline.origin(node, number)
    looked_at, index = run(id), timeline.by_firing
    if id != timeline.run:
        index = Index()
        index.take_in(looked_at.events)
    part = excerpt(looked_at, index, [(inner, firing)])
    state: RunState = part.state

    def read(seq: int) -> Any:
        ref = state.values[seq][0]
        return looked_at.recall(seq, ref) if kept is None else kept(ref)

    found = look(
        state,
        looked_at.graph,
        inner,
        firing,
        read=read,
        render=render,
        of=timeline.firings(node),
        gave=part.gave.get((inner, firing)),
        queued=timeline.queued(node, number),
        started=timeline.started,
    )
    # As the timeline names it, where it is one of many runs.
    return replace(found, node=node, number=number)
