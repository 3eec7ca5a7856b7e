"""A workbench that is closed leaves no thread behind."""

import asyncio
import threading

import pytest

import agentbench as ab


def test_a_closed_workbench_leaves_no_thread(bench, graph):
    @ab.block(id="test.sleeps")
    async def sleeps(number: int) -> int:
        await asyncio.sleep(number)
        return number

    before = set(threading.enumerate())
    graph.add("test.sleeps", number=60)
    graph.start()
    small = ab.new("small")
    small.output("n", small.add("test.numbers", count=2))
    assert small.run_sync().outputs == {"n": [0, 1]}
    bench.close()
    ours = ("agentbench-engine", "agentbench-watch", "agentbench-store-writer")
    for thread in set(threading.enumerate()) - before:
        if thread.name in ours:
            thread.join(5)
    left = [t.name for t in set(threading.enumerate()) - before if t.is_alive()]
    assert not [name for name in left if name in ours]


@pytest.mark.parametrize("is_stopped", [True, False])
def test_what_a_block_computes_ends_with_the_workbench(bench, graph, is_stopped):
    begun, ended = threading.Event(), threading.Event()

    @ab.block(id="test.computes")
    def computes() -> int:
        begun.set()
        try:
            while True:
                sum(range(1000))
        finally:
            ended.set()

    graph.add("test.computes")
    run = graph.start()
    assert begun.wait(20)
    if is_stopped:
        run.stop()
        run.wait(20)
    bench.close()
    assert ended.wait(20)
