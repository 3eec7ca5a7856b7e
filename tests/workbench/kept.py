"""Runs that are kept in every kind of store, and what stands in them."""

from collections.abc import Callable

import pytest

import agentbench as ab
from agentbench.stores import BACKENDS
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.stores.places import place

every_store = pytest.mark.parametrize("scheme", sorted(BACKENDS))

OpenBench = Callable[..., Workbench]


@pytest.fixture
def open_bench(request, tmp_path):
    """Opens a workbench, as a kernel does, on its own store or that of a URL; closed at last."""
    opened = []

    def open_one(url: str = "memory:") -> Workbench:
        home = tmp_path / f"home-{len(opened)}"
        bench = Workbench(Settings(home=home, store_url=url, redis_url="local:"))
        with_samples(bench.blocks)
        opened.append(bench)
        use_workbench(bench)
        return bench

    yield open_one
    for bench in opened:
        bench.close()


@pytest.fixture
def store_url(request, scheme):
    """Where nothing is kept yet, in a store of that kind."""
    return place(request, scheme)


@pytest.fixture
def bench(open_bench, store_url):
    return open_bench(store_url)


def build_doubler(bench: Workbench) -> None:
    """The agent `doubler`, which others call."""
    graph = ab.Graph("doubler", blocks=bench.blocks)
    number = graph.input("number", type="whole number")
    graph.output("twice", graph.add("test.add", left=number, right=number))
    bench.agents.hold(graph)


def mixed_graph(bench: Workbench, large: object) -> ab.Graph:
    """A stream with a failure, an agent that is called, and a value that is kept apart."""
    build_doubler(bench)
    graph = ab.Graph("mixed", blocks=bench.blocks)
    stream = graph.add("test.numbers", "stream", count=4)
    tried = graph.add("test.fail_on", "tried", number=stream)
    graph.output("good", tried)
    graph.output("twice", graph.add("agent.run", "calls", agent="doubler", number=21))
    graph.output("large", graph.add("values.constant", "held", value=large))
    return graph
