"""Running agents, and looking after runs."""

import argparse
import html
import re
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display

from agentbench.magics.find import find_graph, find_inputs, find_value
from agentbench.magics.run_line import RunLine
from agentbench.magics.verb import verb
from agentbench.workbench.arguments import (
    answer_of,
    decisions_of,
    declare_answer,
    declare_decisions,
    declare_filters,
    declare_run,
    filters_of,
    options_of,
    reuse_of,
)
from agentbench.workbench.listing import export_line, firing_table, run_lines
from agentbench.workbench.run import Run
from agentbench.workbench.waits import waits_of
from agentbench.workbench.workbench import workbench

MOST_SHOWN = 50
"""Values of one output that a cell shows: a stream of thousands would freeze the page."""


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="an agent, a file or a variable")
    parser.add_argument(
        "inputs", nargs="*", help="inputs as name=value; name=@variable for an object"
    )
    declare_run(parser)
    parser.add_argument(
        "--background", action="store_true", help="return at once; the run goes on"
    )
    _quiet(parser)


def _quiet(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--quiet", action="store_true", help="show no outputs")


@verb("run", _run)
def run(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Runs an agent, shows its outputs, and returns the run.

    Waits until it has ended; interrupting the cell stops the run. A failure is raised,
    so that "Run All" stops at it; a run that waits for somebody says for what.
    """
    name, words = given.name, list(given.inputs)
    if name is not None and "=" in name:
        name, words = None, [name, *words]
    bench = workbench()
    graph = find_graph(shell, bench, name)
    inputs = find_inputs(words, graph, bench, shell)
    started = bench.start(graph, inputs, options_of(given), reuse_of(given))
    return started if given.background else _followed(started, quiet=given.quiet)


def _runs(parser: argparse.ArgumentParser) -> None:
    declare_filters(parser)
    words = parser.add_subparsers(
        metavar="[show | timeline | diff | share | export | import]", dest="word"
    )
    show = words.add_parser("show", help="shows a run, firing by firing")
    _id(show)
    show.add_argument("--node", default="", help="only the firings of this node")
    timeline = words.add_parser("timeline", help="shows a run over time")
    _id(timeline)
    diff = words.add_parser("diff", help="holds two runs against each other")
    _id(diff)
    diff.add_argument("other", help="the later run's id")
    share = words.add_parser("share", help="writes a run as one HTML page")
    _id(share)
    share.add_argument("-o", "--output", default=".", help="a file or a folder")
    export = words.add_parser("export", help="writes a run, with its values, to a file")
    _id(export)
    export.add_argument("-o", "--output", default=".", help="a file or a folder")
    take_in = words.add_parser("import", help="takes in a run; carries nothing out")
    take_in.add_argument("file", help="a file that `export` wrote")


@verb("runs", _runs)
def runs(shell: InteractiveShell, given: argparse.Namespace) -> Any:
    """Lists the newest runs, and what those that wait want to be told.

    `%agent runs show ID` shows one, firing by firing; `%agent runs timeline ID` over
    time; `%agent runs diff ID OTHER` holds two against each other. `%agent runs share ID`
    writes one as an HTML page, `%agent runs export ID -o FILE` into a file that
    `%agent runs import FILE` takes in and returns.
    """
    bench = workbench()
    match given.word:
        case "show":
            lines = firing_table(bench.run(given.run), node=given.node)
            print("\n".join(lines))  # noqa: T201
        case "timeline":
            return bench.run(given.run).timeline()
        case "diff":
            return bench.run(given.run).diff(bench.run(given.other))
        case "share":
            run = bench.run(given.run)
            print(export_line(run, run.share(given.output)))  # noqa: T201
        case "export":
            run = bench.run(given.run)
            print(export_line(run, run.export(given.output)))  # noqa: T201
        case "import":
            return bench.import_run(given.file)
        case _:
            for record in bench.runs(**filters_of(given)):
                held = bench.run(record.id).held
                print(run_lines(record, bench.waits(record), held=held))  # noqa: T201
    return None


@verb("waiting")
def waiting(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists what runs wait for people to say, and how to say it."""
    found = workbench().waiting()
    for one in found:
        print(repr(one).replace(one.line, f"%agent {one.line}"))  # noqa: T201
    if not found:
        print("Nothing waits for an answer.")  # noqa: T201


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", help="the run's id, from `%%agent runs`")


@verb("stop", _id)
def stop(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Stops a run, also one of another kernel."""
    workbench().run(given.run).stop()


def _resume(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    declare_decisions(parser)
    _quiet(parser)


@verb("resume", _resume)
def resume(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Goes on with a run whose kernel has died; what it had done stands."""
    run = workbench().resume(given.run, decisions=decisions_of(given))
    return _followed(run, quiet=given.quiet)


def _answer(parser: argparse.ArgumentParser) -> None:
    _id(parser)
    parser.add_argument("node", help="the node that waits")
    parser.add_argument("answer", help="JSON, or else text; @variable for an object")
    declare_answer(parser)
    _quiet(parser)


@verb("answer", _answer)
def answer(shell: InteractiveShell, given: argparse.Namespace) -> Run:
    """Answers what a run asks; it goes on."""
    said = answer_of(given, find_value(shell, given.answer))
    run = workbench().answer(given.run, given.node, said, firing=given.firing)
    return _followed(run, quiet=given.quiet)


def _followed(run: Run, *, quiet: bool) -> Run:
    """Waits until a run has ended or waits for somebody, shows it, raises its failure."""
    if quiet:
        run.wait()
    else:
        RunLine(run).wait()
        _show_outputs(run)
    waits = waits_of(run)
    for wait in waits:
        verb = "answer" if wait.question else "resume"
        print(f"{wait}\n    `%agent {verb} --help` says how to reply.")  # noqa: T201
    return run if waits else run.raise_on_failure()


def _heading(name: str) -> dict[str, str]:
    """The name of an output; in Markdown only where nothing in it could be HTML."""
    if re.fullmatch(r"[\w .,()-]*", name):
        return {"text/markdown": f"**{name}**", "text/plain": name}
    return {"text/html": f"<strong>{html.escape(name)}</strong>", "text/plain": name}


def _show_outputs(run: Run) -> None:
    bench = workbench()
    for name, values in run.outputs.items():
        if not values:
            continue
        display(_heading(name), raw=True)
        for value in values[:MOST_SHOWN]:
            shown: Any = bench.render(value)
            display(shown.data, metadata=shown.metadata, raw=True)
        if len(values) > MOST_SHOWN:
            more = len(values) - MOST_SHOWN
            line = f"… and {more} more: `run.outputs[{name!r}]` has them all."
            display({"text/markdown": line, "text/plain": line}, raw=True)
