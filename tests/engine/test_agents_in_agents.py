"""Agents that run agents: one tree, one owner, one budget."""

import asyncio
import time

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.run import RunOptions, RunStatus


def saved(bench, name, build):
    """An agent of the library."""
    graph = ab.Graph(name, blocks=bench.blocks)
    build(graph)
    bench.agents.hold(graph)
    return graph


@pytest.fixture
def doubler(bench):
    def build(graph):
        number = graph.input("number", type="whole number")
        graph.output("twice", graph.add("test.add", left=number, right=number))

    return saved(bench, "doubler", build)


def test_an_agent_is_a_block_with_the_ports_of_the_agent(bench, graph, doubler):
    node = graph.add("agent.run", agent="doubler", number=4)
    assert [port.name for port in graph.outputs_of(node.id)] == ["twice", "error"]
    graph.output("n", node)
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert run.outputs == {"n": [8]}


def test_the_runs_of_agents_are_kept_under_the_run(bench, graph, doubler):
    node = graph.add(
        "agent.run", agent="doubler", number=graph.add("test.numbers", count=2)
    )
    graph.output("n", node)
    run = graph.run_sync()
    assert run.outputs == {"n": [0, 2]}
    assert [child.id for child in run.children] == [
        f"{run.id}.{node.id}.1.doubler",
        f"{run.id}.{node.id}.2.doubler",
    ]
    assert [child.outputs for child in run.children] == [{"twice": [0]}, {"twice": [2]}]
    assert [record.id for record in bench.runs()] == [run.id]


def test_a_missing_input_of_an_agent_is_told_before_the_run(graph, doubler):
    graph.add("agent.run", agent="doubler")
    with pytest.raises(ab.AgentbenchError, match="number: needs a link or a constant"):
        graph.run_sync()


def test_an_unknown_agent_is_told_before_the_run(graph):
    graph.add("agent.run", agent="dubler")
    with pytest.raises(ab.AgentbenchError, match="no agent 'dubler'"):
        graph.run_sync()


def test_the_failure_of_an_agent_is_the_failure_of_its_node(bench, graph):
    def build(inner):
        inner.output("n", inner.add("test.fail_on", number=2))

    saved(bench, "fails", build)
    node = graph.add("agent.run", agent="fails")
    failure = graph.run_sync().failures[0]
    assert (failure.node, failure.error) == (node.id, "SubAgentFailed")
    assert "fail-on: ValueError: 2 is bad" in failure.message


def test_an_agent_that_asks_parks_the_whole_tree(bench, graph):
    @ab.block(id="test.sure")
    async def sure(number: int, context: Context) -> str:
        said = await context.ask(f"Sure of {number}?", choices=["yes", "no"])
        return f"{number} {said}"

    def build(inner):
        number = inner.input("number", type="whole number")
        inner.output("said", inner.add(sure, number=number))

    saved(bench, "asker", build)
    node = graph.add(
        "agent.run", agent="asker", number=graph.add("test.numbers", count=2)
    )
    graph.output("said", node)
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    assert run.nodes[node.id].firings[2].question.question == "Sure of 1?"
    run = bench.answer(run.id, node.id, "no", firing=2).wait(timeout=60)
    assert run.status is RunStatus.WAITING
    run = bench.answer(run.id, node.id, "yes").wait(timeout=60)
    assert run.outputs == {"said": ["0 yes", "1 no"]}


def test_what_agents_use_up_counts_for_the_run_that_called_them(bench, graph):
    @ab.block(id="test.costly")
    async def costly(number: int, context: Context) -> int:
        context.use(cost=1.0)
        await asyncio.sleep(0)
        return number

    def build(inner):
        number = inner.input("number", type="whole number")
        inner.output("n", inner.add(costly, number=number))

    saved(bench, "costly", build)
    numbers = graph.add("test.numbers", count=50)
    node = graph.add("agent.run", agent="costly", number=numbers).set(concurrency=1)
    graph.output("n", node)
    run = graph.run_sync(options=RunOptions(max_cost=3.5))
    assert run.status is RunStatus.STOPPED
    assert "budget of $3.5" in run.reason
    assert len(run.outputs["n"]) == 3


def test_a_stop_stops_the_whole_tree(bench, graph):
    def build(inner):
        inner.output("n", inner.add("test.forever"))

    saved(bench, "endless", build)
    graph.add("agent.run", agent="endless")
    run = graph.start()
    while not run.children or not run.children[0].firings:
        time.sleep(0.01)
    began = time.monotonic()
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED
    assert (
        time.monotonic() - began < 15.0
    )  # two are promised, a busy machine takes more
    assert run.children[0].status is RunStatus.STOPPED


