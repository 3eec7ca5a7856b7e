"""LangGraph's StateGraph: a key of the state for every node, each reads only its own."""

from typing import Any, TypedDict

from langgraph.graph import START, StateGraph

from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work

LIMITS = {"recursion_limit": 5000}


def build(shape: Shape) -> Work:
    """Without a checkpointer, which is its cheapest."""
    graph = drawn(shape).compile()
    first = next(iter(shape.nodes))
    return lambda: graph.ainvoke({first: 0}, LIMITS)


def drawn(shape: Shape) -> Any:
    """The graph: a node's state is no more than it reads, else each step reads it all."""
    graph = StateGraph(TypedDict("State", dict.fromkeys(shape.nodes, int)))
    seen: dict[tuple[str, ...], Any] = {}
    for name, sources in shape.nodes.items():
        keys = sources or (name,)  # a node needs a state, be it one that is not set
        if keys not in seen:
            seen[keys] = TypedDict("Read", dict.fromkeys(keys, int))
        node = _node(shape, name, sources)
        graph.add_node(f"do_{name}", node, input_schema=seen[keys])
    for name, sources in shape.nodes.items():
        before = [f"do_{source}" for source in sources] or START
        is_one = isinstance(before, list) and len(before) == 1
        graph.add_edge(before[0] if is_one else before, f"do_{name}")
    return graph


def _node(shape: Shape, name: str, sources: tuple[str, ...]) -> Any:
    add = add_later if shape.is_asleep else add_soon

    async def call(state: Any) -> dict[str, int]:
        return {name: await add(*(state[source] for source in sources))}

    return call
