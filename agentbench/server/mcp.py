"""Our agents as tools of an MCP server: over this process's own streams, or over HTTP."""

import contextlib
import importlib.metadata
from collections.abc import Callable
from typing import Any

from agentbench.domain.errors import MissingLibrary
from agentbench.server.asking import form_of, key_of
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

        told = _told(types, params.input_responses or {})
        if params.request_state and told is None:
            return _result(types, Answer(text="It was not answered.", failed=True))
        if params.request_state:
            answer = await tools.go_on(params.request_state, told or {}, report)
        else:
            answer = await tools.call(params.name, params.arguments or {}, report)
        return _asked(types, context, answer) or _result(types, answer)

    return Server(
        "agentbench",
        version=importlib.metadata.version("agentbench"),
        instructions="Each tool runs an agent that was built with agentbench.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _told(types: Any, responses: Any) -> dict[str, Any] | None:
    """What the client's person said, by question; None when they would not."""
    told: dict[str, Any] = {}
    for key, response in responses.items():
        is_said = isinstance(response, types.ElicitResult)
        if not is_said or response.action != "accept":
            return None
        told[key] = response.content or {}
    return told


def _asked(types: Any, context: Any, answer: Answer) -> Any:
    """The questions of a run that waits, for a client that can put them to a person."""
    from mcp.types.version import MODERN_PROTOCOL_VERSIONS

    able = types.ClientCapabilities(elicitation=types.ElicitationCapability())
    forms = {key_of(wait): (wait, form_of(wait)) for wait in answer.waits}
    if (
        not forms
        or context.protocol_version not in MODERN_PROTOCOL_VERSIONS
        or not context.session.check_client_capability(able)
        or any(form is None for _, form in forms.values())
    ):
        return None
    requests = {
        key: types.ElicitRequest(
            params=types.ElicitRequestFormParams(
                message=wait.question, requested_schema=form
            )
        )
        for key, (wait, form) in forms.items()
    }
    return types.InputRequiredResult(input_requests=requests, request_state=answer.run)


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
