"""Running again only what changed, from a node on, some nodes alone, and from a fork."""

import pytest

import agentbench as ab
from agentbench.domain.errors import (
    PortValueError,
    UnknownNode,
    UnknownPort,
    UnknownRun,
)
from agentbench.domain.run import FiringStatus, RunStatus


@pytest.fixture
def calls(bench):
    """What the counting blocks were called with, in order."""
    heard = []

    @ab.block(id="test.double")
    async def double(number: int) -> int:
        heard.append(("double", number))
        return 2 * number

    @ab.block(id="test.look", effects="reads")
    async def look(number: int) -> int:
        heard.append(("look", number))
        return number + 1

    @ab.block(id="test.post", effects="sends")
    async def post(number: int) -> int:
        heard.append(("post", number))
        return number

    return heard


def statuses(run, node):
    return [firing.status for firing in run.nodes[node.id].firings.values()]


def test_what_would_come_out_the_same_is_not_done_again(graph, calls):
    base = graph.input("base", 3, type="whole number")
    node = graph.add("test.double", number=base)
    graph.output("n", node)
    graph.run_sync()
    again = graph.run_sync(reuse=True)
    assert again.outputs == {"n": [6]}
    assert calls == [("double", 3)]
    assert statuses(again, node) == [FiringStatus.REUSED]
    assert again.nodes[node.id].firings[1].reason == "nothing it depends on changed"


@pytest.mark.parametrize("change", ["input", "constant", "code", "block"])
def test_what_changed_is_done_again_and_says_why(bench, graph, calls, change):
    base = graph.input("base", 3, type="whole number")
    first = graph.add("test.double", number=base)
    second = graph.add("test.add", left=first, right=1)
    graph.output("n", second)
    graph.run_sync()
    inputs = {}
    if change == "input":
        inputs["base"] = 4
    elif change == "constant":
        second["right"] = 2
    elif change == "code":

        @ab.block(id="test.double")
        async def double(number: int) -> int:
            return number + number + 1

    else:
        graph.remove(first)
        first = graph.add("test.look", first.id, number=base)
        first["result"] >> second["left"]
    run = graph.run_sync(reuse=True, **inputs)
    changed = second if change == "constant" else first
    said = {
        "input": "its input 'number' changed",
        "constant": "its constant 'right' changed",
        "code": "its code changed",
        "block": "what it reads may have changed",
    }
    assert run.nodes[changed.id].firings[1].reason == said[change]
    assert statuses(run, changed) == [FiringStatus.COMPLETED]


def test_an_item_that_moved_in_a_stream_is_still_the_same(graph, calls):
    numbers = graph.add("test.numbers", count=3)
    node = graph.add("test.double", number=numbers)
    graph.output("n", node)
    graph.run_sync()
    calls.clear()
    numbers["start"] = 1
    run = graph.run_sync(reuse=True)
    assert run.outputs == {"n": [2, 4, 6]}
    assert calls == [("double", 3)]


def test_effects_are_respected(graph, calls):
    look = graph.add("test.look", number=1)
    post = graph.add("test.post", number=look)
    graph.run_sync()
    run = graph.run_sync(reuse=True)
    assert calls == [("look", 1), ("post", 2)] * 2
    assert run.nodes[look.id].firings[1].reason == "what it reads may have changed"
    assert run.nodes[post.id].firings[1].reason == "it changes the world"
    look.set(cache=True)
    post.set(cache=True)
    graph.run_sync(reuse=True)
    assert calls == [("look", 1), ("post", 2)] * 2 + [("post", 2)]


def test_a_node_may_refuse_to_be_reused(graph, calls):
    node = graph.add("test.double", number=1).set(cache=False)
    graph.run_sync()
    run = graph.run_sync(reuse=True)
    assert len(calls) == 2
    assert run.nodes[node.id].firings[1].reason == "its option `cache` is off"


def test_from_a_node_on_everything_runs_and_nothing_before_it(graph, calls):
    post = graph.add("test.post", number=1)
    double = graph.add("test.double", number=post)
    graph.output("n", graph.add("test.double", number=double))
    graph.run_sync()
    calls.clear()
    run = graph.run_sync(from_node=double.id)
    assert run.outputs == {"n": [4]}
    assert calls == [("double", 1), ("double", 2)]
    assert run.nodes[double.id].firings[1].reason == "it was asked for"


def test_only_some_nodes_run(graph, calls):
    first = graph.add("test.double", number=1)
    second = graph.add("test.double", number=first)
    third = graph.add("test.double", number=second)
    beside = graph.add("test.post", number=9)
    graph.output("n", third)
    graph.run_sync()
    calls.clear()
    run = graph.run_sync(only=second.id)
    assert calls == [("double", 2)]
    assert run.values(second.id) == [4]
    assert run.nodes[beside.id].firings[1].status is FiringStatus.SKIPPED
    assert run.outputs == {"n": []}
    calls.clear()
    assert graph.run_sync(reuse=True).outputs == {"n": [8]}
    assert calls == [("post", 9)]


