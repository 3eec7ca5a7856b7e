"""What can be set on a node: retries, skipping, sample values, keys, what failures do."""

import asyncio
import time

import pytest

import agentbench as ab
from agentbench.domain.errors import EditRefused, GraphInvalid
from agentbench.domain.run import FiringStatus, RunStatus


@pytest.fixture
def flaky(bench):
    """A block that fails as often as it is told to, and counts its calls."""
    calls = []

    @ab.block(id="test.flaky")
    async def flaky(number: int, failures: int = 0, retry_after: float = -1) -> int:
        calls.append(number)
        if len(calls) <= failures:
            error = ConnectionError(f"attempt {len(calls)}")
            if retry_after >= 0:
                error.retry_after = retry_after
            raise error
        return number

    return calls


def test_a_failed_firing_is_tried_again(graph, flaky):
    node = graph.add("test.flaky", number=7, failures=2).set(retries=3, retry_wait=0.01)
    graph.output("n", node)
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert run.outputs == {"n": [7]}
    firing = run.nodes[node.id].firings[1]
    assert firing.attempt == 3
    assert firing.tries == ["ConnectionError: attempt 1", "ConnectionError: attempt 2"]


def test_after_the_last_retry_the_firing_fails(graph, flaky):
    node = graph.add("test.flaky", number=7, failures=9).set(retries=2, retry_wait=0.01)
    run = graph.run_sync()
    assert [str(f) for f in run.failures] == [f"{node.id}: ConnectionError: attempt 3"]
    assert len(flaky) == 3


def test_a_server_that_says_when_is_believed(graph, flaky):
    node = graph.add("test.flaky", number=7, failures=1, retry_after=0.0)
    node.set(retries=1, retry_wait=60)
    graph.output("n", node)
    assert graph.run_sync().outputs == {"n": [7]}


def test_a_timeout_counts_for_each_attempt(bench, graph):
    calls = []

    @ab.block(id="test.slow_once")
    async def slow_once() -> int:
        calls.append(1)
        await asyncio.sleep(60 if len(calls) == 1 else 0)
        return len(calls)

    node = graph.add(slow_once).set(timeout=1.0, retries=1, retry_wait=0.01)
    graph.output("n", node)
    assert graph.run_sync().outputs == {"n": [2]}


def test_a_stream_that_is_tried_again_gives_no_value_twice(bench, graph):
    calls = []

    @ab.block(id="test.breaking")
    async def breaking(count: int):
        calls.append(1)
        for number in range(count):
            if number == 2 and len(calls) == 1:
                raise ConnectionError("broke off")
            yield number

    node = graph.add(breaking, count=4).set(retries=1, retry_wait=0.01)
    graph.output("n", node)
    assert graph.run_sync().outputs == {"n": [0, 1, 2, 3]}


def test_a_stop_ends_the_wait_for_a_retry(graph, flaky):
    node = graph.add("test.flaky", number=7, failures=9).set(retries=5, retry_wait=60)
    run = graph.start()
    while not run.nodes[node.id].firings or not run.nodes[node.id].firings[1].tries:
        time.sleep(0.01)
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED


def test_an_ignored_failure_fails_nothing(graph):
    bad = graph.add("test.fail_on", number=graph.add("test.numbers", count=4))
    graph.output("n", bad.set(on_error="ignore"))
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert run.outputs == {"n": [0, 1, 3]}
    assert run.nodes[bad.id].firings[3].status is FiringStatus.FAILED


def test_a_failure_may_end_the_run_at_once(graph):
    graph.add("test.forever")
    bad = graph.add("test.fail_on", number=2).set(on_error="stop")
    run = graph.run_sync()
    assert run.status is RunStatus.FAILED
    assert run.reason == f"The node {bad.id!r} failed, and is set to stop the run."


def test_a_disabled_node_gives_nothing(graph):
    node = graph.add("test.add", left=1).set(disabled=True)
    graph.output("n", node)
    run = graph.run_sync()
    assert run.outputs == {"n": []}
    assert run.status is RunStatus.COMPLETED
    firing = run.nodes[node.id].firings[1]
    assert (firing.status, firing.reason) == (FiringStatus.SKIPPED, "it is disabled")


def test_through_a_bypassed_node_goes_what_comes_in(graph):
    node = graph.add("test.add", left=graph.add("test.numbers", count=3), right=10)
    graph.output("n", node.set(bypassed=True))
    run = graph.run_sync()
    assert run.outputs == {"n": [0, 1, 2]}
    assert run.nodes[node.id].firings[1].status is FiringStatus.SKIPPED


def test_pinned_values_stand_in_for_the_block(graph, flaky):
    node = graph.add("test.flaky", number=7).set(pinned={"result": 99})
    graph.output("n", node)
    run = graph.run_sync()
    assert run.outputs == {"n": [99]}
    assert flaky == []
    assert run.nodes[node.id].firings[1].status is FiringStatus.REUSED


def test_a_value_pinned_to_no_output_is_told_before_the_run(graph):
    graph.add("test.add", left=1, right=1).set(pinned={"resullt": 1})
    with pytest.raises(GraphInvalid, match="'resullt', which is no output of it"):
        graph.run_sync()


def test_a_pinned_value_that_the_output_cannot_give_fails(graph):
    graph.add("test.add", left=1).set(pinned={"result": "many"})
    failure = graph.run_sync().failures[0]
    assert "'result' takes whole number, but got text 'many'" in failure.message


def test_firings_with_one_key_run_one_at_a_time_over_runs_and_benches(bench, graph):
    inside, most = [], []

    @ab.block(id="test.guarded")
    async def guarded(number: int) -> int:
        inside.append(number)
        most.append(len(inside))
        await asyncio.sleep(0.02)
        inside.remove(number)
        return number

    streamed = graph.add("test.numbers", count=4)
    node = graph.add(guarded, number=streamed).set(exclusive="crm")
    graph.output("n", node)
    runs = [graph.start() for _ in range(2)]
    for run in runs:
        assert run.wait(timeout=60).outputs == {"n": [0, 1, 2, 3]}
    assert len(most) == 8
    assert max(most) == 1


@pytest.mark.parametrize(
    ("option", "wrong"),
    [
        ("retries", -1),
        ("retries", True),
        ("retry_wait", 0),
        ("timeout", float("inf")),
        ("on_error", "explode"),
        ("disabled", 1),
        ("exclusive", ""),
        ("pinned", {}),
        ("pinned", 3),
    ],
)
def test_an_option_says_what_it_takes(graph, option, wrong):
    node = graph.add("test.add", left=1)
    with pytest.raises(EditRefused, match=f"option {option!r} takes .*, not"):
        node.set(**{option: wrong})


def test_options_survive_the_document_and_the_script(bench, graph):
    node = graph.add("test.add", left=1)
    node.set(retries=2, on_error="ignore", pinned={"result": 5}, bypassed=True)
    again = ab.Graph.from_json(graph.to_json(), blocks=bench.blocks)
    assert again.node(node.id).options == graph.node(node.id).options
    names = {}
    exec(graph.to_python(), names)
    assert names["graph"].node(node.id).options == graph.node(node.id).options
