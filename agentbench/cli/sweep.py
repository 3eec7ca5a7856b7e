"""`agentbench sweep`: takes away what was kept and nothing uses any more."""

import argparse
import dataclasses

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.workbench.clearing import sweep


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = -1.0
    if not 0 <= days < float("inf"):
        raise argparse.ArgumentTypeError(f"takes days from 0 on, not {text!r}")
    return days


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--older",
        type=_days,
        metavar="DAYS",
        help="take uploads away too that are so old (the setting AGENTBENCH_UPLOADS_KEPT)",
    )
    parser.add_argument(
        "--at-once",
        action="store_true",
        help="give the room back now, not in a day or two; while nothing else runs",
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")


def _do(given: argparse.Namespace) -> int:
    cleared = sweep(at_once=given.at_once, older=given.older)
    if given.json:
        print_json(dataclasses.asdict(cleared))
    else:
        print(f"Taken away: {cleared}.")
    return COMPLETED


SWEEP = Command(
    help="take away values and uploads that nothing uses", declare=_declare, do=_do
)
