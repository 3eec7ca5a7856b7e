"""Case: an agent, what it is given, and what is expected of it, as a file."""

import contextlib
import dataclasses
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentbench.domain.errors import CaseError
from agentbench.domain.run import RunStatus
from agentbench.replay import read, write_whole, written
from agentbench.workbench.cases.check import Check, read_checks

FILE = "case.json"
FORMAT = "agentbench-case/1"
CALLS = "calls"
_PASSED_BY = ("node_modules", "__pycache__")
_ENDS = (
    RunStatus.COMPLETED,
    RunStatus.FAILED,
    RunStatus.STOPPED,
    RunStatus.WAITING,
)


@dataclass(frozen=True)
class GivenAnswer:
    """What is answered when a node asks; in the order in which it asks."""

    node: str
    answer: Any


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case; `file` is its `case.json`.

    `agent` is the path of an agent file, from the case's folder, or the name of an
    agent. `outputs` are the checks of each output, `failures` those of the message of
    each node that is to fail. An output or a node that is not named may be as it is.
    """

    file: Path
    agent: str
    help: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[GivenAnswer, ...] = ()
    status: RunStatus = RunStatus.COMPLETED
    outputs: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    failures: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the case is."""
        return self.file.parent

    @property
    def calls(self) -> Path:
        """Where its recorded calls are."""
        return self.folder / CALLS

    @property
    def name(self) -> str:
        """What it is called: its folder, as people write it."""
        with contextlib.suppress(ValueError):
            return self.folder.relative_to(Path.cwd()).as_posix()
        return str(self.folder)

    def write(self) -> None:
        """Writes the file, whole or not at all; not where it would be the same.

        Raises:
            CaseError: a value cannot be written there.
        """
        try:
            said: dict[str, Any] = {
                "format": FORMAT,
                "help": self.help,
                "agent": self.agent,
                "inputs": written(self.inputs),
                "answers": [written(dataclasses.asdict(one)) for one in self.answers],
                "expect": {
                    "status": str(self.status),
                    "outputs": _plain_checks(self.outputs),
                    "failures": _plain_checks(self.failures),
                },
            }
            said = {name: one for name, one in said.items() if one or name == "inputs"}
            if not self.failures:
                del said["expect"]["failures"]
            text = json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise CaseError(self.name, f"it cannot be written: {error}") from error
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.file, f"{text}\n".encode())
        except OSError as error:
            reason = f"it cannot be written: {error.strerror or error}."
            raise CaseError(self.name, reason) from error


def read_case(file: Path) -> Case:
    """The case of a file.

    Raises:
        CaseError: it is none; the error says what is wrong.
    """
    file = file.absolute()
    try:
        said = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CaseError(str(file), f"{error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CaseError(str(file), f"it is no JSON: {error}.") from error
    try:
        return _case(file, said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CaseError(str(file), f"{error}") from error


def find_cases(places: Iterable[str | Path]) -> list[Path]:
    """The files of the cases at or below places: a folder, a case, or an agent file.

    An agent file stands for the cases of that agent below its folder, and below the
    working directory where it is in there.

    Raises:
        CaseError: there is none at one of the places.
    """
    found: dict[Path, None] = {}
    for place in places:
        here = _cases_at(Path(place).expanduser())
        if not here:
            reason = (
                f"there is no case there: no {FILE} of ours. `agentbench test"
                " --from-run RUN FOLDER` makes one of a run."
            )
            raise CaseError(str(place), reason)
        found |= dict.fromkeys(here)
    return list(found)


def is_case(file: Path) -> bool:
    """Whether a file is the `case.json` of a case, of whatever version."""
    if file.name != FILE:
        return False
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return '"agentbench-case/' in file.read_text(encoding="utf-8-sig")[:200]
    return False


def _cases_at(place: Path) -> list[Path]:
    if place.is_dir():
        return _cases_below(place)
    if place.name == FILE:
        return [place]
    if not place.is_file():
        return []
    agent, here = place.resolve(), Path.cwd()
    top = here if agent.is_relative_to(here) else agent.parent
    return [
        file
        for file in _cases_below(top)
        if (file.parent / read_case(file).agent).resolve() == agent
    ]


def _cases_below(top: Path) -> list[Path]:
    """The cases in a folder, but not in what is hidden, installed or made."""
    found: list[Path] = []
    for folder, inner, files in os.walk(top):
        is_environment = "pyvenv.cfg" in files
        inner[:] = [
            name
            for name in inner
            if not (is_environment or name.startswith(".") or name in _PASSED_BY)
        ]
        if FILE in files and is_case(Path(folder) / FILE):
            found.append(Path(folder) / FILE)
    return sorted(found)


def _case(file: Path, said: Any) -> Case:
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        found = said.get("format") if isinstance(said, dict) else said
        raise ValueError(f"its format is {found!r}, and {FORMAT!r} is read here.")
    _refuse_others(said, {"format", "agent", "inputs", "answers", "expect", "help"})
    expect = said.get("expect", {})
    _refuse_others(expect, {"status", "outputs", "failures"}, "expect.")
    status = RunStatus(expect.get("status", RunStatus.COMPLETED))
    if status not in _ENDS:
        raise ValueError(f"expect.status is one of {', '.join(_ENDS)}, not {status}.")
    return Case(
        file=file,
        agent=str(said["agent"]) if "agent" in said else _lacks("agent"),
        help=str(said.get("help", "")),
        inputs=read(said.get("inputs", {}), _no_file),
        answers=tuple(
            GivenAnswer(one["node"], read(one["answer"], _no_file))
            for one in said.get("answers", [])
        ),
        status=status,
        outputs=_checks("expect.outputs", expect.get("outputs", {})),
        failures=_checks("expect.failures", expect.get("failures", {})),
    )


def _checks(place: str, said: Mapping[str, Any]) -> dict[str, tuple[Check, ...]]:
    return {name: read_checks(f"{place}.{name}", one) for name, one in said.items()}


def _plain_checks(checks: Mapping[str, tuple[Check, ...]]) -> dict[str, Any]:
    return {
        name: some[0].plain() if len(some) == 1 else [one.plain() for one in some]
        for name, some in checks.items()
    }


def _refuse_others(said: Mapping[str, Any], known: set[str], place: str = "") -> None:
    others = sorted(set(said) - known)
    if others:
        there = ", ".join(sorted(known))
        raise ValueError(f"{place}{others[0]} means nothing; there are {there}.")


def _lacks(name: str) -> str:
    raise ValueError(f"it does not say which {name}.")


def _no_file(name: str) -> bytes:
    raise ValueError(f"{name!r} would be a file beside it, which a case has not.")
