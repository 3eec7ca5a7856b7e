"""`agentbench test FILE|FOLDER`: runs saved cases, and says what did not come out as expected."""

import argparse
import dataclasses
import sys
from typing import Any

from agentbench.cli.command import BAD_USAGE, COMPLETED, FAILED, Command, print_json
from agentbench.domain.errors import AgentbenchError, CaseError
from agentbench.workbench.arguments import mode
from agentbench.workbench.cases import Trial, find_cases, read_case, save_case, try_case
from agentbench.workbench.workbench import workbench

EXIT_CODES = (
    "Exit codes: 0 every case came out as expected (or was updated), 1 one did not, or"
    " its agent could not be run, 2 bad usage, a bad case, or no case at all."
)


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EXIT_CODES
    parser.add_argument(
        "place",
        nargs="+",
        help="a case (case.json), a folder with cases, or an agent file, for the cases"
        " of that agent",
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="accept what comes: expect it from now on, and record calls that are not"
        " recorded yet",
    )
    parser.add_argument(
        "--replay",
        type=mode,
        metavar="MODE",
        help="replay (the default), auto (the default with --update), record or live",
    )
    parser.add_argument(
        "--from-run",
        metavar="RUN",
        default="",
        help="make a case of this run first, in the folder",
    )
    parser.add_argument(
        "--agent",
        metavar="FILE",
        default="",
        help="with --from-run: the file that the agent of the case is in",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _do(given: argparse.Namespace) -> int:
    if given.from_run:
        if len(given.place) != 1:
            raise CaseError(given.place[1], "--from-run takes one folder.")
        bench = workbench()
        save_case(bench, bench.run(given.from_run), given.place[0], agent=given.agent)
    told: list[dict[str, Any]] = []
    code = COMPLETED
    for file in find_cases(given.place):
        try:
            trial = _tried(given, file)
        except AgentbenchError as error:
            told.append({"case": str(file.parent), "status": "", "error": str(error)})
            code = max(code, BAD_USAGE if isinstance(error, CaseError) else FAILED)
        else:
            told.append(_facts(trial))
            code = code if trial.is_passed else max(code, FAILED)
        if not given.json:
            _print(told[-1])
    if given.json:
        print_json({"cases": told})
    else:
        _print_sum(told)
    return code


def _tried(given: argparse.Namespace, file: Any) -> Trial:
    case = read_case(file)
    return try_case(workbench(), case, mode=given.replay, update=given.update)


def _facts(trial: Trial) -> dict[str, Any]:
    return {
        "case": trial.case.name,
        "agent": trial.run.agent,
        "run": trial.run.id,
        "status": str(trial.run.status),
        "seconds": round(trial.run.seconds, 3),
        "passed": trial.is_passed,
        "faults": [dataclasses.asdict(fault) for fault in trial.faults],
        "updated": list(trial.updated),
    }


def _print(told: dict[str, Any]) -> None:
    if "error" in told:
        print(f"{told['case']}: ERROR")
        print("\n".join(f"  {line}" for line in told["error"].split("\n")))
        return
    if not told["passed"]:
        how = "FAILED"
    elif told["updated"]:
        how = f"updated: {', '.join(told['updated'])}"
    else:
        how = "passed"
    print(f"{told['case']}: {how} ({told['seconds']:.1f} s)")
    for fault in told["faults"]:
        print(f"  {fault['place']}:")
        print("\n".join(f"    {line}" for line in fault["text"].split("\n")))


def _print_sum(told: list[dict[str, Any]]) -> None:
    passed = sum(one.get("passed", False) for one in told)
    lost = len(told) - passed
    word = "case" if len(told) == 1 else "cases"
    line = f"{len(told)} {word}: {passed} passed" + (
        f", {lost} did not" if lost else ""
    )
    hint = "; `agentbench test --update` accepts what came" if lost else ""
    print(f"{line}{hint}", file=sys.stderr)


TEST = Command(help="run saved cases and compare", declare=_declare, do=_do)
