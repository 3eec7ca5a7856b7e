"""Running agents, and looking after runs."""

import argparse
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from agentbench.magics.find import find_graph, find_inputs
from agentbench.magics.run_line import RunLine
from agentbench.magics.verb import verb
from agentbench.workbench.listing import run_line
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import workbench


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="an agent, a file or a variable")
    parser.add_argument(
        "inputs", nargs="*", help="inputs as name=value; name=@variable for an object"
    )
    parser.add_argument(
        "--background", action="store_true", help="return at once; the run goes on"
    )
    parser.add_argument("--quiet", action="store_true", help="show no outputs")


@verb("run", _run)
def run(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Runs an agent, shows its outputs, and returns the run.

    Waits until it has ended; interrupting the cell stops the run. A failure is raised,
    so that "Run All" stops at it.
    """
    name, words = given.name, list(given.inputs)
    if name is not None and "=" in name:
        name, words = None, [name, *words]
    bench = workbench()
    graph = find_graph(shell, bench, name)
    started = bench.start(graph, find_inputs(words, graph, bench, shell))
    if given.background:
        return started
    if given.quiet:
        started.wait()
    else:
        RunLine(started).wait()
        _show_outputs(started)
    return started.raise_on_failure()


@verb("runs")
def runs(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists the newest runs."""
    for record in workbench().runs(limit=20):
        print(run_line(record))  # noqa: T201


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `%%agent runs`")


@verb("stop", _id)
def stop(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Stops a run, also one of another kernel."""
    workbench().run(given.run).stop()


def _resume(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument(
        "--send-again",
        action="store_true",
        help="also where a block was cut off while it sent something out",
    )


@verb("resume", _resume)
def resume(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Goes on with a run whose kernel has died; what it had done stands."""
    return RunLine(workbench().resume(given.run, send_again=given.send_again)).wait()


def _show_outputs(run: Run) -> None:
    bench = workbench()
    for name, values in run.outputs.items():
        if not values:
            continue
        display({"text/markdown": f"**{name}**", "text/plain": name}, raw=True)
        for value in values:
            shown: Any = bench.render(value)
            display(shown.data, metadata=shown.metadata, raw=True)
