"""A tool as a block: a firing of it is a call."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from agentbench.domain.block import Block, Emission
from agentbench.domain.context import Context
from agentbench.domain.port import Port
from agentbench.mcp_servers.content import Result, values_of
from agentbench.mcp_servers.ports import arguments_of, inputs_of, outputs_of
from agentbench.mcp_servers.tool import Tool

FAMILY = "mcp"

Call = Callable[[str, Tool, Mapping[str, Any], Context], Awaitable[Result]]
"""Calls a tool of a server with arguments; gives a result that is no error."""


class ToolBlock(Block):
    """One tool of one MCP server, as it was accepted."""

    def __init__(
        self, server: str, tool: Tool, call: Call, *, slug: str = "", url: str = ""
    ) -> None:
        """`slug` is the last part of its id, where the tool's own is taken; `url` the server's."""
        self.server, self.tool, self._call = server, tool, call
        self.url, self.tool_name = url, tool.name
        self.id = f"{FAMILY}.{server}.{slug or tool.slug}"
        self.title = tool.title or tool.name.replace("_", " ").strip().capitalize()
        self.help = tool.description.strip()
        self.keywords = ("mcp", "tool", server, tool.name)
        self.effects = tool.effects
        self._ports = inputs_of(tool), outputs_of(tool)

    @property
    def version(self) -> str:  # known, where others work it out
        """The tool's hash: what an older one gave is not reused."""
        return self.tool.hash

    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """What the tool takes."""
        return self._ports[0]

    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """What it gives."""
        return self._ports[1]

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Calls the tool once.

        Raises:
            ToolFailed: it said that it failed.
            ToolChanged: it is not what was accepted.
            McpServerDown: its server cannot be reached.
            ConsentNeeded: its server may not be started.
        """
        # In a thread: the server's schema says how long it takes to look at them.
        arguments = await asyncio.to_thread(arguments_of, self.tool, inputs)
        result = await self._call(self.server, self.tool, arguments, context)
        # In a thread: a large picture takes a second to decode.
        values = await asyncio.to_thread(values_of, self.tool, result)
        for port, value in values.items():
            yield Emission(port, value)
