"""AutoGPT's block for tools of MCP servers: by the tools that somebody here has accepted.

AutoGPT calls whatever address a node names. Here a server is added first, by a person;
what a file says of it opens no connection.
"""

import json
from collections.abc import Mapping
from typing import Any

from agentbench.domain.port import MISSING
from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.autogpt.tool import tools_of
from agentbench.formats.base import Native


async def call(given: Given, native: Native) -> Stream:
    """What a tool gives: JSON as values, one part by itself, several as a list.

    Raises:
        LookupError: nobody has added that server here, or it has no such tool.
        ValueError: an argument is missing, or unknown to the tool.
    """
    url, name = str(given["server_url"] or ""), str(given["selected_tool"] or "")
    found = tools_of(native.blocks, url, name)
    if not found:
        raise LookupError(_why_not(native, url, name))
    block = found[0]
    schema = given["tool_input_schema"]
    known = schema.get("properties") or {} if isinstance(schema, Mapping) else {}
    arguments = dict(given["tool_arguments"] or {})
    arguments |= {it: given[it] for it in known if given.get(it) is not None}
    _refuse_misfit(name, arguments, block)
    async for port, value in native.run(block.id, **arguments):
        if port == "result":
            yield "result", _parsed(value)


def _why_not(native: Native, url: str, name: str) -> str:
    if not name:
        return "'selected_tool' is empty: say which tool of the server is called."
    names = [it.tool_name for it in tools_of(native.blocks, url)]
    if names:
        there = ", ".join(sorted(names)[:20])
        return (
            f"The MCP server at {url!r} has no accepted tool {name!r}; it has {there}."
        )
    return (
        f"No MCP server of the address {url!r} has been added here. Look at who it is, then"
        " add it: `agentbench.mcp.add(NAME, url=…)`."
    )


def _refuse_misfit(name: str, arguments: Mapping[str, Any], block: Any) -> None:
    ports = {port.name: port for port in block.inputs({})}
    needed = [it for it, port in ports.items() if port.default is MISSING]
    missing = [it for it in needed if arguments.get(it) is None]
    if missing:
        raise ValueError(f"The tool {name!r} also needs {', '.join(missing)}.")
    if strange := [it for it in arguments if it not in ports]:
        raise ValueError(f"The tool {name!r} knows no {', '.join(strange)}.")


def _parsed(value: Any) -> Any:
    """Text that is JSON as values, also in a list of parts, as AutoGPT has it."""
    if isinstance(value, list):
        return [_parsed(one) if isinstance(one, str) else one for one in value]
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


TOOLS: Mapping[str, Work] = {
    # What it is told to do, the server does as the user.
    "MCPToolBlock": Does(function=call, effects="sends", carries_code=True),
}
