"""dask.distributed with one worker in this process; the whole graph in one message."""

import contextlib
import itertools
import logging
from collections.abc import AsyncIterator
from typing import Any

import dask
from dask._task_spec import Task, TaskRef
from distributed import Client, LocalCluster

from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work

_clients: list[Any] = []
_numbers = itertools.count()


@contextlib.asynccontextmanager
async def serving(shape: Shape) -> AsyncIterator[None]:
    """A cluster; a coroutine holds one of the worker's places, so there are enough."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    places = len(shape.nodes) if shape.is_asleep else 2
    async with (
        LocalCluster(
            processes=False,
            n_workers=1,
            threads_per_worker=places,
            dashboard_address=None,
            asynchronous=True,
        ) as cluster,
        Client(cluster, asynchronous=True) as client,
    ):
        _clients[:] = [client]
        yield


def build(shape: Shape) -> Work:
    """Its names are new in each run, else it would find what it has."""
    work_of = add_later if shape.is_asleep else add_soon

    async def work() -> dict[str, int]:
        run = next(_numbers)
        graph = {
            f"{name}-{run}": Task(
                f"{name}-{run}", work_of, *(TaskRef(f"{s}-{run}") for s in sources)
            )
            for name, sources in shape.nodes.items()
        }
        client = _clients[0]
        wanted = [f"{sink}-{run}" for sink in shape.sinks]
        given = await client.gather(client.get(graph, wanted, sync=False))
        return dict(zip(shape.sinks, given, strict=True))

    return work
