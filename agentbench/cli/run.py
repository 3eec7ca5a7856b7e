"""`agentbench run FILE`: runs a saved agent in the terminal."""

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentbench.cli.command import (
    COMPLETED,
    FAILED,
    STOPPED,
    Command,
    print_json,
    whole_number,
)
from agentbench.cli.progress import show_progress
from agentbench.domain.errors import BackendError, RunCutOff
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.inputs import read_inputs
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import workbench

_CODES = {RunStatus.COMPLETED: COMPLETED, RunStatus.STOPPED: STOPPED}


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "agent", help="an agent file, or the name of one in the library"
    )
    parser.add_argument(
        "-i",
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an input of the agent: text where it takes text, else JSON or text",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object with all there is"
    )
    parser.add_argument(
        "--concurrency",
        type=whole_number,
        default=16,
        metavar="N",
        help="how many firings may overlap",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def _do(given: argparse.Namespace) -> int:
    bench = workbench()
    graph = bench.agents.open(given.agent)
    ports = {name: port for name, (_, port) in bench.inputs_of(graph).items()}
    inputs = read_inputs(given.input, ports)
    options = RunOptions(concurrency=given.concurrency)
    run = bench.start(graph, inputs, options)
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
        name: [_jsonable(value, bench) for value in values]
        for name, values in run.outputs.items()
    }
    said = {
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
    if run.reason:
        print(f"{run.status}: {run.reason}", file=sys.stderr)
    print(f"{run.agent}: {run.status} in {run.seconds:.1f} s", file=sys.stderr)


def _jsonable(value: Any, bench: Any) -> Any:
    """A value as JSON; what is none as its JSON MIME form, or else its text form.

    A number that is none (nan) or has no end is null, as in pandas' JSON.
    """
    try:
        return _as_json(value, bench)
    except RecursionError:  # it holds itself, or is nested beyond what JSON takes
        return bench.render(value).data["text/plain"]


def _as_json(value: Any, bench: Any) -> Any:
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError):
        pass
    if isinstance(value, float):
        return None
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _as_json(item, bench) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_json(item, bench) for item in value]
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return _as_json(value.item(), bench)
    if isinstance(value, Path):
        return str(value)
    if type(value).__module__.startswith("pandas") and hasattr(value, "columns"):
        with contextlib.suppress(ValueError):  # two columns of one name are no record
            return json.loads(value.to_json(orient="records", date_format="iso"))
    data: Mapping[str, Any] = bench.render(value).data
    for mime, form in data.items():
        if mime.endswith("json") and isinstance(form, (dict, list)):
            return form
    return data["text/plain"]


RUN = Command(help="run a saved agent", declare=_declare, do=_do)