def test_t26_agents_that_call_themselves_end_at_a_depth(bench, graph):
    mirror = ab.Graph("mirror", blocks=bench.blocks)
    bench.agents.hold(mirror)
    mirror.add("agent.run", agent="mirror")
    run = mirror.run_sync()
    assert run.status is RunStatus.FAILED
    said = run.failures[0].message
    assert "8 deep, and that is the limit" in said
    assert "call each other in a circle: mirror → mirror." in said


def test_an_agent_is_tried_again_inside_of_one_that_is_tried_again(bench, graph):
    tries = []

    @ab.block(id="test.fourth")
    async def fourth() -> int:
        tries.append(1)
        if len(tries) < 4:
            raise ValueError("not yet")
        return len(tries)

    def build_inner(inner):
        inner.output("n", inner.add(fourth))

    def build_middle(middle):
        node = middle.add("agent.run", "calls", agent="inner")
        middle.output("n", node.set(retries=1, retry_wait=0.01))

    saved(bench, "inner", build_inner)
    saved(bench, "middle", build_middle)
    node = graph.add("agent.run", "calls", agent="middle")
    graph.output("n", node.set(retries=1, retry_wait=0.01))
    run = graph.run_sync()
    assert run.outputs == {"n": [4]}
    _, second = run.children
    assert second.id == f"{run.id}.calls.1.middle~2"
    assert [child.id for child in second.children] == [
        f"{second.id}.calls.1.inner",
        f"{second.id}.calls.1.inner~2",
    ]


def test_a_map_runs_an_agent_for_each_item_and_keeps_the_order(bench, graph):
    def build(inner):
        number = inner.input("number", type="whole number")
        inner.output("n", inner.add("test.slow_if_even", number=number))

    saved(bench, "slow", build)
    node = graph.add("agent.map", agent="slow", items=list(range(8)), concurrency=4)
    graph.output("each", node["result"])
    graph.output("all", node["results"])
    run = graph.run_sync()
    assert run.outputs == {"each": list(range(8)), "all": [list(range(8))]}


def test_a_map_may_pass_over_items_that_fail(bench, graph):
    def build(inner):
        number = inner.input("number", type="whole number")
        inner.output("n", inner.add("test.fail_on", number=number))

    saved(bench, "picky", build)
    node = graph.add("agent.map", agent="picky", items=[1, 2, 3], on_failure="skip")
    graph.output("all", node["results"])
    graph.output("failed", node["failed"])
    run = graph.run_sync()
    assert run.outputs["all"] == [[1, 3]]
    assert run.outputs["failed"][0]["item"] == 2
    assert "2 is bad" in run.outputs["failed"][0]["error"]
    node["on_failure"] = "fail"
    assert graph.run_sync().status is RunStatus.FAILED


def test_a_map_that_is_tried_again_does_only_what_failed(bench, graph):
    calls = []

    @ab.block(id="test.noted", effects="sends")
    async def noted(number: int) -> int:
        calls.append(number)
        if number == 3 and calls.count(3) == 1:
            raise ConnectionError("the line is down")
        return number * 10

    def build(inner):
        number = inner.input("number", type="whole number")
        inner.output("n", inner.add(noted, number=number))

    saved(bench, "noted", build)
    node = graph.add("agent.map", agent="noted", items=[1, 2, 3, 4], concurrency=1)
    node.set(retries=1, retry_wait=0.01)
    graph.output("all", node["results"])
    assert graph.run_sync().outputs == {"all": [[10, 20, 30, 40]]}
    assert calls == [1, 2, 3, 3, 4]


def test_what_an_agent_used_before_it_asked_counts_once(bench, graph):
    @ab.block(id="test.asks_dearly")
    async def asks_dearly(context: Context) -> str:
        context.use(cost=1.0)
        return await context.ask("Go on?")

    def build(inner):
        inner.output("said", inner.add(asks_dearly))

    saved(bench, "dear", build)
    node = graph.add("agent.run", agent="dear")
    graph.output("said", node)
    meanwhile = graph.add("test.asleep", seconds=1.5)  # the run above lives on
    run = graph.start(options=RunOptions(max_cost=2.5))
    while not run.nodes[node.id].firings or not run.nodes[node.id].firings[1].question:
        time.sleep(0.01)
    assert run.nodes[meanwhile.id].firings[1].seconds == 0
    bench.answer(run.id, node.id, "yes")
    assert run.wait(timeout=60).outputs == {"said": ["yes"]}
    assert run.reason == ""
