"""`agentbench import FILE`: takes in an agent of another program."""

import argparse

from agentbench.cli.command import COMPLETED, FAILED, Command, print_json
from agentbench.workbench.exchange import import_agent
from agentbench.workbench.importing import report_lines
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="what AutoGPT or n8n exported")
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="the agent file; else into the library"
    )
    parser.add_argument(
        "--force", action="store_true", help="on top of what was saved elsewhere"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON report")


def _do(given: argparse.Namespace) -> int:
    found = import_agent(given.file)
    where = workbench().save(found.graph, given.out, force=given.force)
    if given.json:
        print_json(found.report())
    else:
        print(report_lines(found))
        print(f"Saved as {where}.")
    return FAILED if found.lost else COMPLETED


IMPORT = Command(
    help="take in an agent of AutoGPT or n8n; nothing of it is carried out",
    declare=_declare,
    do=_do,
)
