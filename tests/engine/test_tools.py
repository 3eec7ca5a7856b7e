"""Firings that call tools: other nodes of their run fire, and they wait for them."""

import asyncio
import time
from typing import Annotated

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.errors import AnswerRefused, RunError
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench


@pytest.fixture
def caller(bench):
    """A block that makes the calls it is given, all at once, and gives what they gave."""

    @ab.block(id="test.caller", outputs={"results": list, "tools": object})
    async def caller(calls: list, *, context: Context):
        async def one(tool, arguments):
            try:
                outcome = await context.call_tool(tool, arguments)
            except RunError as error:
                return f"refused: {error}"
            return outcome.error or dict(outcome.outputs)

        results = await asyncio.gather(*(one(*call) for call in calls))
        return {"results": list(results)}

    return caller


def calling(graph, caller, *calls):
    return graph.add(caller, calls=[list(call) for call in calls])


def results(run, node):
    return run.value(dict(run.nodes[node.id].firings[1].emitted)["results"])


def test_a_call_is_a_firing_of_the_tool_with_its_own_values(graph, caller):
    add = graph.add("test.add")
    node = calling(graph, caller, ("add", {"left": 1, "right": 2}))
    node["tools"] >> add["left"]
    node["tools"] >> add["right"]
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert results(run, node) == [{"result": [3]}]
    [firing] = run.nodes[add.id].firings.values()
    assert {port: run.value(seq) for port, seq in firing.inputs.items()} == {
        "left": 1,
        "right": 2,
    }


def test_calls_at_once_each_get_their_own_outcome(graph, caller):
    add = graph.add("test.add", right=10)
    calls = [("add", {"left": number}) for number in range(20)]
    node = calling(graph, caller, *calls)
    node["tools"] >> add["left"]
    run = graph.run_sync()
    assert results(run, node) == [{"result": [10 + n]} for n in range(20)]


def test_a_table_that_a_tool_names_is_read_where_the_call_gives_none(
    graph, caller, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("n\n1\n2\n")
    rows = graph.add("table.rows", table={"$file": "a.csv"})
    node = calling(graph, caller, (rows.id, {}))
    node["tools"] >> rows["table"]
    assert results(graph.run_sync(), node) == [{"result": [[{"n": 1}, {"n": 2}]]}]


def test_a_run_with_room_for_one_firing_has_room_for_its_tools(graph, caller):
    add = graph.add("test.add", right=1)
    node = calling(graph, caller, ("add", {"left": 1}), ("add", {"left": 2}))
    node["tools"] >> add["left"]
    run = graph.run_sync(options=RunOptions(concurrency=1, max_seconds=20))
    assert run.status is RunStatus.COMPLETED
    assert results(run, node) == [{"result": [2]}, {"result": [3]}]


def test_a_tool_that_fails_is_told_to_who_called_and_the_run_goes_on(
    bench, graph, caller
):
    @ab.block(id="test.picky")
    async def picky(number: int) -> int:
        raise ValueError("I do not like it")

    tool = graph.add(picky)
    node = calling(graph, caller, ("picky", {"number": 1}))
    node["tools"] >> tool["number"]
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert results(run, node) == ["ValueError: I do not like it"]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("nobody", {}, "has no tool 'nobody'"),
        ("add", {"middle": 1}, "no 'middle'"),
        ("add", {"left": "many"}, "'left' takes"),
        ("add", {}, "needs a value for 'left'"),
    ],
)
def test_a_call_that_will_not_do_calls_nothing(graph, caller, tool, arguments, said):
    add = graph.add("test.add", right=1)
    node = calling(graph, caller, (tool, arguments))
    node["tools"] >> add["left"]
    run = graph.run_sync()
    [refused] = results(run, node)
    assert said in refused
    assert not run.nodes[add.id].firings


