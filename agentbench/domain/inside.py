"""Inside: agents that a graph carries along, as an imported one does its sub-agents.

They are kept as documents under `agents`, by name. A node of the graph that runs an agent
finds it there first; so do the agents inside, of which one may run another.
"""

import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.drawing import Drawing
from agentbench.domain.graph import Graph

AGENTS = "agents"
"""Under which key a graph's `extra` holds them."""


def names_inside(graph: Drawing) -> list[str]:
    """The agents that a graph carries along."""
    return sorted(_held(graph))


def agent_inside(graph: Drawing, name: str) -> Graph | None:
    """The agent of that name that a graph carries along, if it does.

    Raises:
        DocumentError: what it carries is no agent document.
    """
    document = _held(graph).get(name)
    if document is None:
        return None
    text = json.dumps(document, ensure_ascii=False)
    where = f"The agent {name!r} inside {graph.name!r}"
    found = Graph.from_json(text, where=where, blocks=graph.blocks)
    found.source = (0, "")
    found.extra[AGENTS] = {**_held(graph), **_held(found)}
    return found


def _held(graph: Drawing) -> Mapping[str, Any]:
    held = graph.extra.get(AGENTS)
    return held if isinstance(held, Mapping) else {}
