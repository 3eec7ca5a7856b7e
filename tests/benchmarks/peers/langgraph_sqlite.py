"""LangGraph with its SQLite checkpointer: what it offers for runs that outlive a crash."""

import contextlib
import itertools
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypedDict

from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph

from tests.benchmarks.peers.langgraph import LIMITS, drawn
from tests.benchmarks.shapes import Shape, add_soon
from tests.benchmarks.timing import Work

_savers: list[Any] = []
_numbers = itertools.count()


@contextlib.asynccontextmanager
async def serving(_: Shape) -> AsyncIterator[None]:
    """A file of its own, as long as it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "checkpoints.db")
        async with AsyncSqliteSaver.from_conn_string(file) as saver:
            _savers[:] = [saver]
            yield


def build(shape: Shape) -> Work:
    """A thread of its own for every run; `async` is how it writes by default."""
    is_chain = shape.name.startswith("chain")
    graph = (_chain(shape) if is_chain else drawn(shape)).compile(
        checkpointer=_savers[0]
    )
    first, *_, last = shape.nodes

    async def work() -> Any:
        thread = {"configurable": {"thread_id": f"run-{next(_numbers)}"}}
        given = {"value": 0} if is_chain else {first: 0}
        ended = await graph.ainvoke(given, LIMITS | thread, durability="async")
        return {last: ended["value"]} if is_chain else ended

    return work


def _chain(shape: Shape) -> Any:
    """A chain needs one key only: with one a node, every checkpoint would hold them all."""
    graph = StateGraph(TypedDict("State", {"value": int}))
    before = START
    for name, sources in shape.nodes.items():

        async def call(state: Any, *, is_first: bool = not sources) -> dict[str, int]:
            return {
                "value": await (add_soon() if is_first else add_soon(state["value"]))
            }

        graph.add_node(f"do_{name}", call)
        graph.add_edge(before, f"do_{name}")
        before = f"do_{name}"
    return graph
