"""`agentbench doctor`: says what is installed, what is in use, and what is wrong."""

import argparse
import dataclasses

from agentbench.cli.command import COMPLETED, FAILED, Command, print_json
from agentbench.workbench.doctor import examine
from agentbench.workbench.listing import finding_line
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    findings = list(examine(workbench()))
    if given.json:
        print_json([dataclasses.asdict(f) for f in findings])
    else:
        for finding in findings:
            print(finding_line(finding))
    return FAILED if any(f.level == "wrong" for f in findings) else COMPLETED


DOCTOR = Command(help="say what is in use and what is wrong", declare=_declare, do=_do)
