"""A rate that blocks share, in this kernel and in others, in processes of their own too."""

import time

import pytest

from agentbench.domain.context import Context
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.rate import Rate
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

LIMIT, SECONDS = 4, 1.0


async def call(number: int, context: Context) -> float:
    """Gives the time at which the rate let it through."""
    await context.take("model", Rate(LIMIT, SECONDS))
    return time.time()


async def hurry(context: Context) -> float:
    return await context.take("slow", Rate(1, 60.0), timeout=0.5)


@pytest.fixture(params=["", "sqlite", "local:"], ids=["valkey", "file", "local"])
def pair(request, tmp_path):
    locks = f"sqlite:///{tmp_path}/l.db" if request.param == "sqlite" else request.param
    made = [
        Workbench(Settings(home=tmp_path, store_url="memory:", redis_url=locks))
        for _ in range(1 if locks == "local:" else 2)
    ]
    for bench in made:
        for name, isolation in (("call", "thread"), ("far", "process")):
            block = FunctionBlock(call, id=f"test.{name}", isolation=isolation)
            bench.blocks.register(block)
        bench.blocks.register(FunctionBlock(hurry, id="test.hurry"))
    yield made
    for bench in made:
        bench.close()


def test_blocks_of_all_kernels_keep_to_one_rate(pair):
    runs = []
    for bench in pair:
        use_workbench(bench)
        graph = Graph("calling", blocks=bench.blocks)
        items = graph.add("logic.step", items=[*range(4)])
        graph.output("near", graph.add("test.call", number=items["item"]))
        graph.output("far", graph.add("test.far", number=1))
        runs.append(bench.start(graph, {}))
    moments = []
    for run in runs:
        assert run.wait(timeout=60).status is RunStatus.COMPLETED, run.failures
        moments += [*run.outputs["near"], *run.outputs["far"]]
    moments.sort()
    assert len(moments) == 5 * len(pair)
    for first, later in zip(moments, moments[LIMIT:], strict=False):
        assert later - first >= SECONDS


def test_who_would_wait_too_long_is_told_for_how_long(pair):
    bench = pair[0]
    graph = Graph("hurried", blocks=bench.blocks)
    graph.add("test.hurry")
    assert bench.start(graph, {}).wait(timeout=60).status is RunStatus.COMPLETED
    failed = bench.start(graph, {}).wait(timeout=60).failures
    assert [failure.error for failure in failed] == ["RateExceeded"]
