"""`agentbench runs show ID`: a run over time, and firing by firing."""

import argparse
import shutil
from dataclasses import asdict
from typing import Any

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.workbench.firings import Firing
from agentbench.workbench.listing import firing_table
from agentbench.workbench.run import Run
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import workbench

MOST_WIDTH = 160


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `agentbench runs`")
    parser.add_argument(
        "--node",
        default="",
        metavar="NODE",
        help="only the firings of this node",
    )
    parser.add_argument(
        "--no-timeline", action="store_true", help="leave the timeline out"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _do(given: argparse.Namespace) -> int:
    run = workbench().run(given.run)
    if given.json:
        print_json(_facts(run))
        return COMPLETED
    for line in firing_table(run, node=given.node):
        print(line)
    if not given.no_timeline and not given.node:
        width = shutil.get_terminal_size((100, 24)).columns
        print(f"\n{run.timeline().gantt(min(width, MOST_WIDTH))}")
    return COMPLETED


def _facts(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "agent": run.agent,
        "status": str(run.status),
        "seconds": run.seconds,
        "reason": run.reason,
        "firings": [_firing_facts(firing) for firing in run.firings],
        "failures": [asdict(failure) for failure in run.failures],
        "unfired": dict(run.unfired),
        "waits": [asdict(wait) for wait in waits_of(run)],
        "parts": [part.id for part in run.parts],
    }


def _firing_facts(firing: Firing) -> dict[str, Any]:
    return {
        "node": firing.node,
        "number": firing.number,
        "status": str(firing.status),
        "attempts": firing.attempts,
        "started": firing.started,
        "ended": firing.ended,
        "seconds": firing.seconds,
        "waited": firing.waited,
        "tokens": firing.tokens,
        "cost": firing.cost,
        "error": firing.error,
        "traceback": firing.traceback,
        "tries": list(firing.tries),
        "reason": firing.reason,
        "question": firing.question,
        "log": list(firing.log),
    }


SHOW = Command(help="show a run, firing by firing", declare=_declare, do=_do)
