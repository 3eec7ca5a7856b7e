"""What blocks do that nobody should, and what must hold all the same."""

import asyncio
import sys
import threading
import time

import pytest

from agentbench.domain.errors import GraphInvalid
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions, RunStatus


@pytest.fixture
def place(bench, graph):
    """Makes a function a block and places it."""

    def place(function, **inputs):
        block = FunctionBlock(function, id=f"test.{function.__name__}")
        bench.blocks.register(block, replace=True)
        return graph.add(block, **inputs)

    return place


def is_alive(bench):
    graph = Graph("after", blocks=bench.blocks)
    graph.output("sum", graph.add("test.add", left=1, right=1))
    return graph.start().wait(timeout=60).outputs == {"sum": [2]}


def test_a_block_that_calls_exit_fails_and_nothing_else_ends(bench, graph, place):
    def leave() -> int:
        sys.exit(3)

    async def leave_too() -> int:
        sys.exit(4)

    place(leave)
    place(leave_too)
    run = graph.start().wait(timeout=60)
    assert {f.message for f in run.failures} == {"SystemExit: 3", "4"}
    assert is_alive(bench)


def test_a_stop_iteration_in_a_block_fails_it(bench, graph, place):
    def first() -> int:
        return next(iter([]))

    place(first)
    run = graph.start().wait(timeout=60)
    assert "StopIteration" in run.failures[0].message


def test_many_stuck_blocks_leave_room_for_others(bench, graph):
    for _ in range(40):
        graph.add("test.asleep", seconds=3.0).set(timeout=0.05)
    run = graph.start(options=RunOptions(concurrency=40)).wait(timeout=60)
    assert len(run.failures) == 40
    assert is_alive(bench)


def test_a_stop_is_heard_however_early_it_comes(graph):
    graph.add("test.forever")
    run = graph.start()
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED


def test_an_async_block_may_await_another_run_but_not_block_on_it(bench, graph, place):
    inner = Graph("inner", blocks=bench.blocks)
    inner.output("sum", inner.add("test.add", left=20, right=1))

    async def good() -> int:
        return (await inner.run())["sum"]

    async def bad() -> int:
        return inner.run_sync()["sum"]

    graph.output("sum", place(good))
    place(bad)
    run = graph.start().wait(timeout=60)
    assert run.outputs == {"sum": [21]}
    assert "without `await`" in run.failures[0].message
    assert is_alive(bench)


def test_text_that_no_encoding_takes_is_kept_all_the_same(graph, place):
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError

    def half() -> int:
        message = "caf\udce9.csv"
        raise FileNotFoundError(message)

    def odd() -> int:
        raise Odd

    place(half)
    place(odd)
    run = graph.start().wait(timeout=60)
    assert {f.message for f in run.failures} == {"caf\\udce9.csv", "Odd"}


def test_a_block_left_behind_adds_nothing_to_a_run_that_has_ended(bench, graph, place):
    from agentbench.domain.context import Context

    def late(context: Context) -> int:
        threading.Thread(
            target=lambda: (time.sleep(0.2), context.log("too late")), daemon=True
        ).start()
        return 1

    graph.output("n", place(late))
    for _ in range(3):
        assert graph.start().wait(timeout=60).status is RunStatus.COMPLETED
    time.sleep(0.4)
    last = bench.store.events(bench.runs()[0].id)[-1]
    assert type(last).__name__ == "RunFinished"


def test_what_one_firing_changes_no_other_sees(graph, place):
    async def collect(item: int, into: list = []) -> list:  # noqa: B006 - the point
        into.append(item)
        return into

    kept = place(collect, item=graph.add("test.numbers", count=3))
    graph.output("n", kept)
    shared = graph.add("values.constant", value={"a": []})

    async def fill(box: dict) -> dict:
        box["a"].append(1)
        await asyncio.sleep(0.01)
        return box

    graph.output("one", place(fill, box=shared))
    graph.output("two", graph.add("test.fill", box=shared))
    run = graph.run_sync()
    assert run.outputs["n"] == [[0], [1], [2]]
    assert run.outputs["one"] == run.outputs["two"] == [{"a": [1]}]
    assert graph.node(shared.id).constants == {"value": {"a": []}}
    assert graph.run_sync().outputs["n"] == [[0], [1], [2]]


def test_a_damaged_document_does_not_run(bench):
    graph = Graph.from_json(
        '{"format": "agentbench/9", "name": "x", "nodes": {}}', blocks=bench.blocks
    )
    with pytest.raises(GraphInvalid, match="its format is agentbench/9"):
        bench.start(graph, {})


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "a", True])
def test_a_concurrency_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="concurrency takes a whole number above 0"):
        RunOptions(concurrency=wrong)


def test_looking_at_a_run_while_it_goes_on_is_safe(graph):
    graph.output(
        "n", graph.add("test.slow_if_even", number=graph.add("test.numbers", count=300))
    )
    run = graph.start()
    faults = []

    def look():
        try:
            while not run.done.done():
                _ = run.firings, run.outputs, run.node_statuses, repr(run)
        except Exception as error:  # noqa: BLE001 - that is what we look for
            faults.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    run.wait(timeout=60)
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(run.outputs["n"]) == 300


def test_a_listener_that_fails_does_not_fail_the_edit(graph):
    graph.listen(lambda change: 1 / 0)
    heard = []
    graph.listen(heard.append)
    graph.add("test.add")
    assert len(heard) == 1