class TestAskingTools:
    """A tool asks a person: its caller is parked with it, and makes no call twice."""

    @pytest.fixture
    def asking(self, bench):
        @ab.block(id="test.asking", effects="reads")
        async def asking(question: object, *, context: Context) -> str:
            return f"{question} {await context.ask(str(question))}"

        return asking

    def test_the_run_waits_and_goes_on_with_each_answer(
        self, bench, graph, caller, asking
    ):
        tool, add = graph.add(asking), graph.add("test.add", right=1)
        node = calling(
            graph,
            caller,
            ("asking", {"question": "A?"}),
            ("add", {"left": 1}),
            ("asking", {"question": "B?"}),
        )
        node["tools"] >> tool["question"]
        node["tools"] >> add["left"]
        run = graph.run_sync()
        assert run.status is RunStatus.WAITING
        waits = bench.waits(bench.store.run(run.id))
        assert [wait.question for wait in waits] == ["A?", "B?"]
        with pytest.raises(AnswerRefused, match=r"'caller' waits for none"):
            bench.answer(run.id, node.id, "me")
        run = bench.answer(run.id, tool.id, "one").wait()
        assert run.status is RunStatus.WAITING
        run = bench.answer(run.id, tool.id, "two").wait()
        assert run.status is RunStatus.COMPLETED, run.failures
        given = [{"result": ["A? one"]}, {"result": [2]}, {"result": ["B? two"]}]
        assert results(run, node) == given
        counts = {id: len(run.nodes[id].firings) for id in (tool.id, add.id)}
        assert counts == {tool.id: 2, add.id: 1}

    def test_a_sub_agent_asks_through_its_caller(self, bench, graph, caller, asking):
        inner = Graph("inner", blocks=bench.blocks)
        tool = inner.add(asking)
        node = calling(inner, caller, ("asking", {"question": "A?"}))
        node["tools"] >> tool["question"]
        second = inner.add(asking, question=node["results"])
        inner.output("said", second)
        bench.save(inner)
        outer = graph.add("agent.run", agent="inner")
        graph.output("said", outer["said"])
        run = graph.run_sync()
        for question, answer in (("A?", "yes"), ("", "well")):
            assert run.status is RunStatus.WAITING
            [wait] = bench.waits(bench.store.run(run.id))
            assert question in wait.question
            run = bench.answer(run.id, outer.id, answer).wait()
        assert run.status is RunStatus.COMPLETED, run.failures
        assert "A? yes" in run["said"]
        assert run["said"].endswith("well")

    def test_an_answer_that_comes_while_the_caller_is_being_parked(
        self, bench, graph, asking
    ):
        def answered(run):
            while not bench.waiting():
                time.sleep(0.01)
            bench.answer(run, "asking", "yes")

        @ab.block(id="test.hasty", outputs={"said": str, "tools": object})
        async def hasty(*, context: Context):
            try:
                outcome = await context.call_tool("asking", {"question": "A?"})
            except BaseException:
                await context.in_thread(answered, context.run_id)
                raise
            return {"said": outcome.outputs["result"][0]}

        node, tool = graph.add(hasty), graph.add(asking)
        node["tools"] >> tool["question"]
        graph.output("said", node["said"])
        run = graph.run_sync()
        assert run.status is RunStatus.COMPLETED, run.failures
        assert run["said"] == "A? yes"

    def test_another_kernel_takes_the_answer(self, tmp_path):
        def kernel():
            store, locks = f"sqlite:///{tmp_path}/bench.db", "local:"
            made = Workbench(Settings(home=tmp_path, store_url=store, redis_url=locks))
            use_workbench(made)

            @ab.block(id="test.asking", effects="reads")
            async def asking(question: str, *, context: Context) -> str:
                return str(await context.ask(question))

            @ab.block(id="test.calls", outputs={"said": str, "tools": object})
            async def calls(*, context: Context):
                outcome = await context.call_tool("asking", {"question": "A?"})
                return {"said": outcome.outputs["result"][0]}

            return made

        first = kernel()
        graph = Graph("asks", blocks=first.blocks)
        node, tool = graph.add("test.calls"), graph.add("test.asking")
        node["tools"] >> tool["question"]
        graph.output("said", node["said"])
        run = graph.run_sync()
        assert run.status is RunStatus.WAITING
        first.close()
        second = kernel()
        try:
            run = second.answer(run.id, tool.id, "yes").wait()
            assert run.status is RunStatus.COMPLETED, run.failures
            assert run["said"] == "yes"
        finally:
            second.close()


