"""`agentbench runs delete`: takes runs away for good, and what only they held."""

import argparse
import sys

from agentbench.cli.command import BAD_USAGE, COMPLETED, Command
from agentbench.workbench.arguments import point_in_time
from agentbench.workbench.clearing import delete_runs, sweep


def _declare(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("run", nargs="*", help="the ids of runs, from `agentbench runs`")
    add("--of", metavar="AGENT", help="else the runs of this agent")
    add("--that", action="append", default=[], metavar="STATUS", help="that stand so")
    add(
        "--before",
        type=point_in_time,
        metavar="TIME",
        help="started before: 2026-11-30, or how long ago as 30d, 12h",
    )
    add(
        "--at-once",
        action="store_true",
        help="give the room back now, not in a day or two; while nothing else runs",
    )


def _do(given: argparse.Namespace) -> int:
    try:
        count = delete_runs(
            *given.run, agent=given.of, status=given.that, before=given.before
        )
    except ValueError:
        said = "Name the runs by their ids, or say which: --of, --that or --before."
        print(f"agentbench: {said}", file=sys.stderr)
        return BAD_USAGE
    swept = sweep(at_once=given.at_once)
    runs = "1 run" if count == 1 else f"{count:,} runs"
    print(f"{runs} deleted; {swept.values} values swept, {swept.value_bytes:,} bytes.")
    return COMPLETED


DELETE = Command(
    help="take runs away for good, and the values that only they held",
    declare=_declare,
    do=_do,
)
