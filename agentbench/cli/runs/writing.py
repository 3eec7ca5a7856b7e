"""The words of `agentbench runs` that write a run into a file: `export` and `share`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.listing import export_line
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import workbench


def writing(help: str, ending: str, write: Callable[[Run, Path], Path]) -> Command:  # noqa: A002 - argparse's word
    """A command that writes a run; a folder gets a file of its id and that ending."""

    def declare(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("run", help="the run's id, from `agentbench runs`")
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            default=Path(),
            metavar="FILE",
            help=f"the file, or the folder that it goes into; by default ID{ending}, here",
        )

    def do(given: argparse.Namespace) -> int:
        run = workbench().run(given.run)
        print(export_line(run, write(run, given.output)))
        return COMPLETED

    return Command(help=help, declare=declare, do=do)