def test_a_failure_is_told_to_nobody_when_nobody_waits(bench, graph):
    @ab.block(id="test.picky")
    async def picky(number: int) -> int:
        raise ValueError("I do not like it")

    @ab.block(id="test.sender", outputs={"done": bool, "tools": object})
    async def sender(context: Context):
        await context.call_tool("picky", {"number": 1}, wait=False)
        return {"done": True}

    tool, node = graph.add(picky), graph.add(sender)
    node["tools"] >> tool["number"]
    run = graph.run_sync()
    assert run.status is RunStatus.FAILED
    assert run.failures[0].node == tool.id


def test_a_call_chooses_no_credential(bench, graph, caller):
    named = Annotated[str, CredentialName("api_key")]

    @ab.block(id="test.signed")
    async def signed(text: str, key: named = "mine") -> str:
        return f"{text} with {key}"

    tool = graph.add(signed)
    said = ("signed", {"text": "a"}), ("signed", {"text": "b", "key": "yours"})
    node = calling(graph, caller, *said)
    node["tools"] >> tool["text"]
    node["tools"] >> tool["key"]
    run = graph.run_sync()
    first, second = results(run, node)
    assert first == {"result": ["a with mine"]}
    assert "no 'key'" in second


def test_a_tool_that_lacks_another_value_is_an_error_and_no_wait_for_ever(
    bench, graph, caller
):
    @ab.block(id="test.silent")
    async def silent() -> int:
        return
        yield 1

    add = graph.add("test.add", right=graph.add(silent))
    node = calling(graph, caller, ("add", {"left": 1}))
    node["tools"] >> add["left"]
    run = graph.run_sync(options=RunOptions(max_seconds=20))
    assert run.status is RunStatus.COMPLETED
    assert "another input of it is linked" in results(run, node)[0]


def test_what_the_tool_gives_flows_on_as_well(graph, caller):
    add = graph.add("test.add", right=1)
    node = calling(graph, caller, ("add", {"left": 1}))
    node["tools"] >> add["left"]
    graph.output("sum", add)
    run = graph.run_sync()
    assert run.outputs["sum"] == [2]


def test_a_step_that_was_done_is_not_done_again(bench, graph):
    said = []

    @ab.block(id="test.steps")
    async def steps(context: Context) -> list:
        async def say():
            said.append(len(said) + 1)
            return {"said": said[-1], "long": "x" * 10_000}

        first = await context.once("a", say)
        if len(said) == 1:
            second = await context.once("b", say)
            raise RuntimeError(f"after {second['said']}")
        return [first["said"], (await context.once("b", say))["said"]]

    node = graph.add(steps).set(retries=1, retry_wait=0.01)
    graph.output("said", node)
    run = graph.run_sync()
    assert run.outputs["said"] == [[1, 2]]
    assert said == [1, 2]


def test_calls_are_not_made_again_when_the_caller_is_tried_again(bench, graph):
    tried = []

    @ab.block(id="test.twice", outputs={"results": list, "tools": object})
    async def twice(context: Context):
        gave = [
            (await context.call_tool("add", {"left": number})).outputs["result"][0]
            for number in range(2)
        ]
        tried.append(gave)
        if len(tried) == 1:
            raise RuntimeError("not yet")
        third = await context.call_tool("add", {"left": 2})
        return {"results": [*gave, third.outputs["result"][0]]}

    add = graph.add("test.add", right=1)
    node = graph.add(twice).set(retries=1, retry_wait=0.01)
    node["tools"] >> add["left"]
    run = graph.run_sync()
    assert results(run, node) == [1, 2, 3]
    assert len(run.nodes[add.id].firings) == 3
