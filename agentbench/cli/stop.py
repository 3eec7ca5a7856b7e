"""`agentbench stop RUN`: stops a run, wherever it is carried out."""

import argparse

from agentbench.cli.command import COMPLETED, FAILED, Command
from agentbench.workbench.workbench import workbench

PATIENCE = 30.0
"""Seconds in which the process that has the run ends it."""


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `agentbench runs`")


def _do(given: argparse.Namespace) -> int:
    run = workbench().run(given.run)
    run.stop()
    run.wait(timeout=PATIENCE)
    print(f"{run.agent}: {run.status}")
    return COMPLETED if run.status.is_final else FAILED


STOP = Command(help="stop a run", declare=_declare, do=_do)
