"""Failures, stops, timeouts: what goes wrong is told, and ends when it must."""

import asyncio
import json
import time

import pytest

from agentbench.domain.errors import GraphInvalid, InputError, RunFailed
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import FiringStatus, RunStatus


def test_a_failure_fails_the_run_and_names_the_node(graph):
    bad = graph.add("test.fail_on", number=2)
    run = graph.run_sync()
    assert run.status is RunStatus.FAILED
    assert [str(f) for f in run.failures] == [f"{bad.id}: ValueError: 2 is bad"]
    assert "raise ValueError" in run.nodes[bad.id].firings[1].traceback
    with pytest.raises(RunFailed, match="2 is bad"):
        run.raise_on_failure()


def test_independent_branches_go_on_after_a_failure(graph):
    graph.add("test.fail_on", number=2)
    graph.output("sum", graph.add("test.add", left=1, right=1))
    run = graph.run_sync()
    assert run.status is RunStatus.FAILED
    assert run.outputs == {"sum": [2]}


def test_a_linked_error_port_handles_the_failure(graph):
    bad = graph.add("test.fail_on", number=graph.add("test.numbers", count=4))
    graph.output("good", bad)
    graph.output("trouble", bad["error"])
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED
    assert run.failures == []
    assert run.outputs == {"good": [0, 1, 3], "trouble": ["2 is bad"]}


def test_a_timeout_ends_a_firing_and_says_which(graph):
    node = graph.add("test.forever").set(timeout=0.1)
    run = graph.run_sync()
    assert [f.error for f in run.failures] == ["BlockTimeout"]
    assert (
        f"Node '{node.id}' took longer than its timeout of 0.1 s"
        in run.failures[0].message
    )


@pytest.mark.parametrize("block", ["test.forever", "test.stubborn", "test.asleep"])
def test_a_stop_is_final_soon(graph, block):
    node = graph.add(block)
    run = graph.start()
    while not run.nodes[node.id].firings:
        time.sleep(0.01)
    asked = time.monotonic()
    run.stop()
    run.wait(timeout=60)
    assert (
        time.monotonic() - asked < 15.0
    )  # two are promised, a busy machine takes more
    assert run.status is RunStatus.STOPPED
    assert run.nodes[node.id].firings[1].status is FiringStatus.STOPPED


async def test_cancelling_the_await_stops_the_run(graph):
    graph.add("test.forever")
    seen = []
    current = graph.start
    graph.start = lambda *a, **k: seen.append(current(*a, **k)) or seen[-1]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(graph.run(), timeout=0.3)
    seen[0].wait(timeout=60)
    assert seen[0].status is RunStatus.STOPPED


async def test_await_run_works_in_the_callers_loop(graph):
    graph.output("sum", graph.add("test.add", left=2, right=3))
    assert (await graph.run()).outputs == {"sum": [5]}


def test_run_sync_works_inside_a_running_loop(graph):
    graph.output("sum", graph.add("test.add", left=2, right=3))

    async def inside():
        return graph.run_sync().outputs

    assert asyncio.run(inside()) == {"sum": [5]}


def test_a_wrong_type_on_a_port_fails_the_firing_with_the_port(graph):
    graph.add("test.add", left=graph.add("values.constant", value="three"))
    failure = graph.run_sync().failures[0]
    assert failure.error == "PortValueError"
    assert (
        "The input 'left' takes whole number, but got text 'three'" in failure.message
    )


def test_a_missing_value_is_refused_before_the_run(graph):
    node = graph.add("test.add")
    with pytest.raises(
        GraphInvalid, match=f"{node.id}.left: needs a link or a constant"
    ):
        graph.run_sync()


def test_run_inputs_are_checked_before_the_run(graph):
    graph.input("count", type="whole number")
    with pytest.raises(InputError, match="'count' is missing"):
        graph.run_sync()
    with pytest.raises(
        InputError, match="'count' takes whole number, but got text 'x'"
    ):
        graph.run_sync(count="x")
    with pytest.raises(InputError, match="Did you mean 'count'"):
        graph.run_sync(cuont=1)


def test_logs_and_progress_of_a_block_are_heard(bench, graph):
    heard = []
    bench.feed.listen(lambda run, events: heard.extend(events))
    node = graph.add("test.talk", text="well")
    run = graph.run_sync()
    assert run.nodes[node.id].firings[1].log == ["well"]
    assert any(type(event).__name__ == "Progressed" for event in heard)


def test_a_traceback_begins_with_the_block(graph):
    bad = graph.add("test.fail_on", number=2)
    trace = graph.run_sync().nodes[bad.id].firings[1].traceback
    assert "in fail_on" in trace
    assert "executor.py" not in trace


def test_a_traceback_of_a_function_begins_with_it_too(bench, graph):
    def broken() -> int:
        raise ValueError("here")

    block = FunctionBlock(broken, id="test.broken")
    bench.blocks.register(block)
    bad = graph.add(block)
    trace = graph.run_sync().nodes[bad.id].firings[1].traceback
    assert trace.splitlines()[1].endswith(", in broken")


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("concurrency", 0, "takes a whole number above 0, not 0"),
        ("timeout", "soon", "takes a number above 0, not 'soon'"),
        ("timeout", float("nan"), "takes a number above 0, not nan"),
        ("ordered", 1, "takes true or false, not 1"),
    ],
)
def test_an_option_that_a_file_has_wrong_is_refused_before_the_run(
    bench, graph, option, value, reason
):
    graph.add("test.numbers", "numbers", count=3)
    document = json.loads(graph.to_json())
    document["nodes"]["numbers"]["options"] = {option: value}
    read = Graph.from_json(json.dumps(document), blocks=bench.blocks)
    with pytest.raises(GraphInvalid, match=f"numbers: .*{reason}"):
        read.start()


def test_an_option_that_is_unknown_is_pointed_out_and_does_no_harm(bench, graph):
    graph.output("n", graph.add("test.numbers", "numbers", count=1))
    document = json.loads(graph.to_json())
    document["nodes"]["numbers"]["options"] = {"timeot": 3}
    read = Graph.from_json(json.dumps(document), blocks=bench.blocks)
    assert [str(p) for p in bench.check(read)] == [
        "numbers: the option 'timeot' is unknown. Did you mean 'timeout'?"
    ]
    assert read.run_sync().outputs == {"n": [0]}
