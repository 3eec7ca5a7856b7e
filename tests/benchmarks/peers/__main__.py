"""`python -m tests.benchmarks.peers FILE SHAPE`: one peer, one shape, one line of JSON."""

import asyncio
import contextlib
import importlib
import inspect
import json
import sys
import time
from typing import Any

from tests.benchmarks.peers import CannotSay
from tests.benchmarks.reference import bare
from tests.benchmarks.shapes import SHAPES, Shape
from tests.benchmarks.timing import in_rounds


def main() -> None:
    """Measures; what goes wrong is an answer too."""
    file, name = sys.argv[1:]
    try:
        peer = importlib.import_module(f"tests.benchmarks.peers.{file}")
        found = asyncio.run(_measured(peer, SHAPES[name]))
    except CannotSay as said:
        found = {"said": "n/a", "why": str(said)}
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way
        found = {"said": "failed", "why": f"{type(error).__name__}: {error}"[:500]}
    print(json.dumps(found), flush=True)


async def _measured(peer: Any, shape: Shape) -> dict[str, Any]:
    async with contextlib.AsyncExitStack() as up:
        if hasattr(peer, "serving"):
            await up.enter_async_context(peer.serving(shape))
        began = time.perf_counter()
        work = peer.build(shape)
        if inspect.isawaitable(work):
            work = await work
        built = time.perf_counter() - began
        given = await work()
        if {sink: given[sink] for sink in shape.sinks} != shape.answer():
            return {"said": "wrong", "why": "the answer is wrong"}
        works = {"bare": lambda: bare(shape), "peer": work}
        rounds = await in_rounds(works, least=5, budget=8.0)
    return {
        "us_per_node": rounds.median("peer") / len(shape.nodes) * 1e6,
        "ratio": rounds.ratio("peer", "bare"),
        "ms": rounds.median("peer") * 1e3,
        "build_ms": built * 1e3,
        "rounds": len(rounds),
    }


if __name__ == "__main__":
    main()
