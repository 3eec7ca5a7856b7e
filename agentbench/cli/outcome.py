"""The outcome of a run in a terminal: following it, printing what came of it, its exit code."""

import argparse
import contextlib
import signal
import sys
import threading
from typing import Any

from agentbench.cli.command import COMPLETED, FAILED, STOPPED, WAITS, print_json
from agentbench.cli.progress import show_progress
from agentbench.domain.errors import BackendError, RunCutOff
from agentbench.domain.run import RunStatus
from agentbench.workbench.jsonable import jsonable
from agentbench.workbench.run import Run
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import workbench

_CODES = {
    RunStatus.COMPLETED: COMPLETED,
    RunStatus.WAITING: WAITS,
    RunStatus.NEEDS_DECISION: WAITS,
    RunStatus.STOPPED: STOPPED,
}


def declare_outcome(parser: argparse.ArgumentParser) -> None:
    """Declares how the outcome is told."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object with all there is"
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def follow(run: Run, given: argparse.Namespace) -> int:
    """Waits until a run has ended or waits for somebody, prints it; gives the exit code."""
    _stop_on_signals(run)
    try:
        show_progress(run, quiet=given.quiet or given.json)
    except KeyboardInterrupt:
        run.stop()
        run.wait(timeout=10)
    except (
        RunCutOff,
        BackendError,
    ) as error:  # what there is of it is shown all the same
        print(f"agentbench: {error}", file=sys.stderr)
    with contextlib.suppress(BrokenPipeError):  # how it ended counts, heard or not
        (_print_json if given.json else _print_outputs)(run)
        sys.stdout.flush()
    if not given.json:
        _print_end(run)
    return _CODES.get(run.status, FAILED)


def _stop_on_signals(run: Run) -> None:
    """Stops the run, and not only this process, when the process is asked to end."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: run.stop())


def _print_json(run: Run) -> None:
    bench = workbench()
    outputs = {
        name: [jsonable(value, bench) for value in values]
        for name, values in run.outputs.items()
    }
    said: dict[str, Any] = {
        "run": run.id,
        "agent": run.agent,
        "status": str(run.status),
        "outputs": outputs,
        "failures": [
            {"node": failure.node, "error": f"{failure.error}: {failure.message}"}
            for failure in run.failures
        ],
        "firings": sum(count for _, count in run.node_statuses.values()),
        "seconds": round(run.seconds, 3),
    }
    if run.reason:
        said["reason"] = run.reason
    if waits := waits_of(run):
        said["waits"] = [wait.facts for wait in waits]
    print_json(said)


def _print_outputs(run: Run) -> None:
    bench = workbench()
    for name, values in run.outputs.items():
        for value in values:
            print(f"{name}:")
            print(bench.render(value).data["text/plain"])


def _print_end(run: Run) -> None:
    for failure in run.failures:
        print(f"failed: {failure}", file=sys.stderr)
        if failure.line:
            print(f"  {failure.line}", file=sys.stderr)
    for wait in waits_of(run):
        print(f"waits: {wait}", file=sys.stderr)
        if wait.question:
            line = f"agentbench answer {run.id} {wait.node} ANSWER"
        else:
            line = f"agentbench resume {run.id} --again {wait.node}"
        print(f"  {line}", file=sys.stderr)
    if run.reason:
        print(f"{run.status}: {run.reason}", file=sys.stderr)
    print(f"{run.agent}: {run.status} in {run.seconds:.1f} s", file=sys.stderr)
