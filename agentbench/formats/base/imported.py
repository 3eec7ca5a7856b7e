"""Imported: what reading a file of another program gives, and what it says about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry


@dataclass(frozen=True)
class Unsupported:
    """A node whose block does not run here, and why; `node` is `agent/node` in a sub-agent."""

    node: str
    block: str
    why: str


@dataclass(kw_only=True)
class Imported:
    """An agent of another program.

    `lost` names what of the file would not come out again; it is found by writing the
    agent back and comparing, and is to be empty. `notes` say what differs here.
    """

    graph: Graph
    format: str
    agents: int = 0
    """How many sub-agents came along; they are kept inside the graph."""
    unsupported: list[Unsupported] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """What there is to say, as JSON."""
        return {
            "agent": self.graph.name,
            "nodes": len(self.graph.nodes),
            "links": len(self.graph.links),
            "subgraphs": self.agents,
            "unsupported": [
                {"node": it.node, "block": it.block} for it in self.unsupported
            ],
            "lost": self.lost,
            "notes": self.notes,
        }


@dataclass(frozen=True, kw_only=True)
class Format:
    """A way in which another program keeps agents.

    `fits` tells whether a JSON object is of it; `read` makes an agent of one (nothing of
    it is carried out) and `write` the object of an agent, where the format is written.
    """

    name: str
    fits: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Mapping[str, Any], BlockRegistry], Imported]
    write: Callable[[Graph], dict[str, Any]] | None = None
