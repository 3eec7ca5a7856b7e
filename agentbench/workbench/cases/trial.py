"""Trial: a case is run, and what came of it is held against what is expected."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentbench.domain.graph import Graph
from agentbench.domain.replay import ReplayMode
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.replay import pruned
from agentbench.workbench.cases.case import Case
from agentbench.workbench.cases.check import Check
from agentbench.workbench.jsonable import jsonable
from agentbench.workbench.run import Run
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Fault:
    """One thing that is not as expected; `place` is where in the case it is."""

    place: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How a case went: its run, and what is not as expected; `updated` are accepted faults."""

    case: Case
    run: Run
    faults: Sequence[Fault]
    updated: Sequence[str] = ()

    @property
    def is_passed(self) -> bool:
        """Whether all is as expected."""
        return not self.faults

    def __str__(self) -> str:
        lines = [f"The case {self.case.name} did not come out as expected."]
        for fault in self.faults:
            lines.append(f"{fault.place}:")
            lines += [f"  {line}" for line in fault.text.split("\n")]
        if self.run.status == self.case.status:
            lines.append("`agentbench test --update` accepts it as it is now.")
        else:
            status = f'"status": "{self.run.status}"'
            lines.append(f"If it is to end like that, say so in its file: {status}.")
        return "\n".join(lines)


def try_case(
    bench: Workbench,
    case: Case,
    *,
    graph: Graph | None = None,
    mode: ReplayMode | None = None,
    update: bool = False,
) -> Trial:
    """Runs a case on its own recording, and checks what comes of it.

    `graph` is run in place of the agent that the case names. Without a `mode`, calls
    are replayed. With `update`, what was not recorded is made and recorded, calls that
    are no longer made are deleted, and the case is changed so that it expects what
    came; checks that somebody wrote (`contains`, `matches`, `schema`) are kept. A run
    that did not end as the case says is never accepted: a network that is away would
    else make a case of the failure.

    Raises:
        CaseError: the case does not fit the agent.
        AgentbenchError: the agent cannot be opened or run.
    """
    mode = mode or (ReplayMode.AUTO if update else ReplayMode.REPLAY)
    graph = graph or bench.agents.open(_agent(case))
    options = RunOptions(replay=mode, recording=str(case.calls))
    run = bench.start(graph, case.inputs, options)
    run.wait()
    _answer(bench, run, case)
    faults = list(_faults(bench, run, case))
    if not update or run.status != case.status:
        return Trial(case=case, run=run, faults=faults)
    if mode is not ReplayMode.LIVE:
        pruned(case.calls, bench.replays.used(run.id))
    accepted = _accepted(bench, run, case)
    accepted.write()
    left = list(_faults(bench, run, accepted))
    places = [fault.place for fault in faults if fault not in left]
    return Trial(case=accepted, run=run, faults=left, updated=places)


def forms(bench: Workbench, values: Sequence[Any]) -> list[Any]:
    """The values as a case holds and compares them."""
    return [
        value if isinstance(value, bytes) else jsonable(value, bench)
        for value in values
    ]


def messages(run: Run) -> dict[str, list[str]]:
    """What failed, by node, as a case holds and compares it."""
    said: dict[str, list[str]] = {}
    for failure in run.failures:
        said.setdefault(failure.node, []).append(f"{failure.error}: {failure.message}")
    return said


def _agent(case: Case) -> str | Path:
    file = (case.folder / case.agent).resolve()
    return file if file.is_file() or case.agent.endswith(".json") else case.agent


def _answer(bench: Workbench, run: Run, case: Case) -> None:
    """Answers what the run asks, as long as the case knows an answer."""
    left = list(case.answers)
    while run.status is RunStatus.WAITING:
        asking = {wait.node for wait in waits_of(run)}
        answer = next((one for one in left if one.node in asking), None)
        if answer is None:
            return
        left.remove(answer)
        bench.answer(run.id, answer.node, answer.answer).wait()


def _faults(bench: Workbench, run: Run, case: Case) -> Sequence[Fault]:
    faults: list[Fault] = []
    if run.status != case.status:
        faults.append(Fault("status", _status_text(run, case)))
    if run.status is RunStatus.WAITING and case.status is not RunStatus.WAITING:
        return faults
    outputs = run.outputs
    for name, checks in case.outputs.items():
        if name not in outputs:
            there = ", ".join(sorted(outputs)) or "none"
            text = f"the agent has no such output; there are: {there}"
            faults.append(Fault(f"outputs.{name}", text))
            continue
        faults += _checked(f"outputs.{name}", checks, forms(bench, outputs[name]))
    said = messages(run)
    for node, checks in case.failures.items():
        faults += _checked(f"failures.{node}", checks, said.get(node, []))
    return faults


def _checked(place: str, checks: Sequence[Check], values: Sequence[Any]) -> list[Fault]:
    pairs = ((check, check.fault(values)) for check in checks)
    return [Fault(f"{place} {check.kind}", fault) for check, fault in pairs if fault]


def _status_text(run: Run, case: Case) -> str:
    lines = [f"{case.status} expected, got {run.status}"]
    lines += [str(failure) for failure in run.failures]
    lines += [run.reason] if run.reason else []
    for wait in waits_of(run):
        lines.append(f'{wait} (add it to "answers": {{"node": …, "answer": …}})')
    return "\n".join(lines)


def _accepted(bench: Workbench, run: Run, case: Case) -> Case:
    """The case, so that it expects what came; checks that still hold are left alone."""
    outputs = {
        name: _renewed(case.outputs.get(name, ()), forms(bench, values))
        for name, values in run.outputs.items()
    }
    said = {
        node: _renewed(case.failures.get(node, ()), list(lines))
        for node, lines in messages(run).items()
    }
    return dataclasses.replace(case, outputs=_kept(outputs), failures=said)


def _kept(
    checks: Mapping[str, tuple[Check, ...]],
) -> dict[str, tuple[Check, ...]]:
    return {name: some for name, some in sorted(checks.items()) if some}


def _renewed(checks: Sequence[Check], values: list[Any]) -> tuple[Check, ...]:
    if not checks:
        return (equality(values),)
    return tuple(
        _equal_now(check, values)
        if check.kind in ("equals", "count") and check.fault(values)
        else check
        for check in checks
    )


def _equal_now(check: Check, values: list[Any]) -> Check:
    if check.kind == "count":
        return dataclasses.replace(check, wanted=len(values))
    if check.of in ("first", "last") and values:
        now = values[0 if check.of == "first" else -1]
        return dataclasses.replace(check, wanted=now)
    return dataclasses.replace(equality(values), within=check.within)


def equality(values: list[Any]) -> Check:
    """The check that exactly these values come."""
    if len(values) == 1:
        return Check(kind="equals", wanted=values[0])
    return Check(kind="equals", wanted=values, of="all")
