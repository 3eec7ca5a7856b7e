"""Progress of a run in a terminal: a live bar, or a line a node where nobody looks."""

import sys

from agentbench.domain.run import FiringStatus
from agentbench.workbench.run import Run

BEAT = 0.1
_TOLD = {
    FiringStatus.COMPLETED,
    FiringStatus.FAILED,
    FiringStatus.REUSED,
    FiringStatus.SKIPPED,
    FiringStatus.WAITING,
}
_HALF_WAY = {FiringStatus.RUNNING, FiringStatus.WAITING}


def show_progress(run: Run, *, quiet: bool) -> None:
    """Blocks until the run has ended, telling on the error stream how far it is."""
    if quiet:
        run.wait()
    elif sys.stderr.isatty():
        _show_bar(run)
    else:
        _show_lines(run)


def _show_bar(run: Run) -> None:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[doing]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(run.agent, total=run.node_count, doing="")
        while not _is_over(run):
            done, doing = _how_far(run)
            if run.held:
                doing = [f"paused. {run.held}"]
            bar.update(task, completed=done, doing=", ".join(doing[:3]))


def _show_lines(run: Run) -> None:
    told: set[tuple[str, str]] = set()
    was_held = ""
    while True:
        is_over = _is_over(run)
        if was_held != (held := run.held):
            print(f"paused. {held}" if held else "going on", file=sys.stderr)
        was_held = held
        for id, (status, _) in run.node_statuses.items():
            if (id, status) not in told and status in _TOLD:
                told.add((id, status))
                print(f"{id}: {status}", file=sys.stderr)
        if is_over:
            return


def _is_over(run: Run) -> bool:
    try:
        run.wait(timeout=BEAT)
    except TimeoutError:
        return False
    return True


def _how_far(run: Run) -> tuple[int, list[str]]:
    statuses = run.node_statuses
    doing = [id for id, (status, _) in statuses.items() if status in _HALF_WAY]
    return len(statuses) - len(doing), doing
