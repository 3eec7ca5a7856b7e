"""`agentbench runs`: lists the newest runs."""

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.domain.store import RunRecord
from agentbench.workbench.listing import run_lines
from agentbench.workbench.waits import Wait
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agent", help="only runs of this agent")
    parser.add_argument("--limit", type=int, default=20, help="how many at the most")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    bench = workbench()
    records = bench.runs(agent=given.agent, limit=given.limit)
    listed = [(record, bench.waits(record)) for record in records]
    if given.json:
        print_json([_facts(*pair) for pair in listed])
        return COMPLETED
    for record, waits in listed:
        print(run_lines(record, waits))
    return COMPLETED


def _facts(record: RunRecord, waits: Sequence[Wait]) -> dict[str, Any]:
    facts = dataclasses.asdict(record)
    if waits:
        facts["waits"] = [wait.facts for wait in waits]
    return facts


RUNS = Command(help="list the newest runs", declare=_declare, do=_do)
