"""What forms bring from the notebook: its variables, and what they say of other places."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from agentbench.domain.brought import KINDS, VARIABLE, is_brought
from agentbench.domain.fault import Fault
from agentbench.domain.graph import Graph
from agentbench.domain.port import Port
from agentbench.domain.shaped import faults_of_port
from agentbench.workbench.bringing import brought, is_folder, why_not_brought
from agentbench.workbench.run import Run


def started(bench: Any, graph: Graph, values: Mapping[str, Any], *more: Any) -> Run:
    """A run with the inputs that a form says, which it offers again the next time.

    Raises:
        InputError: something that is named is not there, or of another kind.
        GraphInvalid: the graph cannot run as it is.
    """
    known = bench.inputs_of(graph)
    named = {
        name: value
        for name, value in values.items()
        if name in known and is_brought(known[name][1], value)
    }
    run: Run = bench.start(graph, as_brought(bench, graph, values), *more, named=named)
    return run


def as_brought(bench: Any, graph: Graph, values: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a run as its form said them, with what they name in its place.

    Raises:
        InputError: something that is named is not there, or of another kind.
    """
    known = bench.inputs_of(graph)
    return {
        name: brought(bench, _named(name, known[name][1]), value, _variables())
        if name in known
        else value
        for name, value in values.items()
    }


def _named(name: str, port: Port) -> Port:
    """The port of an input's node, under the name that the run knows."""
    return dataclasses.replace(port, name=name)


def faults_as_brought(
    bench: Any, port: Port, value: Any, *, at_run: bool = True
) -> list[Fault]:
    """What is wrong with a value; of what it names, whether it is there.

    `at_run` is false for constants of nodes, which last longer than a notebook.
    """
    if not (is_brought(port, value) or is_folder(port)):
        return faults_of_port(port, value)
    if not at_run and is_brought(port, value) and VARIABLE in value:
        text = "A variable of the notebook is given to a run; a node takes a file."
        return [Fault(path=(), text=text)]
    reason = why_not_brought(bench, port, value, _variables())
    found = [] if is_brought(port, value) else faults_of_port(port, value)
    return found or ([Fault(path=(), text=reason)] if reason else [])


def names_of(kind: str) -> list[str]:
    """The notebook's variables of a kind, by name."""
    known = KINDS.get(kind)
    if known is None:
        return []
    return sorted(
        name
        for name, value in list(_variables().items())
        if not name.startswith("_") and known.matches(type(value))
    )


def _variables() -> Mapping[str, Any]:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell.user_ns if shell is not None else {}
