"""dask.distributed with one worker in this process: coroutines, made lazy, computed at once."""

import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import dask
from distributed import Client, LocalCluster

from tests.benchmarks.peers.dask_delayed import drawn
from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work

HERE = "127.0.0.1:0"
_clients: list[Any] = []


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
            dashboard_address=HERE,  # without, each opens one to everybody
            worker_dashboard_address=HERE,
            asynchronous=True,
        ) as cluster,
        Client(cluster, asynchronous=True) as client,
    ):
        _clients[:] = [client]
        yield


def build(shape: Shape) -> Work:
    """Drawn anew for each run, else it would find what it has."""
    work_of = add_later if shape.is_asleep else add_soon

    async def work() -> dict[str, int]:
        client = _clients[0]
        made = client.compute(drawn(shape, work_of), optimize_graph=False)
        return dict(zip(shape.sinks, await client.gather(made), strict=True))

    return work
