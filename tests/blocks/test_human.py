"""Blocks that ask people."""

import pytest

from agentbench.domain.errors import AnswerRefused
from agentbench.domain.graph import Graph
from agentbench.domain.run import FiringStatus, RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.waits import Wait, waits_of
from agentbench.workbench.workbench import Workbench, use_workbench


@pytest.fixture
def bench(tmp_path):
    made = Workbench(
        Settings(home=tmp_path, store_url="memory:", redis_url="local:", lease=3.0)
    )
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def graph(bench):
    return Graph("asking", blocks=bench.blocks)


@pytest.mark.parametrize(
    ("said", "outputs"),
    [("approve", {"yes": [[7]], "no": []}), ("reject", {"yes": [], "no": [[7]]})],
)
def test_an_approval_sends_the_value_one_way(bench, graph, said, outputs):
    gate = graph.add("human.approve", "gate", value=[7], question="Publish it?")
    graph.output("yes", gate.approved)
    graph.output("no", gate.rejected)
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    assert waits_of(run) == [
        Wait(
            node="gate", firing=1, question="Publish it?", choices=("approve", "reject")
        )
    ]
    about = run.nodes["gate"].firings[1].question.about
    assert bench.keeper.read(about) == [7]
    run = bench.answer(run.id, "gate", said).wait(timeout=20)
    assert (run.status, run.outputs) == (RunStatus.COMPLETED, outputs)
    assert waits_of(run) == []


def test_an_answer_is_one_of_the_choices_if_there_are_any(bench, graph):
    graph.output("said", graph.add("human.ask", question="Which?", choices=["a", "b"]))
    run = graph.run_sync()
    with pytest.raises(AnswerRefused, match="takes 'a', 'b', not 'c'"):
        bench.answer(run.id, "ask", "c")
    run = bench.answer(run.id, "ask", "b").wait(timeout=20)
    assert run.outputs == {"said": ["b"]}


def test_a_free_answer_may_be_any_value(bench, graph):
    graph.output("said", graph.add("human.ask", question="How many?"))
    run = bench.answer(graph.run_sync().id, "ask", {"n": 3}).wait(timeout=20)
    assert run.outputs == {"said": [{"n": 3}]}


def test_a_person_is_asked_again_when_the_rest_is_reused(bench, graph):
    graph.output("said", graph.add("human.ask", question="Well?"))
    run = bench.answer(graph.run_sync().id, "ask", "yes").wait(timeout=20)
    again = graph.run_sync(reuse=run.id)
    assert again.status is RunStatus.WAITING


def test_a_wait_of_some_seconds_holds_no_place(bench, graph):
    wait = graph.add("logic.wait", "pause", value="x", seconds=2.5)
    graph.output("said", wait)
    run = graph.run_sync()
    assert run.outputs == {"said": ["x"]}
    firing = run.nodes["pause"].firings[1]
    assert firing.status is FiringStatus.COMPLETED
    assert firing.attempt > 1  # it was parked, and called again
