"""Haystack: a pipeline of components with sockets, run asynchronously."""

import logging
import os
from typing import Any

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Pipeline, component

from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work

logging.disable(logging.WARNING)


@component
class Add:
    """Adds what its sockets bring; without any it takes a word to begin."""

    def __init__(self, width: int, *, is_asleep: bool) -> None:
        self._add = add_later if is_asleep else add_soon
        self._width = width
        names = [f"p{i}" for i in range(width)] or ["go"]
        component.set_input_types(self, **dict.fromkeys(names, int))
        component.set_output_types(self, value=int)

    def run(self, **numbers: int) -> dict[str, int]:
        raise NotImplementedError

    async def run_async(self, **numbers: int) -> dict[str, int]:
        given = numbers.values() if self._width else ()
        return {"value": await self._add(*given)}


def build(shape: Shape) -> Work:
    """Every link joins a socket to a socket of its own."""
    pipeline = Pipeline(max_runs_per_component=2)
    for name, sources in shape.nodes.items():
        pipeline.add_component(name, Add(len(sources), is_asleep=shape.is_asleep))
        for i, source in enumerate(sources):
            pipeline.connect(f"{source}.value", f"{name}.p{i}")
    begin = {name: {"go": 0} for name, sources in shape.nodes.items() if not sources}

    async def work() -> dict[str, Any]:
        ended = await pipeline.run_async(begin, concurrency_limit=2048)
        return {name: given["value"] for name, given in ended.items()}

    return work