def test_only_some_nodes_of_an_agent_that_never_ran(graph, calls):
    first = graph.add("test.double", number=1)
    second = graph.add("test.double", number=first)
    graph.add("test.double", number=second)
    run = graph.run_sync(only=[second.id])
    assert calls == [("double", 1), ("double", 2)]
    assert run.status is RunStatus.COMPLETED


def test_a_live_value_is_reused_while_this_kernel_holds_it(graph):
    live = graph.add("test.live")
    graph.output("same", graph.add("test.is_lock", thing=live))
    before = graph.run_sync()
    lock = before.values(live.id)[0]
    run = graph.run_sync(reuse=True)
    assert run.values(live.id)[0] is lock
    assert [f.status for f in run.firings] == [FiringStatus.REUSED] * 3
    before.peek = None
    run = graph.run_sync(reuse=before.id)
    assert run.outputs == {"same": [True]}
    said = "its value was a live object, which is gone"
    assert run.nodes[live.id].firings[1].reason == said


def test_frames_are_compared_by_what_is_in_them(bench, graph):
    pandas = pytest.importorskip("pandas")
    calls = []

    @ab.block(id="test.frame")
    async def frame(size: int, note: str) -> ab.Table:
        return pandas.DataFrame({"n": range(size)})

    @ab.block(id="test.total")
    async def total(table: ab.Table) -> int:
        calls.append(len(table))
        return int(table["n"].sum())

    made = graph.add(frame, size=3000, note="one")
    graph.output("total", graph.add(total, table=made))
    graph.run_sync()
    made["note"] = "two"
    run = graph.run_sync(reuse=True)
    assert statuses(run, made) == [FiringStatus.COMPLETED]
    assert calls == [3000]
    assert run.outputs == {"total": [sum(range(3000))]}


def test_a_failed_run_is_gone_on_with_where_it_failed(graph, calls):
    double = graph.add("test.double", number=1)
    bad = graph.add("test.fail_on", number=double, bad=2)
    graph.output("n", bad)
    assert graph.run_sync().status is RunStatus.FAILED
    bad["bad"] = 5
    assert graph.run_sync(reuse=True).outputs == {"n": [2]}
    assert calls == [("double", 1)]


def test_a_run_that_reuses_can_itself_be_reused(graph, calls):
    graph.output(
        "n", graph.add("test.double", number=graph.add("test.numbers", count=3))
    )
    for _ in range(3):
        assert graph.run_sync(reuse=True).outputs == {"n": [0, 2, 4]}
    assert len(calls) == 3


def test_a_fork_goes_on_with_another_value(graph, calls):
    first = graph.add("test.double", number=1)
    second = graph.add("test.double", number=first)
    beside = graph.add("test.post", number=5)
    graph.output("n", second)
    run = graph.run_sync()
    calls.clear()
    fork = run.fork(set={first.id: 10}).wait(timeout=60)
    assert fork.outputs == {"n": [20]}
    assert calls == [("double", 10)]
    assert fork.nodes[beside.id].firings[1].status is FiringStatus.REUSED
    assert run.outputs == {"n": [4]}
    twice = fork.fork(at=first.id, set={f"{first.id}.result": 7}).wait(timeout=60)
    assert twice.outputs == {"n": [14]}


def test_a_fork_keeps_the_runs_inputs_and_its_graph(graph, calls):
    base = graph.input("base", 1, type="whole number")
    node = graph.add("test.double", number=base)
    graph.output("n", node)
    run = graph.run_sync(base=8)
    graph.remove(node)
    assert run.fork(at=1).wait(timeout=60).outputs == {"n": [16]}


def test_what_cannot_be_asked_for_is_refused_with_what_there_is(graph, calls):
    node = graph.add("test.double", number=1)
    graph.output("n", node)
    run = graph.run_sync()
    with pytest.raises(UnknownNode, match="no node 'dooble'"):
        graph.run_sync(from_node="dooble")
    with pytest.raises(UnknownNode):
        graph.run_sync(only=["nothing"])
    with pytest.raises(UnknownRun):
        graph.run_sync(reuse="run-of-nobody")
    with pytest.raises(UnknownPort, match="Its outputs: result, error"):
        run.fork(set={f"{node.id}.resullt": 1})
    with pytest.raises(PortValueError, match="takes whole number, but got text 'x'"):
        run.fork(set={node.id: "x"})
    with pytest.raises(UnknownNode):
        run.fork(at="nowhere")
    for event in (-1, 999):
        with pytest.raises(LookupError, match=f"no event {event}: its last one is"):
            run.fork(at=event)


def test_an_input_may_have_a_name_that_a_run_takes(graph, calls):
    reuse = graph.input("reuse", 1, type="whole number")
    graph.output("n", graph.add("test.double", number=reuse))
    assert graph.run_sync({"reuse": 4}).outputs == {"n": [8]}
