"""Nests: a part of an agent becomes an agent of the library, and the way back."""

from collections.abc import Collection

from agentbench.blocks.agent.ready import READY
from agentbench.domain.consent import code_nodes
from agentbench.domain.errors import EditRefused, UnknownAgent
from agentbench.domain.graph import Graph
from agentbench.domain.nesting import CALL, collapsing, expanding
from agentbench.workbench.workbench import Workbench


def collapse(bench: Workbench, graph: Graph, nodes: Collection[str], agent: str) -> str:
    """Makes an agent of some nodes, saves it, and puts a node that runs it in their place.

    One step of the graph's history; undone, the new agent stays in the library. Returns
    the id of the new node.

    Raises:
        EditRefused: the name is taken, or the nodes cannot stand alone.
        GraphInvalid: a node holds a live object, which no agent can keep.
        UnknownNode: there is no such node.
    """
    name = agent.strip()
    if not name:
        raise EditRefused("The new agent needs a name.")
    try:
        bench.find_agent(name)
    except UnknownAgent:
        pass
    else:
        raise EditRefused(f"There is already an agent {name!r}: choose another name.")
    nest = collapsing(graph, nodes, name)
    inner = Graph(name, blocks=graph.blocks)
    inner.restore(nest.inner.nodes.values(), nest.inner.links)
    inner.is_own = graph.is_own
    bench.save(inner)
    graph.apply(*nest.steps, title=f"Collapse into {name}")
    return nest.call


def expand(bench: Workbench, graph: Graph, node: str) -> list[str]:
    """Puts the nodes of the agent that a node runs in its place; returns their ids.

    Raises:
        EditRefused: the node runs no agent.
        UnknownAgent: its agent is not to be had.
        UnknownNode: there is no such node.
    """
    placed = graph.node(node)
    name = READY.get(placed.block) or placed.constants.get("agent")
    if not name or (placed.block != CALL and placed.block not in READY):
        raise EditRefused(
            f"{graph.title_of(node)!r} runs no agent that could be expanded."
        )
    inner = bench.find_agent(str(name), placed.constants.get("version"))
    graph.is_own = graph.is_own and (inner.is_own or not code_nodes(inner))
    before = set(graph.nodes)
    graph.apply(*expanding(graph, node, inner), title=f"Expand {graph.title_of(node)}")
    return [id for id in graph.nodes if id not in before or id == node]
