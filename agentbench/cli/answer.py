"""`agentbench answer RUN NODE ANSWER`: tells a run what it waits to be told."""

import argparse

from agentbench.cli.command import EXIT_CODES, Command
from agentbench.cli.outcome import declare_outcome, follow
from agentbench.workbench.arguments import answer_of, declare_answer
from agentbench.workbench.inputs import read_value
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXIT_CODES
    parser.add_argument("run", help="the run's id, from `agentbench runs`")
    parser.add_argument("node", help="the node that asks")
    parser.add_argument("answer", help="the answer: JSON, or else text")
    declare_answer(parser)
    declare_outcome(parser)


def _do(given: argparse.Namespace) -> int:
    said = answer_of(given, read_value(given.answer))
    run = workbench().answer(given.run, given.node, said, firing=given.firing)
    return follow(run, given)


ANSWER = Command(help="answer what a run asks", declare=_declare, do=_do)
