"""A run begins while it is still being kept: what is pure at once, all else after that."""

import threading
import time

import pytest

import agentbench as ab
from agentbench.domain.errors import BackendError
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.embedded.valkey import ValkeyServer
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.locks.proxy import Proxy

SILENT = 1.0
"""Seconds in which what waits for the lock server would have begun, did it not wait."""


@pytest.fixture
def server(tmp_path):
    with (
        ValkeyServer(tmp_path / "run") as server,
        Proxy(server.start(), path=tmp_path / "proxy.sock") as proxy,
    ):
        yield proxy


@pytest.fixture
def bench(tmp_path, server):
    made = Workbench(
        Settings(
            home=tmp_path,
            store_url=f"sqlite:///{tmp_path}/bench.db",
            redis_url=server.url,
        )
    )
    with_samples(made.blocks)
    use_workbench(made)
    Graph("warm", blocks=made.blocks).run_sync()  # the server is known from now on
    yield made
    made.close()


@pytest.fixture
def begun():
    """What has begun of blocks of each kind."""
    return {kind: threading.Event() for kind in ("pure", "reads", "writes", "sends")}


@pytest.fixture
def graph(bench, begun):
    """Four nodes that wait for nothing, one of each kind."""
    graph = Graph("begins", blocks=bench.blocks)
    for kind, event in begun.items():

        def begin(event=event) -> int:
            event.set()
            return 1

        made = ab.block(id=f"test.{kind}", effects=kind)(begin)
        graph.output(kind, graph.add(made))
    return graph


def test_only_what_is_pure_begins_before_the_lease_is_there(
    bench, server, graph, begun
):
    server.freeze()
    run = graph.start()
    assert begun.pop("pure").wait(20)
    time.sleep(SILENT)
    assert not any(event.is_set() for event in begun.values())
    assert bench.store.run(run.id).last_seq == 1, "nothing is written without a lease"
    server.thaw()
    assert run.wait(60).status is RunStatus.COMPLETED
    assert set(run.outputs) == {"pure", *begun}


def test_firings_begin_in_the_order_in_which_they_always_do(bench, server, begun):
    graph = Graph("order", blocks=bench.blocks)
    for node, kind in (("a", "reads"), ("b", "pure")):

        def begin(event=begun[kind]) -> int:
            event.set()
            return 1

        graph.add(ab.block(id=f"test.first_{kind}", effects=kind)(begin), node)
    server.freeze()
    run = graph.start()
    time.sleep(SILENT)
    assert not any(event.is_set() for event in begun.values())
    server.thaw()
    assert run.wait(60).status is RunStatus.COMPLETED


def test_a_run_that_gets_no_lease_did_nothing_that_counts(bench, server, graph, begun):
    server.freeze()
    run = graph.start()
    with pytest.raises(BackendError, match="cannot be reached"):
        run.wait(60)
    del begun["pure"]
    assert not any(event.is_set() for event in begun.values())
    assert bench.store.run(run.id).last_seq == 1
    server.thaw()
    assert graph.run_sync().status is RunStatus.COMPLETED


def test_a_stop_is_heard_before_the_lease_is_there(bench, server, graph, begun):
    server.freeze()
    run = graph.start()
    assert begun.pop("pure").wait(20)
    run.stop()
    server.thaw()
    assert run.wait(60).status is RunStatus.STOPPED
    assert not any(event.is_set() for event in begun.values())


def test_a_run_below_waits_until_the_one_above_is_kept(bench, server):
    inner = Graph("inner", blocks=bench.blocks)
    inner.output("n", inner.add("test.numbers", count=1))
    bench.save(inner)

    @ab.block(id="test.calls")
    async def calls(context: ab.Context) -> int:
        asked.set()
        return len((await context.run_agent("inner", {}))["n"])

    asked = threading.Event()
    outer = Graph("outer", blocks=bench.blocks)
    outer.output("n", outer.add(calls))
    server.freeze()
    run = outer.start()
    assert asked.wait(20)
    time.sleep(SILENT)
    assert [record.id for record in bench.store.runs(under=run.id)] == []
    server.thaw()
    assert run.wait(60).outputs["n"] == [1]
    assert len(run.children) == 1
