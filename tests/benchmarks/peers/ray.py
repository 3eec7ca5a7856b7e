"""Ray on this machine: remote functions; pauses in one actor, for a task takes no coroutine."""

import contextlib
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

# Read when it is imported: it tells nobody that it is used, and listens on this
# machine's own address only, as it does on macOS and Windows by itself.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"

import ray

from tests.benchmarks.shapes import Shape, add, add_later
from tests.benchmarks.timing import Work

ROOT = Path(__file__).parents[3]
MEMORY = 100 * 2**20
"""Bytes of its store of objects, which would be a third of the machine's."""


@contextlib.asynccontextmanager
async def serving(_: Shape) -> AsyncIterator[None]:
    """Its servers, as long as it is measured; what they write goes with them."""
    with tempfile.TemporaryDirectory(
        prefix="ray-", ignore_cleanup_errors=True
    ) as folder:
        ray.init(
            num_cpus=2,
            object_store_memory=MEMORY,
            include_dashboard=False,
            logging_level=logging.ERROR,
            log_to_driver=False,
            runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
            _temp_dir=folder,
        )
        try:
            yield
        finally:
            ray.shutdown()


class Sleeper:
    """Waits many times at once."""

    async def add(self, *numbers: int) -> int:
        return await add_later(*numbers)


def build(shape: Shape) -> Work:
    """A node is handed the references of what it reads."""
    if shape.is_asleep:
        actor = ray.remote(Sleeper).options(max_concurrency=2 * len(shape.nodes))
        start: Any = actor.remote().add.remote
    else:
        start = ray.remote(add).remote

    async def work() -> dict[str, int]:
        made: dict[str, Any] = {}
        for name, sources in shape.nodes.items():
            made[name] = start(*(made[source] for source in sources))
        return {sink: await made[sink] for sink in shape.sinks}

    return work
