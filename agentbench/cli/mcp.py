"""`agentbench mcp …`: the servers whose tools are blocks."""

import argparse

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.mcp_line import carry_out, declare_mcp
from agentbench.workbench.workbench import workbench


def _do(given: argparse.Namespace) -> int:
    for line in carry_out(workbench().mcp, given):
        print(line)
    return COMPLETED


MCP = Command(
    help="list, add and allow servers of tools (MCP)", declare=declare_mcp, do=_do
)
