"""`agentbench runs import FILE`: takes in what `export` wrote."""

import argparse
from pathlib import Path

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.listing import import_line
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file that `export` wrote")


def _do(given: argparse.Namespace) -> int:
    print(import_line(workbench().import_run(given.file)))
    return COMPLETED


IMPORT = Command(
    help="take in a run from a file; nothing of it is carried out",
    declare=_declare,
    do=_do,
)
