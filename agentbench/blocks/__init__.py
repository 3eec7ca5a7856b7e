"""Blocks: the kinds of work that come with agentbench, one family a file.

To add one: write a typed function in the file of its family (`text.split` lives in
`text.py`), put `@block(...)` on it, name it in the list below, and test it in
`tests/blocks/`. Importing this room loads no block; a block loads its libraries when
it first runs.
"""

import importlib
from collections.abc import Iterator

from agentbench.domain.block import Block

BUILTIN_BLOCKS = (
    "agentbench.blocks.agent.calls:map_agent",
    "agentbench.blocks.agent.calls:run_agent",
    "agentbench.blocks.agent.ports:agent_input",
    "agentbench.blocks.agent.ports:agent_output",
    "agentbench.blocks.ai.agent:agent",
    "agentbench.blocks.ai.chat:chat",
    "agentbench.blocks.ai.media:paint",
    "agentbench.blocks.ai.media:speak",
    "agentbench.blocks.ai.media:transcribe",
    "agentbench.blocks.ai.structured:classify",
    "agentbench.blocks.ai.structured:condition",
    "agentbench.blocks.ai.structured:extract",
    "agentbench.blocks.ai.structured:list_",
    "agentbench.blocks.ai.structured:structured",
    "agentbench.blocks.ai.text:embed",
    "agentbench.blocks.ai.text:generate",
    "agentbench.blocks.ai.text:summarise",
    "agentbench.blocks.ai.text:translate",
    "agentbench.blocks.chart:plot",
    "agentbench.blocks.data:count",
    "agentbench.blocks.data:filter_items",
    "agentbench.blocks.data:get",
    "agentbench.blocks.data:make_dictionary",
    "agentbench.blocks.data:make_list",
    "agentbench.blocks.data:merge",
    "agentbench.blocks.data:parse_json",
    "agentbench.blocks.data:query",
    "agentbench.blocks.data:sort",
    "agentbench.blocks.data:unique",
    "agentbench.blocks.documents:chunk",
    "agentbench.blocks.documents:index",
    "agentbench.blocks.documents:load",
    "agentbench.blocks.documents:search",
    "agentbench.blocks.human:approve",
    "agentbench.blocks.human:ask",
    "agentbench.blocks.human:choose",
    "agentbench.blocks.human:edit",
    "agentbench.blocks.logic:condition",
    "agentbench.blocks.logic:step",
    "agentbench.blocks.logic:wait",
    "agentbench.blocks.math:calculate",
    "agentbench.blocks.python:expression",
    "agentbench.blocks.table:describe",
    "agentbench.blocks.table:filter_rows",
    "agentbench.blocks.table:from_rows",
    "agentbench.blocks.table:query",
    "agentbench.blocks.table:read",
    "agentbench.blocks.table:rows",
    "agentbench.blocks.table:sort",
    "agentbench.blocks.table:summarise",
    "agentbench.blocks.table:to_markdown",
    "agentbench.blocks.text:combine",
    "agentbench.blocks.text:regex",
    "agentbench.blocks.text:replace",
    "agentbench.blocks.text:split",
    "agentbench.blocks.text:template",
    "agentbench.blocks.values:area",
    "agentbench.blocks.values:constant",
    "agentbench.blocks.values:convert",
    "agentbench.blocks.values:note",
    "agentbench.blocks.web:fetch",
    "agentbench.blocks.web:send",
)
"""Every built-in block by its address; anybody may read it, `load` makes it real."""


def load() -> Iterator[Block]:
    """The built-in blocks, in the order of the list."""
    for address in BUILTIN_BLOCKS:
        module, _, attribute = address.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, Block):
            raise TypeError(f"{address} is no block but a {type(found).__name__}.")
        yield found
