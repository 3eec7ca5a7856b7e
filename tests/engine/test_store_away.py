"""A run whose database goes away stands still, and goes on once it is back."""

import signal

import pytest

from agentbench.domain.errors import RunCutOff, StoreUnreachable
from agentbench.domain.event import ValueEmitted
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions, RunStatus
from tests.engine.story import check_log
from tests.engine.test_full_disk import (
    FIRINGS,
    closed_gate,
    executed,
    growing,
    has_gone_on,
    kernel,
    until,
)
from tests.stores.postgresql import PostgresServer, running_server

AWAY = "cannot be reached just now"


@pytest.fixture(scope="module")
def server():
    with running_server() as server:
        yield server


@pytest.fixture
def bench(server: PostgresServer, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "agentbench.stores.postgresql.transactor.RECONNECT_SECONDS", 0.5
    )
    executed.clear()
    bench = kernel(tmp_path, server.url())
    yield bench
    bench.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGQUIT])
def test_a_run_outlives_its_database(server, bench, sign):
    with closed_gate():
        run = bench.start(growing(bench, count=600), {}, RunOptions(concurrency=4))
        until(lambda: executed)
        server.stop(sign)
    try:
        until(lambda: run.held)
        assert AWAY in run.held
        assert 0 < executed.total() < 600
    finally:
        server.start()
    assert has_gone_on(bench, run, count=600)


@pytest.mark.parametrize("is_late", [False, True], ids=["", "a loop that is late"])
def test_one_that_is_stopped_meanwhile_says_so_and_is_taken_up_later(
    server, bench, monkeypatch, is_late
):
    if is_late:  # so that the stop is carried out from aside
        monkeypatch.setattr(bench.loop, "answers", lambda within: False)
    with closed_gate():
        run = bench.start(growing(bench), {}, RunOptions(concurrency=1))
        until(lambda: executed)
        server.stop()
    try:
        until(lambda: run.held)
        run.stop()
        with pytest.raises(RunCutOff, match=f"not be written down.*{AWAY}"):
            run.wait(timeout=60)
        until(lambda: not bench.carrier.is_owned(run.id))
    finally:
        server.start()
    again = bench.resume(run.id).wait(timeout=60)
    assert again.status is RunStatus.COMPLETED
    assert len(again.outputs["n"]) == FIRINGS
    check_log(bench.store.events(run.id))


def test_a_value_that_nobody_can_read_just_now_is_not_said_to_be_gone(server, bench):
    size = 300_000  # more than fits into an event
    graph = Graph("large", blocks=bench.blocks)
    graph.output("text", graph.add("test.grow", number=1, size=size))
    made = bench.start(graph, {}).wait(timeout=60)
    bench.carrier.let_go_of(made.id)
    run = bench.run(made.id)  # as any other kernel sees it: nothing is at hand
    seq = next(it.seq for it in run.events if isinstance(it, ValueEmitted))
    assert run.outputs, "its log is read"
    server.stop()
    try:
        with pytest.raises(StoreUnreachable, match=AWAY):
            run.value(seq)
    finally:
        server.start()
    assert run.value(seq) == "1 " + "x" * size
