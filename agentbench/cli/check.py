"""`agentbench check FILE`: says what is wrong with an agent, without running anything."""

import argparse
import dataclasses

from agentbench.cli.command import BAD_USAGE, COMPLETED, FAILED, Command, print_json
from agentbench.domain.errors import DocumentError, UnknownAgent
from agentbench.workbench.workbench import workbench


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("agent", nargs="+", help="agent files, or names in the library")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _do(given: argparse.Namespace) -> int:
    bench = workbench()
    code, found = COMPLETED, {}
    for name in given.agent:
        try:
            graph = bench.agents.open(name)
        except (DocumentError, UnknownAgent) as error:
            found[name] = [
                {"level": "error", "message": str(error), "node": "", "port": ""}
            ]
            code = BAD_USAGE
            continue
        problems = bench.check(graph)
        found[name] = [dataclasses.asdict(problem) for problem in problems]
        if any(problem.level == "error" for problem in problems):
            code = max(code, FAILED)
    if given.json:
        print_json(found)
    else:
        _print(found)
    return code


def _print(found: dict[str, list[dict[str, str]]]) -> None:
    for name, problems in found.items():
        if not problems:
            print(f"{name}: nothing is wrong")
        for problem in problems:
            place = ".".join(
                part for part in (problem["node"], problem["port"]) if part
            )
            said = f"{place}: {problem['message']}" if place else problem["message"]
            print(f"{name}: {problem['level']}: {said}")


CHECK = Command(help="say what is wrong with an agent", declare=_declare, do=_do)
