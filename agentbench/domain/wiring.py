"""Wiring: edits that put a node between two others, take one out, or convert on the way."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from agentbench.domain import edit as edits
from agentbench.domain.block import ERROR
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import EditRefused, LinkRefused
from agentbench.domain.layout import Position
from agentbench.domain.node import Link
from agentbench.domain.port import Port, why_not

CONVERTER = "values.convert"
"""The block that turns a value into another type, named by its constant `to`."""
CONVERTS_TO = ("text", "whole number", "number", "boolean", "list", "dictionary")


class Between(NamedTuple):
    """The two ports between which a node goes: linked already, or not."""

    source: str
    output: str
    target: str
    input: str


def inserting(
    graph: Drawing,
    between: Between,
    block: str,
    id: str,
    *,
    at: Position | None = None,
    constants: dict[str, Any] | None = None,
) -> list[edits.Edit]:
    """The edits that put a new node between two ports; the link between them goes.

    Raises:
        LinkRefused: no input of the block takes what comes, or no output gives what is
            taken.
        UnknownBlock: there is no such block.
    """
    known, given = graph.blocks.block(block), constants or {}
    free = [port for port in known.inputs(given) if port.name not in given]
    outputs = known.outputs(given)
    links = _between(
        graph, between, id, title=known.title, inputs=free, outputs=outputs
    )
    return [edits.AddNode(block=block, id=id, constants=given, position=at), *links]


def splicing(graph: Drawing, between: Between, id: str) -> list[edits.Edit]:
    """The edits that put a node that is there between two ports; the link between them goes.

    Raises:
        LinkRefused: no free input of it takes what comes, or no output gives what is taken.
        UnknownNode: there is no such node.
    """
    taken = {link.input for link in graph.links if link.target == id}
    taken |= set(graph.node(id).constants)
    free = [port for port in graph.inputs_of(id) if port.name not in taken]
    outputs = [port for port in graph.outputs_of(id) if port.name != ERROR.name]
    title = graph.title_of(id)
    return _between(graph, between, id, title=title, inputs=free, outputs=outputs)


def _between(
    graph: Drawing,
    between: Between,
    id: str,
    *,
    title: str,
    inputs: Sequence[Port],
    outputs: Sequence[Port],
) -> list[edits.Edit]:
    giving = _port(graph.outputs_of(between.source), between.output)
    taking = _port(graph.inputs_of(between.target), between.input)
    entering = _first(inputs, giving, None)
    leaving = _first(outputs, None, taking)
    if entering is None or leaving is None:
        side = "free input of it takes" if entering is None else "output of it gives"
        what = giving if entering is None else taking
        kind = what.type_name if what else "this"
        source = f"{between.source}.{between.output}"
        raise LinkRefused(source, title, f"no {side} {kind}.")
    old = next((link for link in graph.links if link.key == between), None)
    coming = edits.AddLink(
        source=between.source,
        output=between.output,
        target=id,
        input=entering.name,
        sticky=old is not None and old.sticky,
    )
    going = edits.AddLink(
        source=id, output=leaving.name, target=between.target, input=between.input
    )
    cut = [edits.RemoveLink(**between._asdict())] if old is not None else []
    return [*cut, coming, going]


def conversion(graph: Drawing, between: Between) -> str:
    """What `values.convert` would have to turn the value into; empty when it cannot help."""
    if graph.blocks.get(CONVERTER) is None:
        return ""
    giving = _port(graph.outputs_of(between.source), between.output)
    taking = _port(graph.inputs_of(between.target), between.input)
    if giving is None or taking is None or why_not(giving, taking) is None:
        return ""
    return next((kind for kind in CONVERTS_TO if kind in taking.types), "")


def dissolving(graph: Drawing, ids: Collection[str]) -> list[edits.Edit]:
    """The edits that take nodes out and link what fed them with what they fed.

    Each input that a node fed is linked with the first thing that fed the node and fits.
    """
    gone = set(ids)
    steps: list[edits.Edit] = [edits.RemoveNode(id=graph.node(id).id) for id in ids]
    made: set[tuple[str, ...]] = {link.key for link in graph.links}
    for link in graph.links:
        if link.source not in gone or link.target in gone or link.output == ERROR.name:
            continue
        for source in _behind(graph, link.source, gone):
            giving = _port(graph.outputs_of(source.source), source.output)
            taking = _port(graph.inputs_of(link.target), link.input)
            key = (source.source, source.output, link.target, link.input)
            if giving is None or taking is None or key in made:
                continue
            if why_not(giving, taking) is None:
                made.add(key)
                steps.append(
                    edits.AddLink(
                        source=source.source,
                        output=source.output,
                        target=link.target,
                        input=link.input,
                        sticky=source.sticky or link.sticky,
                    )
                )
                break
    return steps


def _behind(graph: Drawing, id: str, gone: set[str]) -> Sequence[Link]:
    """The links that come into a node from outside, through others that go as well."""
    found: list[Link] = []
    seen: set[str] = set()
    waiting = [id]
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        for link in graph.links:
            if link.target == node and link.source in gone:
                waiting.append(link.source)
            elif link.target == node:
                found.append(link)
    return found


def _first(
    ports: Sequence[Port], giving: Port | None, taking: Port | None
) -> Port | None:
    """The first port that fits what comes or what is taken; required ones first."""
    fitting = [
        port
        for port in ports
        if (giving is None or why_not(giving, port) is None)
        and (taking is None or why_not(port, taking) is None)
    ]
    return next((p for p in fitting if p.is_required), next(iter(fitting), None))


def _port(ports: Sequence[Port], name: str) -> Port | None:
    return next((port for port in ports if port.name == name), None)


def checked(graph: Drawing, between: Between) -> Between:
    """The two ports, once it is known that they are there.

    Raises:
        EditRefused: one is not.
        UnknownNode: there is no such node.
    """
    giving = _port(graph.outputs_of(between.source), between.output)
    taking = _port(graph.inputs_of(between.target), between.input)
    if giving is None or taking is None:
        ends = f"{between.source}.{between.output}, {between.target}.{between.input}"
        raise EditRefused(f"One of these two ports is not there: {ends}.")
    return between
