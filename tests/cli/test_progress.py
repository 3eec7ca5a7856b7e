"""Progress in a terminal."""

import time

import pytest

from agentbench.cli.progress import _how_far
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples


@pytest.fixture
def bench(tmp_path):
    made = Workbench(Settings(home=tmp_path, store_url="memory:", redis_url="local:"))
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


def test_looking_how_far_a_long_run_is_takes_no_time_from_it(bench):
    def count() -> int:
        yield from range(4000)

    block = FunctionBlock(count, id="test.count")
    bench.blocks.register(block)
    graph = Graph("long", blocks=bench.blocks)
    graph.output("n", graph.add("test.add", left=graph.add(block), right=1))
    run = graph.start().wait(timeout=60)
    assert len(run.outputs["n"]) == 4000

    began = time.perf_counter()
    for _ in range(5):
        assert _how_far(run) == (3, [])
    looking = (time.perf_counter() - began) / 5
    began = time.perf_counter()
    assert len(run.nodes) == run.node_count == 3
    assert looking < (time.perf_counter() - began) / 10  # that copies 8001 firings
