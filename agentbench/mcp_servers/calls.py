"""One call of a tool: checked against what was accepted, limited, cancelled, tried again."""

import asyncio
from collections.abc import Mapping
from typing import Any

from agentbench.domain.context import Context
from agentbench.domain.errors import McpServerDown, ToolChanged, ToolFailed
from agentbench.domain.replay import Asked
from agentbench.mcp_servers.asking import called_with_answers
from agentbench.mcp_servers.content import Result
from agentbench.mcp_servers.owner import Owner
from agentbench.mcp_servers.settings import McpServer
from agentbench.mcp_servers.tool import Tool

FRESH = 5.0
"""Tools that were listed so many seconds ago are not listed again before a call."""
TRIES = 3
"""How often a call is made that may be made again, when its server goes away in it."""


async def called(
    owner: Owner,
    server: McpServer,
    tool: Tool,
    arguments: Mapping[str, Any],
    context: Context,
) -> Result:
    """What a tool gave, also when it says that it failed.

    Raises:
        ToolFailed: it cannot be called like that, or said nothing for too long.
        ToolChanged: it is not what was accepted.
        McpServerDown: its server cannot be reached, or went away.
    """
    mark = owner.written.mark()
    for left in reversed(range(TRIES if tool.is_repeatable else 1)):
        async with owner.session(fresh=FRESH) as session:
            refuse_changed(server.name, tool, session.tools)
            try:
                result = await _answer(session.client, server, tool, arguments, context)
            except ConnectionAbortedError as error:
                lost: ConnectionAbortedError = error
                result = None
        if result is not None:
            return result
        await owner.lose(session)
        if left:
            context.log(f"The MCP server {server.name!r} went away; trying again.")
    reason = f"went away while {tool.name!r} was called ({lost})"
    raise McpServerDown(server.name, reason, said=owner.written.tail(mark)) from lost


async def _answer(
    client: Any,
    server: McpServer,
    tool: Tool,
    arguments: Mapping[str, Any],
    context: Context,
) -> Result:
    """One try; a connection that broke is a `ConnectionAbortedError`."""
    import anyio
    from mcp.shared.exceptions import MCPError
    from mcp.types import CONNECTION_CLOSED

    loop, seconds = asyncio.get_running_loop(), server.timeout
    try:
        async with asyncio.timeout(seconds) as deadline:

            async def heard(done: float, total: float | None, text: str | None) -> None:
                if not deadline.expired():  # it may be told in that very moment
                    deadline.reschedule(loop.time() + seconds)
                context.progress(done if total else 0.0, total or 1.0, text or "")

            given = await called_with_answers(
                client,
                server.name,
                tool.name,
                arguments,
                context=context,
                progress=heard,
            )
    except TimeoutError:
        if not deadline.expired():
            raise
        said = (
            f"said nothing for {seconds:g} s, and was given up. If it needs longer, add"
            " the server again with a longer `timeout`."
        )
        raise ToolFailed(server.name, tool.name, said) from None
    except MCPError as error:
        if error.code == CONNECTION_CLOSED:
            raise ConnectionAbortedError(error.message) from error
        raise ToolFailed(server.name, tool.name, error.message) from error
    except (anyio.ClosedResourceError, anyio.BrokenResourceError) as error:
        raise ConnectionAbortedError(type(error).__name__) from error
    result: Result = given.model_dump(mode="json", by_alias=True, exclude_none=True)
    return result


def asked(server: str, tool: Tool, arguments: Mapping[str, Any]) -> Asked:
    """A call as it is recorded, and found again."""
    told = f"{server}: {tool.name}: "
    return Asked(
        kind="mcp",
        label=f"{server} {tool.name}",
        facts={
            "server": server,
            "tool": tool.name,
            "accepted": tool.hash,
            "arguments": dict(arguments),
        },
        errors={
            "ToolFailed": lambda message: ToolFailed(
                server, tool.name, message.removeprefix(told)
            )
        },
    )


def refuse_changed(server: str, tool: Tool, now: Mapping[str, Tool]) -> None:
    """Refuses a tool that is not what was accepted.

    Raises:
        ToolChanged: with what has changed.
    """
    there = now.get(tool.name)
    if there is None:
        raise ToolChanged(server, tool.name, ["the server no longer has it"])
    if there.hash != tool.hash:
        raise ToolChanged(server, tool.name, there.changes_from(tool))


def differences(old: Mapping[str, Tool], now: Mapping[str, Tool]) -> list[str]:
    """What of a server's tools is new, changed or gone, in lines."""
    lines: list[str] = []
    for name in sorted({*old, *now}):
        if name not in now:
            lines.append(f"gone: {name}")
        elif name not in old:
            first = now[name].description.strip().partition("\n")[0]
            lines.append(f"new: {name}" + (f" - {first}" if first else ""))
        elif old[name].hash != now[name].hash:
            lines.append(f"changed: {name}")
            lines.extend(f"  {line}" for line in now[name].changes_from(old[name]))
    return lines
