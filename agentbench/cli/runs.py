"""`agentbench runs`: lists the newest runs."""

import argparse
import dataclasses

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.workbench.listing import run_line
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agent", help="only runs of this agent")
    parser.add_argument("--limit", type=int, default=20, help="how many at the most")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    records = workbench().runs(agent=given.agent, limit=given.limit)
    if given.json:
        print_json([dataclasses.asdict(record) for record in records])
        return COMPLETED
    for record in records:
        print(run_line(record))
    return COMPLETED


RUNS = Command(help="list the newest runs", declare=_declare, do=_do)
