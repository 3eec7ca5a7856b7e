"""Apache Hamilton: its asynchronous driver over a module of typed functions."""

import os
import sys
import types

os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"

from hamilton import async_driver, base

from tests.benchmarks.shapes import Shape, add_later, add_soon
from tests.benchmarks.timing import Work

sys.setrecursionlimit(20_000)  # it goes down a chain by recursion


async def build(shape: Shape) -> Work:
    """Its nodes are functions, named as their output, that name their inputs."""
    module = types.ModuleType("tests.benchmarks.peers.hamilton_nodes")
    module._work = add_later if shape.is_asleep else add_soon
    lines = []
    for name, sources in shape.nodes.items():
        typed = ", ".join(f"{source}: int" for source in sources)
        lines += [
            f"async def {name}({typed}) -> int:",
            f"    return await _work({', '.join(sources)})",
        ]
    sys.modules[module.__name__] = module
    exec("\n".join(lines), module.__dict__)
    builder = async_driver.Builder().with_modules(module)
    driver = await builder.with_adapters(base.DictResult()).build()
    return lambda: driver.execute(shape.sinks)
