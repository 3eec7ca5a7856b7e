"""`agentbench serve mcp [AGENT ...]`: offers agents as tools to other programs."""

import argparse
import asyncio
import os
import secrets
import sys

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.arguments import whole_number
from agentbench.workbench.workbench import workbench

TOKEN = "AGENTBENCH_SERVE_TOKEN"  # noqa: S105 - the name of the variable
"""The environment variable that may hold the token; else one is made up."""


def _declare(parser: argparse.ArgumentParser) -> None:
    # argparse takes the agents only where they stand before the flags.
    parser.usage = "agentbench serve mcp [AGENT ...] [--http] [--port N]"
    parser.add_argument("protocol", choices=["mcp"], help="how they are offered")
    parser.add_argument(
        "agents",
        nargs="*",
        metavar="AGENT",
        help="agents of the library or agent files; the whole library when none is named",
    )
    parser.add_argument(
        "--http",
        action="store_true",
        help="over HTTP on 127.0.0.1, to whoever sends the token (which is printed, or"
        f" taken from {TOKEN}); by default over standard input and output",
    )
    parser.add_argument(
        "--port",
        type=whole_number,
        default=0,
        metavar="N",
        help="with --http: its port",
    )


def _do(given: argparse.Namespace) -> int:
    from agentbench.server.mcp import serve_http, serve_streams
    from agentbench.server.tools import AgentTools

    tools = AgentTools(workbench(), given.agents)
    if not given.http:
        asyncio.run(serve_streams(tools))
        return COMPLETED
    token = os.environ.get(TOKEN) or secrets.token_urlsafe(32)

    def tell(address: str) -> None:
        print(f"MCP server at {address}", file=sys.stderr)
        if TOKEN not in os.environ:
            print(f"Authorization: Bearer {token}", file=sys.stderr)
        sys.stderr.flush()

    asyncio.run(serve_http(tools, port=given.port, token=token, tell=tell))
    return COMPLETED


SERVE = Command(help="offer agents as tools (MCP)", declare=_declare, do=_do)
