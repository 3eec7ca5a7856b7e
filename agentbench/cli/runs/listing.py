"""`agentbench runs`: lists the newest runs."""

import argparse
import dataclasses
from collections.abc import Sequence
from typing import Any

from agentbench.cli.command import COMPLETED, print_json
from agentbench.domain.store import RunRecord
from agentbench.workbench.arguments import declare_filters, filters_of
from agentbench.workbench.listing import run_lines
from agentbench.workbench.waits import Wait
from agentbench.workbench.workbench import workbench


def declare_listing(parser: argparse.ArgumentParser) -> None:
    """Declares which runs are listed, and how."""
    declare_filters(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def list_runs(given: argparse.Namespace) -> int:
    """Prints them."""
    bench = workbench()
    records = bench.runs(**filters_of(given))
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
