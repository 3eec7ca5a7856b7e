"""Called: the runs of agents that firings of a run called, as parts of its timeline."""

import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from agentbench.domain.graph import Graph
from agentbench.domain.store import RunLog, RunRecord
from agentbench.workbench.events import log_pages
from agentbench.workbench.film.timeline import Part


class Called(Protocol):
    """What is asked of a run that was called."""

    @property
    def graph(self) -> Graph:
        """The graph that it carried out."""


def part_of(
    root: str, record: RunRecord, log: RunLog, run: Callable[[str], Called]
) -> Part:
    """The part of a run's timeline that one below it is; its id says where it belongs."""
    # run.node.firing.part, and the same again for what lies deeper
    steps = record.id.removeprefix(f"{root}.").split(".")

    def titles() -> Mapping[str, str]:
        nodes = run(record.id).graph.nodes
        return {id: node.title or id for id, node in nodes.items()}

    return Part(
        run=record.id,
        above="/".join(steps[::3]),
        is_over=record.status.is_final,
        titles=titles,
        pages=lambda after: log_pages(log, record.id, after=after, last=sys.maxsize),
    )
