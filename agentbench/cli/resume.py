"""`agentbench resume RUN`: goes on with a run whose process has died."""

import argparse

from agentbench.cli.command import EXIT_CODES, Command
from agentbench.cli.outcome import declare_outcome, follow
from agentbench.workbench.arguments import decisions_of, declare_decisions
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXIT_CODES
    parser.add_argument("run", help="the run's id, from `agentbench runs`")
    declare_decisions(parser)
    declare_outcome(parser)


def _do(given: argparse.Namespace) -> int:
    run = workbench().resume(given.run, decisions=decisions_of(given))
    return follow(run, given)


RESUME = Command(help="go on with a run that was cut off", declare=_declare, do=_do)
