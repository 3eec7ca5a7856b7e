"""Bare asyncio: a task for every node, which awaits the tasks that it reads."""

import asyncio
from collections.abc import Mapping

from tests.benchmarks.shapes import Shape, add_later, add_soon


async def bare(shape: Shape) -> Mapping[str, int]:
    """Runs a shape with nothing around it; returns what the sinks gave."""
    work = add_later if shape.is_asleep else add_soon
    firings: dict[str, asyncio.Task[int]] = {}

    async def fire(sources: tuple[str, ...]) -> int:
        return await work(*[await firings[source] for source in sources])

    for name, sources in shape.nodes.items():
        firings[name] = asyncio.create_task(fire(sources))
    return {sink: await firings[sink] for sink in shape.sinks}
