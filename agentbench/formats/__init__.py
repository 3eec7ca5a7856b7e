"""Formats: agents of other programs, read into graphs of ours; one format a folder.

A format reads a file's JSON (`read`), writes it back where it can (`write`), and brings
the blocks that its nodes have here: they are in no palette, since only an imported graph
holds them. Reading carries out nothing and reaches nothing. To add a format: a folder with
`FORMAT` and `block_of`, named in the two lists below.
"""

import importlib
from collections.abc import Mapping
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.correspondence import Correspondence
from agentbench.domain.registry import BlockRegistry
from agentbench.formats.base import Format

FORMATS = (
    "agentbench.formats.autogpt:FORMAT",
    "agentbench.formats.n8n:FORMAT",
)
"""Every format by its address; the first that fits a file reads it."""
BLOCKS: Mapping[str, str] = {
    "autogpt": "agentbench.formats.autogpt:block_of",
    "n8n": "agentbench.formats.n8n:block_of",
}
"""What makes the blocks of a format, by the family that their ids begin with."""


def formats() -> list[Format]:
    """Every format."""
    return [_load(place) for place in FORMATS]


def block_of(
    id: str, blocks: BlockRegistry, rows: Mapping[str, Correspondence]
) -> Block | None:
    """The block that stands for one of another program, by its id here; None for none.

    `rows` tell which of our blocks do the work of others', by their ids.
    """
    place = BLOCKS.get(id.partition(".")[0])
    if place is None:
        return None
    found: Block | None = _load(place)(id, blocks, rows)
    return found


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
