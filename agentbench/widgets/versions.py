"""The versions of an agent, as a view lists them and holds them against each other."""

import dataclasses

from agentbench.domain.graph import Graph
from agentbench.domain.layout import positions
from agentbench.widgets.answers import (
    PlainGraph,
    PlainLink,
    PlainNode,
    Versions,
    WireVersion,
)
from agentbench.widgets.requests import Save
from agentbench.widgets.constants import to_wire
from agentbench.workbench.earlier import as_it_was, earlier
from agentbench.workbench.workbench import Workbench


def listed(bench: Workbench, graph: Graph) -> Versions:
    """Every time to which the canvas can be held up."""
    found = earlier(bench.agents, graph)
    return Versions(versions=[WireVersion(**dataclasses.asdict(it)) for it in found])


def look(bench: Workbench, graph: Graph, key: str) -> PlainGraph:
    """The graph as it was then, as plain data: nothing is opened.

    Raises:
        UnknownAgent: it was never saved, or there is no such version.
        EditRefused: there is no such state any more.
    """
    kept, hash = as_it_was(bench.agents, graph, key)
    return plain(kept, hash)


def plain(kept: Graph, hash: str = "") -> PlainGraph:  # noqa: A002 - as in the message
    """A graph as plain data, to be held against another."""
    places = positions(kept)
    nodes = {
        id: PlainNode(
            block=node.block,
            title=node.title,
            constants={port: to_wire(value) for port, value in node.constants.items()},
            options=dict(node.options),
            position=places[id],
            colour=node.colour,
        )
        for id, node in kept.nodes.items()
    }
    links = [
        PlainLink(
            source=link.source,
            output=link.output,
            target=link.target,
            input=link.input,
            sticky=kept.is_sticky(link),
        )
        for link in kept.links
    ]
    return PlainGraph(name=kept.name, nodes=nodes, links=links, hash=hash)


def save(bench: Workbench, graph: Graph, request: Save) -> str:
    """Saves the graph, on top of the version that the view has seen and no other."""
    if request.over:
        graph.saved = dataclasses.replace(graph.saved, hash=request.over)
    return bench.save(graph, force=request.force)
