"""Placing: the block that a node of AutoGPT's has here, by its id."""

from collections.abc import Mapping

from agentbench.domain.block import Block
from agentbench.domain.correspondence import Correspondence
from agentbench.domain.registry import BlockRegistry
from agentbench.formats.autogpt.block import (
    AutogptAgent,
    AutogptBlock,
    AutogptInput,
    AutogptOutput,
)
from agentbench.formats.autogpt.catalogue import OURS, by_our_id
from agentbench.formats.autogpt.families import WORK
from agentbench.formats.autogpt.tool import AutogptTool
from agentbench.formats.base import StandIn

UNKNOWN = OURS + "unknown"
NOTE = "values.note"
"""Notes are notes here as well."""


def block_of(
    id: str, blocks: BlockRegistry, rows: Mapping[str, Correspondence]
) -> Block | None:
    """The block of an id that begins with `autogpt.`; None where there is none."""
    if id == UNKNOWN:
        why = "Nobody knows AutoGPT's block of this id; the node keeps it."
        return StandIn(UNKNOWN, "Unknown AutoGPT block", why)
    entry = by_our_id().get(id)
    if entry is None:
        return None
    kind = AutogptBlock
    if entry.role == "input":
        kind = AutogptInput
    elif entry.role == "output":
        kind = AutogptOutput
    elif entry.name == "AgentExecutorBlock":
        kind = AutogptAgent
    elif entry.name == "MCPToolBlock":
        kind = AutogptTool
    return kind(entry, WORK.get(entry.name) or rows.get(entry.id), blocks)
