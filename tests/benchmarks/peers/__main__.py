"""`python -m tests.benchmarks.peers FILE SHAPE`: one peer, one shape.

The first line it prints says that it is ready, or why it never will be. Then each line
it is sent asks for a round, whose seconds it answers, until nothing is sent any more.
"""

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
from tests.benchmarks.timing import one_round


def main() -> None:
    """Measures; what goes wrong is an answer too."""
    file, name = sys.argv[1:]
    try:
        peer = importlib.import_module(f"tests.benchmarks.peers.{file}")
        asyncio.run(_contend(peer, SHAPES[name]))
    except CannotSay as said:
        _answer({"said": "n/a", "why": str(said)})
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way
        why = f"{type(error).__name__}: {error}"[:500]
        _answer({"said": "failed", "why": why})


async def _contend(peer: Any, shape: Shape) -> None:
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
            raise ArithmeticError("the answer is wrong")
        works = {"bare": lambda: bare(shape), "peer": work}
        _answer({"build_ms": built * 1e3})
        # In a thread: some keep servers alive on this loop meanwhile.
        while await asyncio.to_thread(sys.stdin.readline):
            _answer(await one_round(works))


def _answer(words: dict[str, Any]) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    main()
