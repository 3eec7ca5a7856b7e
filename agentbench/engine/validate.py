"""Validation: what is wrong or doubtful with a graph, node by node, before it runs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from agentbench.domain.brought import is_file
from agentbench.domain.document import LostConstant
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import GraphInvalid, InputError, PortValueError, close_to
from agentbench.domain.memo import Memo
from agentbench.domain.node import Link, Node, has_plain_constants
from agentbench.domain.option import OPTIONS, why_not_option
from agentbench.domain.port import Port, why_not
from agentbench.domain.problem import Problem
from agentbench.engine.wiring import wiring_of


def problems(graph: Drawing) -> list[Problem]:
    """Everything that keeps the graph from running (errors) or is doubtful (warnings)."""
    return [
        *graph.damage,
        *_node_problems(graph, graph.nodes, graph.links),
        *_link_problems(graph, graph.links),
        *_name_problems(graph),
    ]


def refuse_invalid(graph: Drawing) -> None:
    """Refuses a graph that cannot run as it is.

    Raises:
        GraphInvalid: with everything that keeps it from running.
    """
    found = _first_look(graph)
    if not _errors(found.problems):
        nodes, links = found.loose, found.loose_links
        if not nodes or not _errors(
            [*_node_problems(graph, nodes, links), *_link_problems(graph, links)]
        ):
            return
    if wrong := _errors(problems(graph)):
        raise GraphInvalid(graph.name, wrong)


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What was found of a version of a graph, and what may stand otherwise by now."""

    problems: list[Problem]
    loose: list[str]
    """Nodes whose ports follow from elsewhere, or with constants that can change."""
    loose_links: list[Link]


def _look(graph: Drawing) -> _Look:
    loose = [id for id, node in graph.nodes.items() if not _is_fixed(graph, node)]
    known = set(loose)
    return _Look(
        problems=problems(graph),
        loose=loose,
        loose_links=[
            link for link in graph.links if link.source in known or link.target in known
        ],
    )


_first_look: Memo[_Look] = Memo(_look)


def _is_fixed(graph: Drawing, node: Node) -> bool:
    block = graph.block_of(node.id)
    return block is not None and block.is_fixed and has_plain_constants(node)


def _errors(found: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in found if problem.level == "error"]


def inputs_of_agent(graph: Drawing) -> dict[str, tuple[Node, Port]]:
    """The agent's own inputs: by name, the node and the port that a value must fit."""
    inputs: dict[str, tuple[Node, Port]] = {}
    for id in wiring_of(graph).inputs:
        node, block = graph.node(id), graph.block_of(id)
        if block is not None:
            port = block.outputs(node.constants)[0]
            inputs[str(node.constants.get("name") or id)] = (node, port)
    return inputs


def checked_inputs(graph: Drawing, given: Mapping[str, Any]) -> dict[str, Any]:
    """The run inputs, each as the type its node wants.

    Raises:
        InputError: one is unknown, missing or of the wrong type.
    """
    known = inputs_of_agent(graph)
    for name in given:
        if name not in known:
            there = ", ".join(repr(n) for n in known) or "none"
            hint = close_to(name, known)
            raise InputError(
                name, f"is not one of this agent's inputs ({there}).{hint}"
            )
    checked: dict[str, Any] = {}
    for name, (node, port) in known.items():
        if name in given:
            try:
                checked[name] = port.check(given[name], "input")
            except PortValueError as error:
                said = str(error).partition("takes ")[2]
                raise InputError(name, f"takes {said}") from error
        elif node.constants.get("default") is None:
            reason = (
                f"is missing. Give it a value ({port.type_name}), or give the node"
                f" {node.id!r} a default."
            )
            raise InputError(name, reason)
    return checked


def _node_problems(
    graph: Drawing, nodes: Iterable[str], links: Iterable[Link]
) -> Iterator[Problem]:
    linked = {(link.target, link.input) for link in links}
    for id in sorted(nodes):
        node = graph.node(id)
        block = graph.block_of(id)
        if block is None:
            hint = close_to(node.block, graph.blocks.names())
            cure = "Run the cell that defines it, or install the package it comes from."
            if node.block.startswith("mcp."):
                cure = "Add the MCP server that has this tool (`%agent mcp add`)."
            message = f"the block {node.block!r} is unknown.{hint} {cure}"
            yield Problem(node=id, message=message)
            continue
        ports = {port.name: port for port in block.inputs(node.constants)}
        for port in ports.values():
            has_value = port.name in node.constants or (id, port.name) in linked
            if port.is_required and not has_value:
                message = "needs a link or a constant."
                yield Problem(node=id, port=port.name, message=message, is_missing=True)
        if trouble := block.trouble(node.constants):
            yield Problem(node=id, message=trouble)
        if block.missing:
            message = f"does not run here. {block.missing}"
            yield Problem(node=id, message=message, level="warning")
        yield from _constant_problems(node, ports)
        yield from _option_problems(node)
        yield from _pinned_problems(graph, node)


