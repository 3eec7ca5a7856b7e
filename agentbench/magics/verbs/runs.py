"""Running agents, and looking after runs."""

import argparse
from typing import Any, get_args

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from agentbench.domain.run import Decision
from agentbench.magics.find import find_graph, find_inputs, find_value
from agentbench.magics.run_line import RunLine
from agentbench.magics.verb import verb
from agentbench.workbench.listing import run_line
from agentbench.workbench.run import Run
from agentbench.workbench.workbench import workbench

MOST_SHOWN = 50
"""Values of one output that a cell shows: a stream of thousands would freeze the page."""


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
    for decision, words in (
        ("again", "what this node was sending when it was cut off is sent again"),
        ("done", "what this node was sending counts as sent"),
        ("failed", "what this node was sending counts as failed"),
    ):
        parser.add_argument(
            f"--{decision}", action="append", default=[], metavar="NODE", help=words
        )


@verb("resume", _resume)
def resume(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Goes on with a run whose kernel has died; what it had done stands."""
    decisions: dict[str, Decision] = {
        node: decision
        for decision in get_args(Decision)
        for node in getattr(given, decision)
    }
    return RunLine(workbench().resume(given.run, decisions=decisions)).wait()


def _answer(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("node", help="the node that waits")
    parser.add_argument("answer", help="JSON, or else text; @variable for an object")
    parser.add_argument("--firing", type=int, help="which of its firings; the oldest")


@verb("answer", _answer)
def answer(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Answers what a run asks; it goes on."""
    said = find_value(shell, given.answer)
    run = workbench().answer(given.run, given.node, said, firing=given.firing)
    return RunLine(run).wait()


def _show_outputs(run: Run) -> None:
    bench = workbench()
    for name, values in run.outputs.items():
        if not values:
            continue
        display({"text/markdown": f"**{name}**", "text/plain": name}, raw=True)
        for value in values[:MOST_SHOWN]:
            shown: Any = bench.render(value)
            display(shown.data, metadata=shown.metadata, raw=True)
        if len(values) > MOST_SHOWN:
            more = len(values) - MOST_SHOWN
            line = f"… and {more} more: `run.outputs[{name!r}]` has them all."
            display({"text/markdown": line, "text/plain": line}, raw=True)
