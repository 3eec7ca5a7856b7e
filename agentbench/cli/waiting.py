"""`agentbench waiting`: lists what runs wait for people to say."""

import argparse

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agent", help="only runs of this agent")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    found = workbench().waiting(agent=given.agent)
    if given.json:
        print_json([one.facts for one in found])
        return COMPLETED
    for one in found:
        print(repr(one).replace(one.line, f"agentbench {one.line}"))
    if not found:
        print("Nothing waits for an answer.")
    return COMPLETED


WAITING = Command(
    help="list what runs wait for people to say", declare=_declare, do=_do
)
