"""`agentbench trust AGENT`: allows the code in an agent that comes from elsewhere."""

import argparse

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.exchange import trust
from agentbench.workbench.listing import code_lines


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agent", help="an agent of the library, or an agent file")


def _do(given: argparse.Namespace) -> int:
    print(code_lines(trust(given.agent)))
    return COMPLETED


TRUST = Command(
    help="allow the code in an agent that comes from elsewhere, as it is now",
    declare=_declare,
    do=_do,
)
