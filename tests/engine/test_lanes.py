"""Firings share the engine's loop, and their tasks, without a trace of each other."""

import contextvars
import threading

import pytest

import agentbench as ab
from agentbench.domain.run import RunStatus

MANY = 3_000
said = contextvars.ContextVar("said", default="nothing")


@pytest.fixture
def numbers(bench):
    """Blocks that count and double without ever waiting, and how far it got."""
    reached = []

    @ab.block(id="test.double")
    async def double(number: int) -> int:
        return 2 * number

    @ab.block(id="test.count_fast")
    async def count_fast(count: int = MANY):
        for number in range(count):
            reached.append(number)
            yield number

    return reached


@pytest.fixture
def gate(bench):
    """A block that holds the values back until the gate is opened."""
    opened = threading.Event()

    @ab.block(id="test.gate")
    def gate(number: int) -> int:
        opened.wait(60)
        return number

    yield opened
    opened.set()


def test_what_a_block_leaves_in_its_context_no_other_finds(bench, graph):
    @ab.block(id="test.say")
    async def say(number: int) -> int:
        said.set(f"number {number}")
        return number

    @ab.block(id="test.hear")
    async def hear(number: int) -> str:
        return said.get()

    numbers = graph.add("test.numbers", count=20)
    graph.output("heard", graph.add(hear, number=graph.add(say, number=numbers)))
    assert set(graph.run_sync().outputs["heard"]) == {"nothing"}


def test_a_stream_waits_for_those_who_take_its_values(graph, numbers, gate):
    stream = graph.add("test.count_fast")
    held = graph.add("test.gate", number=stream).set(concurrency=1)
    graph.output("n", held)
    run = graph.start()
    seen = -1
    while len(run.values(stream.id)) != seen:
        seen = len(run.values(stream.id))
        threading.Event().wait(0.2)
    assert seen < MANY
    assert len(numbers) < MANY
    gate.set()
    assert run.wait(timeout=100).outputs["n"] == list(range(MANY))


def test_streams_that_have_all_the_room_do_not_wait_for_each_other(graph, numbers):
    for name in ("one", "two"):
        stream = graph.add("test.count_fast", name)
        graph.add("test.double", f"double-{name}", number=stream)
    run = graph.run_sync(options=ab.RunOptions(concurrency=2))
    assert run.status is RunStatus.COMPLETED
    assert len(run.values("double-one")) == len(run.values("double-two")) == MANY


def test_a_stream_with_a_key_does_not_wait_for_who_needs_the_key(graph, numbers):
    stream = graph.add("test.count_fast", count=1500).set(exclusive="key")
    graph.output("n", graph.add("test.double", number=stream).set(exclusive="key"))
    run = graph.start()
    while len(numbers) < 1500:
        assert not run.status.is_final
        threading.Event().wait(0.05)
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED


def test_small_firings_leave_room_for_another_run(bench, graph, numbers):
    graph.add("test.double", number=graph.add("test.count_fast", count=1_000_000))
    small = ab.new("small")
    small.output("n", small.add("test.double", number=2))
    long = graph.start()
    assert small.start().wait(timeout=60).outputs == {"n": [4]}
    assert long.status is RunStatus.RUNNING
    long.stop()
    assert long.wait(timeout=60).status is RunStatus.STOPPED
