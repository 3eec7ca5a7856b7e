"""Blocks that ask people."""

import time

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
            node="gate",
            firing=1,
            question="Publish it?",
            choices=("approve", "reject"),
            comment=True,
        )
    ]
    about = run.nodes["gate"].firings[1].question.about
    assert bench.keeper.read(about) == [7]
    run = bench.answer(run.id, "gate", said).wait(timeout=60)
    assert (run.status, run.outputs) == (RunStatus.COMPLETED, outputs)
    assert waits_of(run) == []


def test_an_answer_is_one_of_the_choices_if_there_are_any(bench, graph):
    graph.output("said", graph.add("human.ask", question="Which?", choices=["a", "b"]))
    run = graph.run_sync()
    with pytest.raises(AnswerRefused, match="takes 'a', 'b', not 'c'"):
        bench.answer(run.id, "ask", "c")
    run = bench.answer(run.id, "ask", "b").wait(timeout=60)
    assert run.outputs == {"said": ["b"]}


def test_a_free_answer_may_be_any_value(bench, graph):
    graph.output("said", graph.add("human.ask", question="How many?"))
    run = bench.answer(graph.run_sync().id, "ask", {"n": 3}).wait(timeout=60)
    assert run.outputs == {"said": [{"n": 3}]}


def test_a_person_is_asked_again_when_the_rest_is_reused(bench, graph):
    graph.output("said", graph.add("human.ask", question="Well?"))
    run = bench.answer(graph.run_sync().id, "ask", "yes").wait(timeout=60)
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


def test_an_approval_may_come_with_a_comment(bench, graph):
    gate = graph.add("human.approve", "gate", value=7)
    graph.output("no", gate.rejected)
    graph.output("why", gate.comment)
    run = graph.run_sync()
    said = {"answer": "reject", "comment": "Too early."}
    with pytest.raises(AnswerRefused, match="takes 'approve', 'reject'"):
        bench.answer(run.id, "gate", {**said, "answer": "perhaps"})
    run = bench.answer(run.id, "gate", said).wait(timeout=60)
    assert run.outputs == {"no": [7], "why": ["Too early."]}


def test_a_value_is_edited_and_stays_of_its_kind(bench, graph):
    graph.output("text", graph.add("human.edit", value={"a": 1}))
    run = graph.run_sync()
    with pytest.raises(AnswerRefused, match="It should be a dictionary"):
        bench.answer(run.id, "edit", "text")
    run = bench.answer(run.id, "edit", {"a": 2}).wait(timeout=60)
    assert run.outputs == {"text": [{"a": 2}]}


def test_one_or_several_are_chosen(bench, graph):
    options = ["a", {"n": 1}, "c"]
    graph.output("one", graph.add("human.choose", "one", options=options))
    several = graph.add("human.choose", "several", options=options, several=True)
    graph.output("some", several)
    run = graph.run_sync()
    bench.answer(run.id, "one", '{"n": 1}').wait(timeout=60)
    with pytest.raises(AnswerRefused, match="1: It takes 'a'"):
        bench.answer(run.id, "several", ["a", "x"])
    run = bench.answer(run.id, "several", ["c", "a"]).wait(timeout=60)
    assert run.outputs == {"one": [{"n": 1}], "some": [["c", "a"]]}


def test_an_answer_fits_the_kind_or_the_form_that_was_asked_for(bench, graph):
    graph.output("n", graph.add("human.ask", "n", question="How many?", kind="number"))
    to = {"type": "string", "format": "email"}
    form = {"type": "object", "properties": {"to": to}, "required": ["to"]}
    graph.output("mail", graph.add("human.ask", "mail", question="Who?", form=form))
    run = graph.run_sync()
    with pytest.raises(AnswerRefused, match="It should be a number"):
        bench.answer(run.id, "n", "many")
    bench.answer(run.id, "n", 3).wait(timeout=60)
    with pytest.raises(AnswerRefused, match="to: This is needed"):
        bench.answer(run.id, "mail", {})
    with pytest.raises(AnswerRefused, match="to: It is no e-mail address"):
        bench.answer(run.id, "mail", {"to": "Ada"})
    run = bench.answer(run.id, "mail", {"to": "ada@a.org"}).wait(timeout=60)
    assert run.outputs == {"n": [3], "mail": [{"to": "ada@a.org"}]}


def test_when_the_time_is_over_the_default_counts_or_the_node_fails(bench, graph):
    gate = graph.add("human.approve", "gate", value=1, timeout=0.05, default="reject")
    graph.output("no", gate.rejected)
    graph.output("said", graph.add("human.ask", question="Well?", timeout=0.05))
    run = graph.run_sync()
    assert run.outputs == {"no": [1], "said": []}
    [failed] = run.failures
    assert (failed.node, failed.error) == ("ask", "NobodyAnswered")


def test_a_question_of_a_sub_agent_keeps_its_terms(bench, graph):
    inner = bench.agents.new("inner")
    asked = inner.add("human.approve", "gate", value=1, timeout=600.0)
    inner.output("yes", asked.approved)
    bench.save(inner)
    graph.output("yes", graph.add("agent.run", "call", agent="inner").yes)
    run = graph.start()
    while not waits_of(run):  # its time limit keeps the run going
        assert not run.status.is_final
        time.sleep(0.01)
    [wait] = waits_of(run)
    assert (wait.node, wait.comment) == ("call", True)
    assert wait.until > time.time() + 500
    said = {"answer": "approve", "comment": "Fine."}
    run = bench.answer(run.id, "call", said).wait(timeout=60)
    assert run.outputs == {"yes": [1]}


def test_what_waits_is_listed_with_what_it_is_about(bench, graph):
    graph.add("human.approve", "gate", value="The draft\nin lines", question="Send it?")
    run = graph.run_sync()
    [one] = bench.waiting()
    assert repr(one).splitlines() == [
        "asking: gate asks: Send it? (approve, reject)",
        "    | The draft",
        "    | in lines",
        f"    answer {run.id} gate approve|reject --comment TEXT",
    ]
    bench.answer(run.id, "gate", "approve").wait(timeout=60)
    assert bench.waiting() == []
