"""Runs the script of a graph, with the blocks that the graph has."""

import agentbench
from agentbench.domain.graph import Graph
from agentbench.domain.script import write_script


def rebuilt(graph: Graph) -> Graph:
    """The graph that its script builds."""
    names: dict[str, Graph] = {}
    known = {
        "ab_Graph": lambda *given: Graph(*given, blocks=graph.blocks),
        "__builtins__": __builtins__,
        "ab": agentbench,
    }
    exec(write_script(graph).replace("ab.Graph(", "ab_Graph("), known, names)
    return names["graph"]
