"""Consent: whether the programs that a graph holds may run as the user.

What was built here is the user's own. What was read from a text is not, until somebody
here has agreed to it as it is: the agreement is to a hash, which is kept with the user
and never in a file that travels. Titles, colours and places do not count.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from agentbench.domain.block import Block
from agentbench.domain.drawing import Drawing
from agentbench.domain.inside import AGENTS
from agentbench.domain.memo import Memo


class Consents(Protocol):
    """Who has agreed to what."""

    def allows(self, graph: Drawing) -> bool:
        """Whether the code of a graph may run, as the graph is now. From any thread."""
        ...


CODE_FAMILIES = ("code", "mcp", "notebook", "python", "shell")
"""Blocks of these families hold programs, whether or not one of them forgot to say so.

What a tool of an MCP server is told to do, its server does as the user, in no workspace.
"""


def carries_code(block: Block | None) -> bool:
    """Whether nodes of a block hold programs."""
    if block is None:
        return False
    return block.carries_code or block.family.partition(".")[0] in CODE_FAMILIES


def _code_nodes(graph: Drawing) -> list[str]:
    return [id for id in sorted(graph.nodes) if carries_code(graph.block_of(id))]


code_nodes: Memo[list[str]] = Memo(_code_nodes)
"""The nodes of a graph that hold programs, in the order of their ids."""


def consent_hash(graph: Drawing) -> str:
    """What an agreement is to: nodes, constants, options, links, and the agents inside.

    The versions of the blocks that carry code out count as well.
    """
    nodes: dict[str, Any] = {}
    for id, node in sorted(graph.nodes.items()):
        block = graph.block_of(id)
        version = block.version if block and carries_code(block) else ""
        nodes[id] = [node.block, version, node.constants, node.options]
    links = [[*link.key, link.sticky] for link in sorted(graph.links)]
    whole = {"nodes": nodes, "links": links, "agents": _logic(graph.extra.get(AGENTS))}
    text = json.dumps(whole, sort_keys=True, default=_live, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _logic(agents: Any) -> Any:
    """The agents inside without their places."""
    if not isinstance(agents, Mapping):
        return {}
    return {
        name: {key: it for key, it in document.items() if key != "layout"}
        if isinstance(document, Mapping)
        else document
        for name, document in agents.items()
    }


def _live(value: Any) -> Any:
    return {"$live": getattr(value, "type", type(value).__name__)}
