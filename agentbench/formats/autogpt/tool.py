"""A node that calls a tool of an MCP server: its ports are what it says the tool takes."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.port import MISSING, Port
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.tool import ServedTool
from agentbench.formats.autogpt.block import AutogptBlock, properties, required
from agentbench.formats.autogpt.catalogue import Pin
from agentbench.formats.autogpt.kinds import port_of


def tools_of(blocks: BlockRegistry, url: str, name: str = "") -> list[Any]:
    """The blocks here that are tools of the server at an address; of one name, or of any."""
    wanted = url.strip().rstrip("/")
    return [
        block
        for block in blocks
        if isinstance(block, ServedTool)
        and wanted
        and block.url.rstrip("/") == wanted
        and name in ("", block.tool_name)
    ]


class AutogptTool(AutogptBlock):
    """A tool of an MCP server."""

    def leans_on(self, constants: Mapping[str, Any]) -> tuple[str, ...]:
        """The tools that it may call; all there are of a server or tool that links say."""
        url, name = constants.get("server_url"), constants.get("selected_tool") or ""
        if isinstance(url, str) and url:
            return tuple(block.id for block in tools_of(self._blocks, url, str(name)))
        return tuple(it.id for it in self._blocks if isinstance(it, ServedTool))

    def _own_inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        schema = constants.get("tool_input_schema")
        fixed = constants.get("tool_arguments")
        needs = required(schema) - set(fixed if isinstance(fixed, Mapping) else ())
        taken = {port.name for port in self._inputs}
        own = (
            port_of(Pin(name, "any", default=MISSING if name in needs else None))
            for name in properties(schema)
            if name not in taken
        )
        return (*own, *self._inputs)