def _constant_problems(node: Node, ports: Mapping[str, Port]) -> Iterator[Problem]:
    for name, value in node.constants.items():
        if isinstance(value, LostConstant):
            message = (
                f"held a live {value.type}, which no file can hold: give it again."
            )
            yield Problem(node=node.id, port=name, message=message)
            continue
        if name not in ports:
            message = f"has no such input any more.{close_to(name, ports)}"
            yield Problem(node=node.id, port=name, message=message, level="warning")
            continue
        if is_file(ports[name], value):
            continue  # whether it is there, the workbench says
        try:
            ports[name].check(value, "input")
        except PortValueError as error:
            yield Problem(node=node.id, port=name, message=str(error))


def _option_problems(node: Node) -> Iterator[Problem]:
    """An edit refuses these; a file that was written by hand may hold them."""
    for name, value in node.options.items():
        if name not in OPTIONS:
            message = f"the option {name!r} is unknown.{close_to(name, OPTIONS)}"
            yield Problem(node=node.id, message=message, level="warning")
        elif reason := why_not_option(name, value):
            yield Problem(node=node.id, message=reason)


def _pinned_problems(graph: Drawing, node: Node) -> Iterator[Problem]:
    pinned = node.options.get("pinned")
    if not isinstance(pinned, Mapping):
        return
    ports = [port.name for port in graph.outputs_of(node.id)]
    for name in sorted(set(pinned) - set(ports)):
        message = f"a value is pinned to {name!r}, which is no output of it."
        yield Problem(node=node.id, message=message + close_to(name, ports))


def _link_problems(graph: Drawing, links: Sequence[Link]) -> Iterator[Problem]:
    outgoing = _Ports(graph.outputs_of)
    incoming = _Ports(graph.inputs_of)
    for link in sorted(links, key=attrgetter("key")):
        if graph.block_of(link.source) is None or graph.block_of(link.target) is None:
            continue
        outputs, inputs = outgoing[link.source], incoming[link.target]
        if link.output not in outputs:
            message = f"the link {link} starts at an output that is not there."
            hint = close_to(link.output, outputs)
            yield Problem(
                node=link.source,
                port=link.output,
                message=message + hint,
                link=str(link),
            )
        elif link.input not in inputs:
            message = f"the link {link} ends at an input that is not there."
            hint = close_to(link.input, inputs)
            yield Problem(
                node=link.target,
                port=link.input,
                message=message + hint,
                link=str(link),
            )
        elif reason := why_not(outputs[link.output], inputs[link.input]):
            message = f"the link {link} does not fit: {reason}"
            yield Problem(
                node=link.target, port=link.input, message=message, link=str(link)
            )
    several = Counter((link.target, link.input) for link in links)
    for (node, port), count in sorted(several.items()):
        if count > 1:
            message = (
                f"{count} links lead here: values are taken in the order in which they"
                " arrive, which may differ from run to run."
            )
            yield Problem(node=node, port=port, message=message, level="warning")


class _Ports(dict[str, dict[str, Port]]):
    """The ports of each node by name, asked for once however many links it has."""

    def __init__(self, ports_of: Callable[[str], tuple[Port, ...]]) -> None:
        super().__init__()
        self._ports_of = ports_of

    def __missing__(self, node: str) -> dict[str, Port]:
        ports = self[node] = {port.name: port for port in self._ports_of(node)}
        return ports


def _name_problems(graph: Drawing) -> Iterator[Problem]:
    for role in ("input", "output"):
        names: dict[str, str] = {}
        for id, node in sorted(graph.nodes.items()):
            block = graph.block_of(id)
            if block is None or block.role != role:
                continue
            name = str(node.constants.get("name") or id)
            if name in names:
                message = f"{names[name]!r} is an {role} named {name!r} too."
                yield Problem(node=id, port="name", message=message)
            names[name] = id
