"""Dask's scheduler on threads, its lightest: plain functions, for it knows no coroutines.

The graph is handed to the scheduler as it is, which is cheaper than `dask.delayed`.
"""

import time

import dask.threaded
from dask._task_spec import Task, TaskRef

from tests.benchmarks.shapes import PAUSE, Shape, add
from tests.benchmarks.timing import Work


def add_asleep(*numbers: int) -> int:
    """The pause holds a thread."""
    time.sleep(PAUSE)
    return add(*numbers)


def build(shape: Shape) -> Work:
    """A graph of tasks, and a thread a pause."""
    work_of = add_asleep if shape.is_asleep else add
    graph = {
        name: Task(name, work_of, *(TaskRef(source) for source in sources))
        for name, sources in shape.nodes.items()
    }
    threads = len(shape.nodes) if shape.is_asleep else 2

    async def work() -> dict[str, int]:
        given = dask.threaded.get(graph, shape.sinks, num_workers=threads)
        return dict(zip(shape.sinks, given, strict=True))

    return work
