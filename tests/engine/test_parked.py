"""Firings that wait for people or for time, and hold nothing meanwhile."""

import time

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import AnswerRefused
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import FiringStatus, RunStatus


def ask_block():
    @ab.block(id="test.ask")
    async def ask(number: int, context: Context) -> str:
        said = await context.ask(f"And {number}?", choices=["yes", "no"], about=number)
        return f"{number} {said}"

    return ask


def test_a_run_waits_for_an_answer_and_goes_on(bench, graph):
    node = graph.add(ask_block(), number=5)
    graph.output("said", node)
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    firing = run.nodes[node.id].firings[1]
    assert firing.status is FiringStatus.WAITING
    assert (firing.question.question, firing.question.choices) == (
        "And 5?",
        ("yes", "no"),
    )
    run = bench.answer(run.id, node.id, "yes").wait(timeout=60)
    assert run.status is RunStatus.COMPLETED
    assert run.outputs == {"said": ["5 yes"]}


def test_nobody_holds_a_run_that_waits(bench, graph):
    graph.add(ask_block(), number=5)
    run = graph.run_sync()
    assert not bench.carrier.is_owned(run.id)
    assert bench.runs()[0].status is RunStatus.WAITING


def test_yes_and_no_may_be_said_as_true_and_false(bench, graph):
    node = graph.add(ask_block(), number=5)
    graph.output("said", node)
    run = bench.answer(graph.run_sync().id, node.id, False).wait(timeout=60)
    assert run.outputs == {"said": ["5 no"]}


def test_answers_are_checked_and_nothing_is_lost(bench, graph):
    node = graph.add(ask_block(), number=5)
    graph.output("said", node)
    run = graph.run_sync()
    with pytest.raises(AnswerRefused, match="takes 'yes', 'no', not 'perhaps'"):
        bench.answer(run.id, node.id, "perhaps")
    with pytest.raises(AnswerRefused, match=f"these nodes wait: {node.id}"):
        bench.answer(run.id, "said", "yes")
    assert bench.answer(run.id, node.id, "no").wait(timeout=60).outputs == {
        "said": ["5 no"]
    }
    with pytest.raises(ab.AgentbenchError, match="has ended"):
        bench.answer(run.id, node.id, "no")


def test_a_run_that_goes_on_elsewhere_takes_answers_meanwhile(bench, graph):
    asking = graph.add(ask_block(), number=graph.add("test.numbers", count=2))
    graph.output("said", asking)
    graph.add("test.asleep", seconds=1.0)
    run = graph.start()
    while run.nodes[asking.id].counts.get(FiringStatus.WAITING, 0) < 2:
        time.sleep(0.01)
    assert run.status is RunStatus.RUNNING
    bench.answer(run.id, asking.id, "yes", firing=2)
    bench.answer(run.id, asking.id, "no")
    run = run.wait(timeout=60)
    assert run.outputs == {"said": ["0 no", "1 yes"]}
    assert run.status is RunStatus.COMPLETED


def test_several_questions_of_one_firing_are_asked_one_after_the_other(bench, graph):
    @ab.block(id="test.asks")
    async def asks(context: Context) -> str:
        first = await context.ask("First?")
        return f"{first} {await context.ask('Second?')}"

    node = graph.add(asks)
    graph.output("said", node)
    run = graph.run_sync()
    run = bench.answer(run.id, node.id, "a").wait(timeout=60)
    assert run.nodes[node.id].firings[1].question.question == "Second?"
    run = bench.answer(run.id, node.id, {"b": 1}).wait(timeout=60)
    assert run.outputs == {"said": ["a {'b': 1}"]}


def test_a_waiting_run_can_be_stopped(bench, graph):
    node = graph.add(ask_block(), number=5)
    run = graph.run_sync()
    bench.run(run.id).stop()
    run.wait(timeout=60)
    deadline = time.monotonic() + 60
    while run.status is not RunStatus.STOPPED and time.monotonic() < deadline:
        time.sleep(0.02)
    assert run.status is RunStatus.STOPPED
    assert run.nodes[node.id].firings[1].status is FiringStatus.STOPPED


def test_a_sleep_holds_no_place_in_the_run(bench, graph):
    @ab.block(id="test.nap")
    async def nap(number: int, context: Context) -> int:
        await context.sleep(2.2)
        return number

    node = graph.add(nap, number=graph.add("test.numbers", count=40))
    graph.output("n", node)
    began = time.monotonic()
    run = graph.run_sync(options=ab.RunOptions(concurrency=2))
    assert run.outputs == {"n": list(range(40))}
    assert time.monotonic() - began < 20


def test_an_answer_that_comes_as_its_owner_lets_go_is_not_lost(bench):
    async def sure(number: int, context: Context) -> str:
        return f"{number} {await context.ask('Sure?')}"

    bench.blocks.register(FunctionBlock(sure, id="test.sure"), replace=True)
    inner = Graph("asker", blocks=bench.blocks)
    number = inner.input("number", type="whole number")
    inner.output("said", inner.add("test.sure", number=number))
    bench.agents.hold(inner)
    for _ in range(40):
        graph = Graph("asking", blocks=bench.blocks)
        numbers = graph.add("test.numbers", count=2)
        node = graph.add("agent.run", agent="asker", number=numbers)
        graph.output("said", node)
        run = graph.run_sync()
        run = bench.answer(run.id, node.id, "no", firing=2).wait(timeout=60)
        run = bench.answer(run.id, node.id, "yes").wait(timeout=60)
        assert run.outputs == {"said": ["0 yes", "1 no"]}
