"""Clearing: takes runs away for good, and the values that nothing refers to any more."""

from collections.abc import Iterable

from agentbench.domain.errors import RunTaken
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.workbench.run import MOST_CHILDREN, Run
from agentbench.workbench.runs import Since, start_of
from agentbench.workbench.sweeping import Cleared, sweep_all
from agentbench.workbench.workbench import Workbench, workbench

MOST_RUNS = 1_000_000
"""So many runs are looked through at the most."""


def delete_runs(
    *runs: str | Run | RunRecord,
    agent: str | None = None,
    status: str | Iterable[str] = (),
    before: Since | None = None,
) -> int:
    """Takes runs away, with their events and the runs of agents that they called.

    Name them, or say which: those of an `agent`, that stand so (`status`), that started
    `before` a time, as `"30d"` ago. Their values go with a later `ab.sweep()`. Returns
    how many runs went. There is no way back; `run.export` keeps one first.

    Raises:
        ValueError: nothing says which runs, or both ways do.
        UnknownRun: there is no such run.
        RunTaken: one goes on; nothing was taken away.
    """
    bench = workbench()
    is_sought = agent is not None or bool(status) or before is not None
    if bool(runs) == is_sought:
        raise ValueError(
            "Name the runs to delete, or say which: agent=, status= or before=."
        )
    if runs:
        found = [
            bench.store.run(run if isinstance(run, str) else run.id) for run in runs
        ]
    else:
        end = None if before is None else start_of(before)
        found = [
            record
            for record in bench.runs(agent=agent, status=status, limit=MOST_RUNS)
            if end is None or record.started < end
        ]
    for record in found:
        if record.status.is_carried_out and _goes_on(bench, record):
            raise RunTaken(record.id, record.owner)
    for record in found:
        for part in bench.store.runs(under=record.id, limit=MOST_CHILDREN):
            bench.store.delete_run(part.id)
        bench.store.delete_run(record.id)  # last: what is left of it can be found
        bench.carrier.let_go_of(record.id)
    return len(found)


def _goes_on(bench: Workbench, record: RunRecord) -> bool:
    return bench.run(record.id).status is not RunStatus.INTERRUPTED


def sweep(*, at_once: bool = False, older: float | None = None) -> Cleared:
    """Takes away the values that no run and no agent refers to, and uploads if asked to.

    A value that was kept or found unused within a day stays, for another kernel may be
    about to refer to it: so room is there a day or two after a run was deleted. With
    `at_once` it is there now; do that while no other kernel runs anything. `older` is
    the age in days from which on an upload that nothing names goes too; without it the
    setting `AGENTBENCH_UPLOADS_KEPT` says so, if it is set.

    Raises:
        StoreError: what is used cannot be read, so nothing was taken away; or `at_once`,
            and a run goes on.
    """
    return sweep_all(workbench(), at_once=at_once, older=older)
