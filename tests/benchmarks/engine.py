"""We ourselves: typed blocks, the whole of `graph.run()`, validation and lease included."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.block import Block
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.port import Port
from agentbench.domain.run import RunOptions
from agentbench.workbench.run import Run
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.benchmarks.reference import bare
from tests.benchmarks.shapes import SHAPES, Shape, add_later, add_soon
from tests.benchmarks.timing import Rounds, Work, in_rounds

BARE, LOGGED, IN_MEMORY = "bare", "agentbench", "agentbench-memory"
WIDE = RunOptions(concurrency=1024)
"""No shape is held back: the others are not either."""


@contextlib.contextmanager
def benches(home: Path) -> Iterator[dict[str, Workbench]]:
    """A workbench as it comes (SQLite, the embedded server), and one all in memory."""
    settings = {
        LOGGED: Settings(home=home, store_url=f"sqlite:///{home / 'bench.db'}"),
        IN_MEMORY: Settings(home=home, store_url="memory:", redis_url="local:"),
    }
    made = {name: Workbench(setting) for name, setting in settings.items()}
    try:
        yield made
    finally:
        for bench in made.values():
            bench.close()


def draw(shape: Shape, bench: Workbench) -> Graph:
    """The shape as a graph, every port a whole number."""
    graph = Graph(shape.name, blocks=bench.blocks)
    for name, sources in shape.nodes.items():
        block = _block(len(sources), is_asleep=shape.is_asleep)
        if block.id not in bench.blocks:
            bench.blocks.register(block)
        given = {f"p{i}": graph[source] for i, source in enumerate(sources)}
        graph.add(block.id, name, **given)
    return graph


async def carry_out(bench: Workbench, graph: Graph) -> Run:
    """Runs the graph: returns when its end is in the log."""
    return await bench.start(graph, {}, WIDE).finished()


async def engines(
    home: Path, *, least: int = 9, budget: float = 10.0
) -> dict[str, dict[str, Any]]:
    """By engine and shape, microseconds a node and how many times bare asyncio that is."""
    found: dict[str, dict[str, Any]] = {BARE: {}, LOGGED: {}, IN_MEMORY: {}}
    for shape in SHAPES.values():
        with benches(home / shape.name) as made:
            rounds = await _beside_bare(shape, made, least=least, budget=budget)
        for name, measured in found.items():
            measured[shape.name] = {
                "us_per_node": rounds.median(name) / len(shape.nodes) * 1e6,
                "ratio": rounds.ratio(name, BARE),
                "ms": rounds.median(name) * 1e3,
                "rounds": len(rounds),
            }
    return found


async def works_of(shape: Shape, made: Mapping[str, Workbench]) -> dict[str, Work]:
    """What runs the shape on each of them; each has given the right answer once."""
    works: dict[str, Work] = {}
    for name, bench in made.items():
        graph = draw(shape, bench)
        run = await carry_out(bench, graph)
        given = {sink: run.values(sink) for sink in shape.sinks}
        if given != {sink: [value] for sink, value in shape.answer().items()}:
            raise ArithmeticError(f"{name}: the answer of {shape.name} is wrong")
        works[name] = lambda bench=bench, graph=graph: carry_out(bench, graph)
    return works


async def _beside_bare(
    shape: Shape, made: Mapping[str, Workbench], *, least: int, budget: float
) -> Rounds:
    if await bare(shape) != shape.answer():
        raise ArithmeticError(f"bare: the answer of {shape.name} is wrong")
    works = {BARE: lambda: bare(shape), **await works_of(shape, made)}
    return await in_rounds(works, least=least, budget=budget)


def _block(width: int, *, is_asleep: bool) -> Block:
    async def one(p0: int) -> int:
        return await work(p0)

    async def two(p0: int, p1: int) -> int:
        return await work(p0, p1)

    async def three(p0: int, p1: int, p2: int) -> int:
        return await work(p0, p1, p2)

    async def several(**numbers: int) -> int:
        return await work(*numbers.values())

    work = add_later if is_asleep else add_soon
    ports = [Port(name=f"p{i}", annotation=int) for i in range(width)]
    return FunctionBlock(
        {1: one, 2: two, 3: three}.get(width, several),
        id=f"bench.{'later' if is_asleep else 'soon'}_{width}",
        more_inputs=None if width in (1, 2, 3) else lambda _: ports,
    )
