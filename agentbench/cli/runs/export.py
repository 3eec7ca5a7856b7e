"""`agentbench runs export ID`: writes a run into a file."""

import argparse
from pathlib import Path

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.listing import export_line
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `agentbench runs`")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path(),
        metavar="FILE",
        help="the file, or the folder that it goes into; by default ID.run.zip, here",
    )


def _do(given: argparse.Namespace) -> int:
    run = workbench().run(given.run)
    print(export_line(run, run.export(given.output)))
    return COMPLETED


EXPORT = Command(
    help="write a run, with its values, into one file", declare=_declare, do=_do
)
