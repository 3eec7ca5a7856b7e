"""`agentbench export AGENT`: writes an agent as a file of AutoGPT's."""

import argparse

from agentbench.cli.command import COMPLETED, Command
from agentbench.workbench.importing import write_file, write_foreign
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agent", help="an agent of the library, or an agent file")
    parser.add_argument("-o", "--out", metavar="FILE", help="the file; else printed")
    parser.add_argument(
        "--format", default="AutoGPT", metavar="FORMAT", help="AutoGPT (the default)"
    )


def _do(given: argparse.Namespace) -> int:
    text = write_foreign(workbench().agents.open(given.agent), given.format)
    if given.out:
        write_file(given.out, text)
        print(f"Written to {given.out}.")
    else:
        print(text, end="")
    return COMPLETED


EXPORT = Command(
    help="write an imported agent as a file of AutoGPT's", declare=_declare, do=_do
)
