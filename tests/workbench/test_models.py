"""Models in real runs: what is seen while they speak, what is counted, how they are stopped."""

import asyncio
import threading
import time

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import BackendError
from agentbench.domain.event import Progressed
from agentbench.domain.graph import Graph
from agentbench.domain.model import (
    ChatAnswer,
    Delta,
    Text,
    Usage,
)
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench


@pytest.fixture
def bench(tmp_path):
    made = Workbench(
        Settings(home=tmp_path, store_url="memory:", redis_url="local:", model="play:m")
    )
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def graph(bench):
    return Graph("talk", blocks=bench.blocks)


class Slow:
    """Says a word every so often, for ever or until it has said `count`."""

    def __init__(self, pause, count=10**9):
        self.pause, self.count, self.left = pause, count, False
        self.speaks = threading.Event()

    async def stream(self, request):
        said = ""
        try:
            for number in range(self.count):
                self.speaks.set()
                word = f"word{number} "
                said += word
                yield Delta(word)
                await asyncio.sleep(self.pause)
        finally:
            self.left = True
        usage = Usage(input=10, output=self.count, cost=0.5)
        yield ChatAnswer(model=request.model, parts=(Text(said),), usage=usage)


def test_words_are_seen_while_they_come_and_stored_nowhere(bench, graph):
    bench.models.add("play", Slow(0.06, count=6))
    node = graph.add("ai.generate", prompt="Talk")
    seen = []
    stop = bench.feed.listen(lambda _, events: seen.extend(events))
    run = bench.start(graph, {})
    run.wait()
    stop()
    told = [it.text for it in seen if isinstance(it, Progressed) and it.node == node.id]
    assert told[0].startswith("word0")
    assert len(told) > 1
    assert len(told[-1]) > len(told[0])
    kinds = {type(event).__name__ for event in bench.store.events(run.id)}
    assert "Progressed" not in kinds


def test_tokens_cost_and_time_are_counted_by_firing_run_and_model(bench, graph):
    bench.models.add("play", Slow(0.01, count=5))
    first = graph.add("ai.generate", prompt="a")
    graph.add("ai.generate", prompt="b", model="play:other")
    run = graph.run_sync()
    firing = run.nodes[first.id].firings[1]
    assert (firing.tokens, firing.cost) == (15, 0.5)
    spent = ab.usage(run)
    assert set(spent) == {"play:m", "play:other"}
    assert (spent["play:m"].tokens, spent["play:m"].cost) == (15, 0.5)
    assert spent["play:m"].seconds >= 0.05


def test_a_run_is_stopped_while_a_model_speaks_and_the_call_ends(bench, graph):
    model = Slow(0.01)
    bench.models.add("play", model)
    graph.add("ai.generate", prompt="Talk for ever")
    run = bench.start(graph, {})
    assert model.speaks.wait(timeout=60)
    run.stop()
    began = time.monotonic()
    assert run.wait().status is RunStatus.STOPPED
    assert time.monotonic() - began < 5
    assert model.left


def test_a_budget_of_tokens_stops_a_run_with_the_reason(bench, graph):
    bench.models.add("play", Slow(0, count=100))
    chain = graph.add("ai.generate", prompt="a")
    after = graph.add("ai.generate", prompt=chain["text"])
    graph.add("ai.generate", prompt=after["text"])
    run = graph.run_sync(options=RunOptions(max_tokens=150))
    assert run.status is RunStatus.STOPPED
    assert "budget of 150 tokens" in run.reason


def test_a_block_of_ones_own_asks_models_here_and_in_a_worker(bench, graph):
    bench.models.add("play", Slow(0, count=2))

    @ab.block(id="test.think", isolation="process")
    async def think(word: str, context: Context) -> str:
        from agentbench.domain.model import ChatRequest, answer, says

        request = ChatRequest(model="", messages=(says("user", word),))
        said = await answer(context.models, request)

        async def count() -> int:
            return len(said.text.split())

        return f"{said.text.strip()} {await context.once('count', count)}"

    node = graph.add(think, word="a")
    graph.output("said", node)
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run["said"] == "word0 word1 2"
    assert run.nodes[node.id].firings[1].tokens == 12


def test_a_person_may_be_a_tool(bench, graph):
    @ab.block(id="test.boss", outputs={"said": str, "tools": object})
    async def boss(context: Context):
        outcome = await context.call_tool("ask", {"question": "Which?"})
        return {"said": outcome.outputs["result"][0]}

    node = graph.add(boss)
    person = graph.add("human.ask")
    node["tools"] >> person["question"]
    graph.output("said", node["said"])
    run = bench.start(graph, {}).wait()
    assert run.status is RunStatus.WAITING
    run = bench.answer(run.id, person.id, "that one").wait()
    assert run.outputs["said"] == ["that one"]


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("AGENTBENCH_MODEL_SERVERS", "lab"),
        ("AGENTBENCH_MODEL_SERVERS", "LAB=http://x"),
        ("AGENTBENCH_MODEL_RATES", "openai=fast"),
        ("AGENTBENCH_MODEL_RATES", "openai=0/60"),
        ("AGENTBENCH_MODEL_RATES", "openai=5words/60"),
    ],
)
def test_settings_that_are_none_are_refused_with_an_example(variable, given):
    with pytest.raises(BackendError, match=f"{variable} takes .* such as .*{given}"):
        Settings.from_environment({variable: given})


def test_settings_are_read():
    read = Settings.from_environment(
        {
            "AGENTBENCH_MODEL": "lab:m",
            "AGENTBENCH_MODEL_SERVERS": "lab=http://127.0.0.1:1/v1, b=https://b.example/v1",
            "AGENTBENCH_MODEL_RATES": "openai=500/60s openai=9000tokens/60",
        }
    )
    assert read.model == "lab:m"
    assert read.model_servers["b"] == "https://b.example/v1"
    assert read.model_rates == {"openai": (500, 60.0)}
    assert read.token_rates == {"openai": (9000, 60.0)}
