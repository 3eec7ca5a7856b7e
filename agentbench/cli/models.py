"""`agentbench models`: lists the language models, and what is missing for those not ready."""

import argparse

from agentbench.cli.command import COMPLETED, Command, print_json
from agentbench.workbench.api import models
from agentbench.workbench.listing import model_line


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--ready", action="store_true", help="only what can be asked")
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    found = models(ready=given.ready)
    if given.json:
        facts = ("name", "skill", "is_ready", "is_default", "note")
        print_json([{fact: getattr(it, fact) for fact in facts} for it in found])
        return COMPLETED
    for info in found:
        print(model_line(info))
    return COMPLETED


MODELS = Command(help="list the language models", declare=_declare, do=_do)
