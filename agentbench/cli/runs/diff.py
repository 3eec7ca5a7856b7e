"""`agentbench runs diff ONE OTHER`: holds two runs against each other."""

import argparse
from dataclasses import asdict
from typing import Any

from agentbench.cli.command import COMPLETED, FAILED, Command, print_json
from agentbench.workbench.film.run_diff import RunDiff
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Exit codes: 0 they are the same but for their times, 1 they differ."
    )
    parser.add_argument("run", help="the earlier run's id, from `agentbench runs`")
    parser.add_argument("other", help="the later run's id")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _do(given: argparse.Namespace) -> int:
    bench = workbench()
    diff = bench.run(given.run).diff(bench.run(given.other))
    if given.json:
        print_json(_facts(diff))
    else:
        print(diff)
    return COMPLETED if diff.is_same else FAILED


def _facts(diff: RunDiff) -> dict[str, Any]:
    return {
        "before": diff.before,
        "after": diff.after,
        "is_same": diff.is_same,
        "statuses": list(diff.statuses),
        "seconds": list(diff.seconds),
        "tokens": list(diff.tokens),
        "cost": list(diff.cost),
        "first": asdict(diff.first) if diff.first else None,
        "differences": [asdict(one) for one in diff.differences],
        "is_cut": diff.is_cut,
        "nodes": [asdict(node) for node in diff.nodes],
    }


DIFF = Command(
    help="hold two runs against each other: graph, inputs, outputs, time, cost",
    declare=_declare,
    do=_do,
)
