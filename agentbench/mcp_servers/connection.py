"""Connections: how a command is started, or a URL is asked."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from agentbench.domain.errors import MissingLibrary
from agentbench.domain.outbound import Door
from agentbench.mcp_servers.asking import nobody
from agentbench.mcp_servers.settings import McpServer
from agentbench.mcp_servers.written import Written

SILENCE = 300.0
"""Seconds that a stream of an HTTP server may be silent; calls have limits of their own."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a connection needs of the workbench: each is asked for when it is needed."""

    door: Callable[[], Door]
    """The one door to the network."""
    reveal: Callable[[str], Awaitable[str]]
    """The secret of a credential, by its name."""


@contextlib.asynccontextmanager
async def connected(
    server: McpServer, written: Written, around: Surroundings
) -> AsyncIterator[Any]:
    """An `mcp.Client` of a server.

    Raises:
        MissingLibrary: the MCP library is not installed.
    """
    mcp = library()
    transport = (
        _asked(server, around) if server.url else _started(server, written, around)
    )
    info = mcp.types.Implementation(name="agentbench", version="1")
    async with mcp.Client(
        transport, client_info=info, elicitation_callback=nobody
    ) as client:
        # The library would check answers here on the loop, by patterns of the server's:
        # one that never ends would hold everything up. `content.py` checks them, apart.
        client.session.validate_tool_result = _unchecked
        yield client


async def _unchecked(name: str, result: Any) -> None:
    """Lets an answer through."""


def library() -> Any:
    """The module `mcp`, imported when first asked for: it takes a second or more.

    Raises:
        MissingLibrary: it is not installed.
    """
    try:
        import jsonschema  # noqa: F401 - answers are checked by it
        import mcp
    except ImportError as error:
        raise MissingLibrary("Talking to MCP servers", "mcp", "mcp") from error
    return mcp


@contextlib.asynccontextmanager
async def _started(
    server: McpServer, written: Written, around: Surroundings
) -> AsyncIterator[Any]:
    """The streams of a command; it sees a few variables of ours, and those it is given."""
    from mcp import StdioServerParameters
    from mcp.client.stdio import stdio_client

    secrets = {
        variable: await around.reveal(name)
        for variable, name in server.credentials.items()
    }
    given = StdioServerParameters(
        command=server.command[0],
        args=list(server.command[1:]),
        env={**server.env, **secrets},
        cwd=server.folder or None,
    )
    async with stdio_client(given, errlog=written.text) as streams:
        yield streams


@contextlib.asynccontextmanager
async def _asked(server: McpServer, around: Surroundings) -> AsyncIterator[Any]:
    """The streams of a URL: every request goes through the one door."""
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    client = around.door().client(
        httpx2, credential=server.credential, timeout=SILENCE, headers=server.headers
    )
    async with (
        client,
        streamable_http_client(server.url, http_client=client) as streams,
    ):
        yield streams
