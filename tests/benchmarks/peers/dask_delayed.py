"""Dask as its guide has it: functions made lazy by `delayed`, computed on threads."""

from collections.abc import Callable
from typing import Any

import dask

from tests.benchmarks.peers.dask import add_asleep
from tests.benchmarks.shapes import Shape, add
from tests.benchmarks.timing import Work


def drawn(shape: Shape, work_of: Callable[..., Any]) -> list[Any]:
    """The sinks, each a value that is not there yet."""
    lazy = dask.delayed(work_of, pure=False, traverse=False)
    made: dict[str, Any] = {}
    for name, sources in shape.nodes.items():
        made[name] = lazy(*(made[source] for source in sources))
    return [made[sink] for sink in shape.sinks]


def build(shape: Shape) -> Work:
    """All sinks in one call; there is nothing in these graphs to be optimized."""
    sinks = drawn(shape, add_asleep if shape.is_asleep else add)
    threads = len(shape.nodes) if shape.is_asleep else 2

    async def work() -> dict[str, int]:
        given = dask.compute(
            *sinks, scheduler="threads", num_workers=threads, optimize_graph=False
        )
        return dict(zip(shape.sinks, given, strict=True))

    return work
