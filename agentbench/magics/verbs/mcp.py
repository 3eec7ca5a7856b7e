"""The servers whose tools are blocks."""

import argparse

from IPython.core.interactiveshell import InteractiveShell

from agentbench.magics.verb import verb
from agentbench.workbench.mcp_line import carry_out, declare_mcp
from agentbench.workbench.workbench import workbench


@verb("mcp", declare_mcp)
def mcp(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists, adds and allows servers of tools (MCP).

    `%agent mcp add NAME --command WORD ...` keeps how one is started, `%agent mcp allow
    NAME` lets it start; its tools are then blocks `mcp.NAME.TOOL`.
    """
    for line in carry_out(workbench().mcp, given):
        print(line)  # noqa: T201
