"""Ten thousand nodes: nothing recurses, and no step takes longer than it grows."""

import json
import time

import msgspec
import pytest

from agentbench.domain.event import FiringCompleted
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.workbench.plugins import Plugins
from tests.examples import IS_SOAK
from tests.kernels import with_samples

NODES = 10_000
BOUND = 3.0
"""Seconds of this thread's own time for any one step: a loaded machine adds none."""


@pytest.fixture
def lease():
    """As it is by default: a busy machine may hold a large run up for seconds."""
    return 15.0


def links_of(shape):
    """Pairs of numbers: from which node to which; each is linked twice."""
    match shape:
        case "chain":
            return [(at - 1, at) for at in range(1, NODES)]
        case "star":
            return [(0, at) for at in range(1, NODES)]
        case "layered":
            return [(at - 100, at) for at in range(100, NODES)]
        case "cycle":
            return [(at - 1, at) for at in range(NODES)]


def document(shape):
    """The document of a graph of that shape, with an output at its end."""
    names = [f"n{at:05}" for at in range(NODES)]
    nodes = {name: {"block": "test.add", "constants": {"left": 1}} for name in names}
    nodes["end"] = {"block": "agent.output", "constants": {"name": "end"}}
    links = [
        {"from": f"{names[source]}.result", "to": f"{names[target]}.{port}"}
        for source, target in links_of(shape)
        for port in ("left", "right")
    ]
    links.append({"from": f"{names[-1]}.result", "to": "end.value"})
    raw = {"format": "agentbench/1", "name": shape, "nodes": nodes, "links": links}
    return json.dumps(raw)


@pytest.mark.parametrize("shape", ["chain", "star", "layered", "cycle"])
def test_t26_ten_thousand_nodes_are_read_checked_written_and_said(shape):
    blocks = with_samples(Plugins().blocks())
    text = document(shape)
    graph = within_bound(lambda: Graph.from_json(text, blocks=blocks))
    assert not graph.damage
    graph.apply()  # an edit of nothing: written anew, not handed back
    written = within_bound(graph.to_json)
    assert json.loads(written)["nodes"] == json.loads(text)["nodes"]
    assert within_bound(graph.snapshot).to_json() == written
    script = within_bound(graph.to_python)
    assert script.count("graph.add(") == NODES + 1
    within_bound(lambda: graph.remove("n00001"))
    assert len(graph.nodes) == NODES


def within_bound(step):
    """What a step gives, once it has been seen to be quick enough."""
    began = time.thread_time()
    given = step()
    assert time.thread_time() - began < BOUND
    return given


@pytest.mark.parametrize("shape", ["chain", "star", "layered", "cycle"])
def test_t26_ten_thousand_nodes_are_validated(bench, shape):
    graph = Graph.from_json(document(shape), blocks=bench.blocks)
    assert within_bound(lambda: bench.check(graph)) == []


def test_t26_a_cycle_that_nothing_starts_ends_at_once(bench):
    graph = Graph.from_json(document("cycle"), blocks=bench.blocks)
    run = bench.start(graph, {}).wait(timeout=60)
    assert (run.status, run.firings) == (RunStatus.COMPLETED, [])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("shape", ["star", "layered"] if IS_SOAK else ["layered"])
def test_t26_ten_thousand_nodes_run_and_go_on_near_the_end(bench, shape):
    graph = Graph.from_json(document(shape), blocks=bench.blocks)
    run = bench.start(graph, {}).wait(timeout=150)
    assert run.status is RunStatus.COMPLETED
    events = bench.store.events(run.id)
    record = bench.store.run(run.id)
    kept = RunRecord(
        id=f"{run.id}-cut", agent=record.agent, graph=record.graph,
        status=RunStatus.RUNNING, started=record.started, fence=record.fence,
    )  # fmt: skip
    most = events[:-600]
    most[0] = msgspec.structs.replace(most[0], run=kept.id)
    bench.store.create_run(kept).result()
    bench.store.append(kept.id, most, fence=kept.fence).result()
    again = bench.resume(kept.id).wait(timeout=150)
    assert dict(again.outputs) == dict(run.outputs)
    done = [e for e in bench.store.events(kept.id) if isinstance(e, FiringCompleted)]
    assert len(done) == NODES + 1
