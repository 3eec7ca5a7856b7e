"""Finding what a word on a magic's line means: a graph, or run inputs."""

from collections.abc import Iterable
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from agentbench.domain.errors import InputError
from agentbench.domain.graph import Graph
from agentbench.workbench.inputs import read_inputs, read_value
from agentbench.workbench.workbench import Workbench

_latest: list[Graph] = []


def remember(graph: Graph) -> Graph:
    """Makes a graph the one that is meant when none is named."""
    _latest[:] = [graph]
    return graph


def find_graph(shell: InteractiveShell, bench: Workbench, name: str | None) -> Graph:
    """The graph that a word means: a variable, one that is open, the library, a file.

    Raises:
        UnknownAgent: none of these.
    """
    if name is None:
        if not _latest:
            message = "Which agent? Name one, or open it first: `%agent open NAME`."
            raise UsageError(message)
        return _latest[0]
    here = shell.user_ns.get(name)
    if isinstance(here, Graph):
        return remember(here)
    return remember(bench.agents.open_here(name) or bench.agents.open(name))


def find_inputs(
    words: Iterable[str], graph: Graph, bench: Workbench, shell: InteractiveShell
) -> dict[str, Any]:
    """Run inputs from words: `name=value`, or `name=@variable` for the object itself.

    Raises:
        InputError: a word is neither, or a name comes twice.
    """
    written: list[str] = []
    objects: dict[str, Any] = {}
    names: list[str] = []
    for word in words:
        name, _, text = word.partition("=")
        names.append(name)
        if text.startswith("@"):
            objects[name] = _variable(shell, name, text)
        else:
            written.append(word)
    ports = {name: port for name, (_, port) in bench.inputs_of(graph).items()}
    inputs = read_inputs(written, ports)
    if twice := [name for name in names if names.count(name) > 1]:
        raise InputError(twice[0], "is given twice; give it one value.")
    return {**inputs, **objects}


def find_value(shell: InteractiveShell, word: str) -> Any:
    """The value that a word means: an object as `@variable`, else JSON, else text.

    Raises:
        InputError: there is no such variable.
    """
    if word.startswith("@"):
        return _variable(shell, word, word)
    return read_value(word)


def _variable(shell: InteractiveShell, name: str, word: str) -> Any:
    if word[1:] not in shell.user_ns:
        raise InputError(name, f"names the variable {word[1:]!r}: there is none.")
    return shell.user_ns[word[1:]]
