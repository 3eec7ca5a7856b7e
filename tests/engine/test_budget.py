"""Budgets: a run that would pass one ends, and says which."""

import asyncio
import time

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.run import RunOptions, RunStatus


def test_a_loop_without_end_is_ended_by_its_budget_of_firings(bench, graph):
    @ab.block(id="test.round")
    async def round_(number: int) -> int:
        return number + 1

    node = graph.add(round_)
    start = graph.add("test.add", left=0)
    start["result"] >> node["number"]
    node["result"] >> node["number"]
    run = graph.run_sync(options=RunOptions(max_firings=50))
    assert run.status is RunStatus.STOPPED
    assert "budget of 50 firings" in run.reason
    assert len(run.firings) == 50


def test_a_run_that_just_keeps_to_its_budget_completes(graph):
    graph.output("n", graph.add("test.add", left=1))
    run = graph.run_sync(options=RunOptions(max_firings=2, max_seconds=60))
    assert run.status is RunStatus.COMPLETED


def test_time_is_a_budget(graph):
    graph.add("test.forever")
    began = time.monotonic()
    run = graph.run_sync(options=RunOptions(max_seconds=0.3))
    assert time.monotonic() - began < 30
    assert run.status is RunStatus.STOPPED
    assert "budget of 0.3 seconds" in run.reason


@pytest.mark.parametrize(
    ("budget", "said"),
    [({"max_tokens": 250}, "250 tokens (used 300)"), ({"max_cost": 0.025}, "$0.025")],
)
def test_what_blocks_use_up_counts(bench, graph, budget, said):
    @ab.block(id="test.model")
    async def model(number: int, context: Context) -> int:
        context.use(tokens=100, cost=0.01)
        await asyncio.sleep(0)
        return number

    node = graph.add(model, number=graph.add("test.numbers", count=20))
    node.set(concurrency=1)
    run = graph.run_sync(options=RunOptions(**budget))
    assert run.status is RunStatus.STOPPED
    assert said in run.reason
    firings = run.nodes[node.id].firings.values()
    assert sum(firing.tokens for firing in firings) == 300


@pytest.mark.parametrize("name", ["max_seconds", "max_firings", "max_tokens"])
def test_a_budget_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} takes a number above 0"):
        RunOptions(**{name: 0})
