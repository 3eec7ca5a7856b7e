"""Our agents as tools of an MCP server: over this process's own streams, or over HTTP."""

import contextlib
import importlib.metadata
from collections.abc import Callable
from typing import Any

from agentbench.domain.errors import MissingLibrary
from agentbench.server.tools import AgentTools, Answer


def new_server(tools: AgentTools) -> Any:
    """An `mcp.server.Server` that offers these tools.

    Raises:
        MissingLibrary: the MCP library is not installed.
    """
    try:
        from mcp import types
        from mcp.server import Server
    except ImportError as error:
        raise MissingLibrary("Serving agents over MCP", "mcp", "mcp") from error

    async def list_tools(context: Any, params: Any) -> Any:
        import asyncio

        offered = [
            types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=dict(tool.schema),
            )
            for tool in await asyncio.to_thread(tools.all)
        ]
        return types.ListToolsResult(tools=offered)

    async def call_tool(context: Any, params: Any) -> Any:
        async def report(done: float, total: float, words: str) -> None:
            await context.session.report_progress(done, total, words)

        answer = await tools.call(params.name, params.arguments or {}, report)
        return _result(types, answer)

    return Server(
        "agentbench",
        version=importlib.metadata.version("agentbench"),
        instructions="Each tool runs an agent that was built with agentbench.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _result(types: Any, answer: Answer) -> Any:
    content = [types.TextContent(text=answer.text)]
    content += [
        types.ImageContent(mime_type=m, data=held) for m, held in answer.pictures
    ]
    return types.CallToolResult(
        content=content,
        structured_content=None if answer.failed else answer.data,
        is_error=answer.failed,
    )


async def serve_streams(tools: AgentTools) -> None:
    """Serves over standard input and output, until the input ends."""
    server = new_server(tools)
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


async def serve_http(
    tools: AgentTools, *, port: int, token: str, tell: Callable[[str], None]
) -> None:
    """Serves over HTTP on this machine's own address, to whoever has the token.

    `port` 0 lets the system choose; `tell` is told the address once it is there.
    """
    server = new_server(tools)
    import uvicorn
    from mcp.server.transport_security import TransportSecuritySettings

    from agentbench.server.loopback import TokenNeeded, bound

    with contextlib.closing(bound(port)) as listening:
        number = listening.getsockname()[1]
        places = [f"127.0.0.1:{number}", f"localhost:{number}"]
        app = server.streamable_http_app(
            transport_security=TransportSecuritySettings(
                allowed_hosts=places,
                allowed_origins=[f"http://{place}" for place in places],
            )
        )
        config = uvicorn.Config(
            TokenNeeded(app, token), log_level="warning", access_log=False
        )
        tell(f"http://127.0.0.1:{number}/mcp")
        await uvicorn.Server(config).serve(sockets=[listening])
