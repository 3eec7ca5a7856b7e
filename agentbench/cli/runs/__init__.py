"""`agentbench runs`: lists the newest runs; a word after it does something with one.

A file is a word. Add it there and to `WORDS`.
"""

import argparse

from agentbench.cli.command import Command
from agentbench.cli.runs.delete import DELETE
from agentbench.cli.runs.diff import DIFF
from agentbench.cli.runs.export import EXPORT
from agentbench.cli.runs.import_ import IMPORT
from agentbench.cli.runs.listing import declare_listing, list_runs
from agentbench.cli.runs.share import SHARE
from agentbench.cli.runs.show import SHOW

WORDS = {
    "show": SHOW,
    "diff": DIFF,
    "share": SHARE,
    "export": EXPORT,
    "import": IMPORT,
    "delete": DELETE,
}


def _declare(parser: argparse.ArgumentParser) -> None:
    declare_listing(parser)
    words = parser.add_subparsers(metavar="[{}]".format(" | ".join(WORDS)))
    for name, command in WORDS.items():
        sub = words.add_parser(name, help=command.help, description=command.help)
        command.declare(sub)
        sub.set_defaults(word=command)
    parser.set_defaults(word=None)


def _do(given: argparse.Namespace) -> int:
    return list_runs(given) if given.word is None else given.word.do(given)


RUNS = Command(
    help="list the newest runs; show, compare, share, export, import or delete one",
    declare=_declare,
    do=_do,
)
