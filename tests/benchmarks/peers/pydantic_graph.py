"""pydantic-graph: a step takes one input, so several are the join of one fork."""

from typing import Any

from pydantic_graph import GraphBuilder, reduce_list_append

from tests.benchmarks.peers import CannotSay
from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work


def build(shape: Shape) -> Work:
    """A chain of steps, or a fork and its join."""
    if shape.name.startswith("layered"):
        raise CannotSay(shape, "a step has one input")
    builder = GraphBuilder(input_type=int, output_type=Any)
    if shape.name.startswith("chain"):
        return _chain(builder, shape)
    return _fork(builder, shape)


def _chain(builder: Any, shape: Shape) -> Work:
    *_, last = shape.nodes
    previous = builder.start_node
    for name, sources in shape.nodes.items():
        step = builder.step(_step(shape, is_first=not sources), node_id=name)
        builder.add(builder.edge_from(previous).to(step))
        previous = step
    builder.add(builder.edge_from(previous).to(builder.end_node))
    graph = builder.build()

    async def work() -> dict[str, int]:
        return {last: await graph.run(inputs=0)}

    return work


def _fork(builder: Any, shape: Shape) -> Work:
    middle = [name for name in shape.nodes if name.startswith("n")]
    start = builder.start_node
    if "first" in shape.nodes:
        first = builder.step(_step(shape, is_first=True), node_id="first")
        builder.add(builder.edge_from(start).to(first))
        start = first
    is_last_work = "last" in shape.nodes
    steps = [
        builder.step(
            _step(
                shape,
                is_first=not shape.nodes[name],
                named="" if is_last_work else name,
            ),
            node_id=name,
        )
        for name in middle
    ]
    join = builder.join(reduce_list_append, initial_factory=list)
    end = builder.step(_last(shape), node_id="last")
    builder.add(
        builder.edge_from(start).to(*steps),
        builder.edge_from(*steps).to(join),
        builder.edge_from(join).to(end),
        builder.edge_from(end).to(builder.end_node),
    )
    graph = builder.build()
    return lambda: graph.run(inputs=0)


def _step(shape: Shape, *, is_first: bool, named: str = "") -> Any:
    add = add_later if shape.is_asleep else add_soon

    async def call(context: Any) -> Any:
        given = await (add() if is_first else add(context.inputs))
        return (named, given) if named else given

    return call


def _last(shape: Shape) -> Any:
    async def call(context: Any) -> dict[str, int]:
        if "last" in shape.nodes:
            return {"last": await add_soon(*context.inputs)}
        return dict(context.inputs)

    return call
