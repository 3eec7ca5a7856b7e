"""Making, opening, showing and saving agents."""

import argparse
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.errors import UnknownAgent
from agentbench.domain.graph import Graph
from agentbench.magics.find import find_graph, remember
from agentbench.magics.verb import verb
from agentbench.workbench.workbench import workbench


def _name(parser: argparse.ArgumentParser, *, needed: bool = True) -> None:
    nargs = None if needed else "?"
    parser.add_argument("name", nargs=nargs, help="an agent, a file or a variable")


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="what the agent is called")
    parser.add_argument(
        "--blank", action="store_true", help="begin empty even if there is one"
    )


@verb("new", _new)
def new(shell: InteractiveShell, given: argparse.Namespace) -> Graph:
    """Shows the canvas of a new agent.

    Running the cell again shows the same agent: nothing that you composed or saved is
    lost. `--blank` begins again.
    """
    return remember(workbench().agents.new(given.name, blank=given.blank))


def _open(parser: argparse.ArgumentParser) -> None:
    _name(parser)
    parser.add_argument("--version", type=int, help="an older version of it")


@verb("open", _open)
def open_(shell: InteractiveShell, given: argparse.Namespace) -> Graph:
    """Opens an agent of the library or an agent file on the canvas."""
    return remember(workbench().agents.open(given.name, version=given.version))


@verb("show", lambda parser: _name(parser, needed=False))
def show(shell: InteractiveShell, given: argparse.Namespace) -> Graph:
    """Shows the canvas of an agent that is open, or of a graph in a variable."""
    return find_graph(shell, workbench(), given.name)


def _save(parser: argparse.ArgumentParser) -> None:
    _name(parser, needed=False)
    parser.add_argument("--file", help="save it as this file, from now on")
    parser.add_argument(
        "--force", action="store_true", help="on top of what was saved elsewhere"
    )


@verb("save", _save)
def save(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Saves an agent: as a new version in the library, or as a file with `--file`."""
    bench = workbench()
    graph = find_graph(shell, bench, given.name)
    where = bench.save(graph, given.file, force=given.force)
    editor = getattr(graph, "_editor", None)
    if editor is not None:
        editor.refresh()
    print(f"Saved {graph.name!r} as {where}.")  # noqa: T201


@verb("list")
def list_(shell: InteractiveShell, given: argparse.Namespace) -> Any:
    """Lists the agents in the library, and those that come along."""
    agents = workbench().store.agents()
    lines = [f"{agent.name}  (version {agent.number})" for agent in agents]
    own = {agent.name for agent in agents}
    ready = [name for name in workbench().agents.ready if name not in own]
    lines = lines or ["The library is empty."]
    print("\n".join([*lines, *(f"{name}  (comes along)" for name in ready)]))  # noqa: T201


@verb("versions", _name)
def versions(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Lists the versions of an agent in the library, the newest first."""
    found = workbench().store.versions(given.name)
    if not found:
        raise UnknownAgent(given.name, [a.name for a in workbench().store.agents()])
    for version in found:
        print(f"version {version.number}  {version.hash[:12]}")  # noqa: T201


def _code(parser: argparse.ArgumentParser) -> None:
    _name(parser, needed=False)
    parser.add_argument("--json", action="store_true", help="the saved form instead")


@verb("code", _code)
def code(shell: InteractiveShell, given: argparse.Namespace) -> None:
    """Prints Python code that builds the agent again."""
    graph = find_graph(shell, workbench(), given.name)
    print(graph.to_json() if given.json else graph.to_python(), end="")  # noqa: T201
