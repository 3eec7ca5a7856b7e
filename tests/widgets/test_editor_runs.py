"""What an editor can do with runs besides starting them, in a real kernel."""

import time

import pytest

from tests.notebook_kernel import running_kernel


def edit(kernel, editor, *edits):
    return kernel.ask(editor, op="edit", edits=list(edits))


def told(kernel, editor):
    """The newest list of runs, with the line."""
    kernel.ask(editor, op="sync", since=-1)
    return [m for m in kernel.heard if m["kind"] == "snapshot"][-1]["runs"]


def run(kernel, editor, **how):
    whole = {"inputs": {}, "reuse": False, "from_node": "", "only": []}
    reply = kernel.ask(editor, op="run", **(whole | how))
    assert reply["ok"], reply
    return reply["result"]["run"]


def shown(kernel, editor, *statuses, run_id=None):
    """The newest snapshot in which the run stands so."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        kernel.ask(editor, op="sync", since=-1)
        given = [m for m in kernel.heard if m["kind"] == "snapshot"][-1]
        told = given["run"]
        is_it = told is not None and run_id in (None, told["id"])
        if is_it and told["status"] in statuses:
            return given
        time.sleep(0.1)
    pytest.fail(f"The run never was {statuses}.")


def node_of(given, id):
    return next(node for node in given["nodes"] if node["node"] == id)


def test_the_options_of_a_node_come_from_python(kernel, editor):
    kernel.ask(editor, op="sync", since=-1)
    given = [m for m in kernel.heard if m["kind"] == "snapshot"][-1]
    named = [o["name"] for group in given["options"] for o in group["options"]]
    told = kernel.run(
        "from agentbench.domain.option import OPTIONS; print(*sorted(OPTIONS))"
    )
    assert sorted(named) == told.text.split()
    for group in given["options"]:
        for option in group["options"]:
            assert option["help"]
            assert option["title"]
            assert option["schema"]


ASKS = (
    "gate = graph.add('human.approve', 'gate', value=7, question='Publish it?')\n"
    "graph.output('sent', gate.approved)"
)
QUESTION = {
    "firing": 1,
    "text": "Publish it?",
    "choices": ["approve", "reject"],
    "comment": True,
    "form": [],
    "is_whole": True,
    "initial": {},
    "until": 0.0,
    "is_decision": False,
}


def test_a_question_reaches_the_view_and_its_answer_the_run(kernel, editor):
    kernel.run(ASKS)
    run(kernel, editor)
    given = shown(kernel, editor, "waiting")
    assert node_of(given, "gate")["status"] == "waiting"
    assert node_of(given, "gate")["question"] == QUESTION
    looked = kernel.ask(editor, op="inspect", node="gate", firing=None)["result"]
    assert looked["question"] == QUESTION
    assert looked["about"]["data"]["text/plain"] == "7"
    bad = kernel.ask(editor, op="answer", node="gate", firing=1, answer="perhaps")
    assert (bad["ok"], bad["code"]) == (False, "AnswerRefused")
    said = kernel.ask(editor, op="answer", node="gate", firing=1, answer="approve")
    assert said["ok"], said
    given = shown(kernel, editor, "completed", run_id=said["result"]["run"])
    assert node_of(given, "gate")["question"] is None
    assert node_of(given, "gate")["status"] == "completed"


def test_a_value_is_edited_in_a_form_that_begins_with_it(kernel, editor):
    kernel.run("graph.output('n', graph.add('human.edit', 'edit', value=[1, 2]))")
    started = run(kernel, editor)
    given = shown(kernel, editor, "waiting", run_id=started)
    question = node_of(given, "edit")["question"]
    [field] = question["form"]
    assert (field["schema"], question["is_whole"]) == ({"type": "array"}, True)
    assert question["initial"] == {field["name"]: [1, 2]}
    said = kernel.ask(editor, op="answer", node="edit", firing=1, answer=[3])
    assert said["ok"], said
    shown(kernel, editor, "completed", run_id=started)


CUT_OFF = """
from agentbench.domain.errors import NeedsDecision, RunCutOff
sent = []
@ab.block(id="test.mail", effects="sends")
async def mail(number: int) -> str:
    import asyncio
    sent.append(number)
    if len(sent) <= 2:
        await asyncio.sleep(600)
    return "sent"
graph.output("one", graph.add("test.mail", "first", number=1))
graph.output("two", graph.add("test.mail", "second", number=2))
run = graph.start()
while len(sent) < 2: time.sleep(0.01)
bench = workbench()
bench.loop.call_soon(bench.carrier._executors[run.id].abandon, "the lease was lost")
try: run.wait()
except RunCutOff: pass
try: ab.resume(run.id)
except NeedsDecision: print("asks")
"""


def test_what_was_cut_off_while_it_was_sending_is_decided_on_the_canvas(
    kernel, editor
):
    cut = kernel.run(CUT_OFF)
    assert cut.text == "asks\n", cut.error
    given = shown(kernel, editor, "needs_decision")
    first = node_of(given, "first")
    assert (first["status"], first["question"]["is_decision"]) == ("waiting", True)
    assert first["question"]["choices"] == ["again", "done", "failed"]
    bad = kernel.ask(editor, op="answer", node="one", firing=1, answer="again")
    assert "about: first, second" in bad["error"]
    said = kernel.ask(editor, op="answer", node="first", firing=1, answer="done")
    assert said["ok"], said
    assert shown(kernel, editor, "needs_decision")  # the other is not decided yet
    said = kernel.ask(editor, op="answer", node="second", firing=1, answer="again")
    assert said["ok"], said
    given = shown(kernel, editor, "completed")
    assert node_of(given, "second")["status"] == "completed"
    assert kernel.run("print(sorted(sent), run.outputs)").text == (
        "[1, 2, 2] {'one': [], 'two': ['sent']}\n"
    )


def test_a_part_is_run_and_the_rest_says_why_not(kernel, editor):
    kernel.run(
        "one = graph.add('test.add', 'one', left=1, right=1)\n"
        "graph.add('test.add', 'two', left=one, right=1)"
    )
    shown(kernel, editor, "completed", run_id=run(kernel, editor))
    again = run(kernel, editor, reuse=True)
    given = shown(kernel, editor, "completed", run_id=again)
    assert [node_of(given, it)["status"] for it in ("one", "two")] == ["reused"] * 2
    assert node_of(given, "one")["reason"] == "nothing it depends on changed"
    again = run(kernel, editor, from_node="two")
    given = shown(kernel, editor, "completed", run_id=again)
    stand = [node_of(given, it)["status"] for it in ("one", "two")]
    assert stand == ["reused", "completed"]
    assert node_of(given, "two")["reason"] == "it was asked for"
    again = run(kernel, editor, only=["one"])
    given = shown(kernel, editor, "completed", run_id=again)
    stand = [node_of(given, it)["status"] for it in ("one", "two")]
    assert stand == ["completed", "skipped"]


def test_the_last_values_are_pinned_and_given_in_the_next_run(kernel, editor):
    kernel.run("graph.add('test.add', 'sum', left=1, right=1)")
    refused = kernel.ask(editor, op="pin", node="sum")
    assert (refused["ok"], "no run here" in refused["error"]) == (False, True)
    shown(kernel, editor, "completed", run_id=run(kernel, editor))
    assert kernel.ask(editor, op="pin", node="sum")["ok"]
    assert "{'result': 2}" in kernel.run("print(graph.node('sum').options)").text
    given = shown(kernel, editor, "completed", run_id=run(kernel, editor))
    assert node_of(given, "sum")["reason"] == "its values are pinned"


def test_a_run_that_was_cut_short_says_why(kernel, editor):
    kernel.run(
        "graph.add('test.add', 'one', left=1, right=1)\n"
        "graph.add('test.add', 'two', left=1, right=1)\n"
        "r = graph.start(options=ab.RunOptions(max_firings=1))"
    )
    given = shown(kernel, editor, "stopped")
    assert "max_firings" in given["run"]["reason"]


def test_a_run_that_waits_from_an_earlier_kernel_is_shown_and_answered(tmp_path):
    home = {"AGENTBENCH_HOME": str(tmp_path / "h")}
    load = "%load_ext agentbench\nimport agentbench as ab\n"
    with running_kernel(tmp_path, **home) as first:
        made = first.run(
            f"{load}graph = ab.new('asks')\n{ASKS}\ngraph.save()\n"
            "print(graph.run_sync().status)"
        )
        assert "waiting" in made.text, made.error
    with running_kernel(tmp_path, **home) as second:
        editor = second.run(f"{load}ab.open('asks')").editor
        given = shown(second, editor, "waiting")
        assert node_of(given, "gate")["question"] == QUESTION
        said = second.ask(editor, op="answer", node="gate", firing=1, answer="approve")
        assert said["ok"], said
        given = shown(second, editor, "completed")
        assert node_of(given, "gate")["status"] == "completed"


SPEAKS = """
import asyncio
from agentbench.domain.model import ChatAnswer, Delta, Text

class Speaker:
    async def stream(self, request):
        for number in range(600):
            yield Delta(f"word{number} ")
            await asyncio.sleep(0.05)

ab.model_provider("speaker", Speaker())
graph.add("ai.generate", "talk", prompt="Talk", model="speaker:m")
"""


def test_what_a_model_says_is_seen_while_it_speaks(kernel, editor):
    assert kernel.run(SPEAKS).error == ""
    run(kernel, editor)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        node = node_of(shown(kernel, editor, "running"), "talk")
        if "word" in node["progress_text"]:
            break
    assert node["progress_text"].split()[-1].startswith("word")
    assert node["progress"] is None
    kernel.ask(editor, op="stop")
    shown(kernel, editor, "stopped")


def test_what_was_changed_since_the_run_is_marked_with_the_reason(kernel, editor):
    kernel.run(
        "one = graph.add('test.add', 'one', left=1, right=1)\n"
        "graph.output('out', graph.add('test.add', 'two', left=one, right=1))"
    )
    shown(kernel, editor, "completed", run_id=run(kernel, editor))
    kernel.heard.clear()
    setting = {"edit": "set_constant", "id": "one", "port": "left", "value": 5}
    assert edit(kernel, editor, setting)["ok"]
    kernel.see(lambda: kernel.updates("stale_changed"))
    assert kernel.updates("stale_changed")[-1]["stale"] == {"one": "its 'left' changed"}
    given = shown(
        kernel, editor, "completed", run_id=run(kernel, editor, reuse=True)
    )
    assert given["stale"] == {}


def test_a_run_is_held_at_a_breakpoint_and_goes_on_step_by_step(kernel, editor):
    kernel.run(
        "one = graph.add('test.add', 'one', left=1, right=1)\n"
        "two = graph.add('test.add', 'two', left=one, right=1)\n"
        "graph.output('out', two); two.set(breakpoint=True)"
    )
    held = run(kernel, editor)
    given = shown(kernel, editor, "waiting", run_id=held)
    question = {"firing": 1, "text": "Held before it begins.", "choices": ["go on", "step"]}
    assert question.items() <= node_of(given, "two")["question"].items()
    answer = {"op": "answer", "firing": 1}
    assert kernel.ask(editor, node="two", answer="step", **answer)["ok"]
    kernel.see(lambda: _status(kernel, editor, "out") == "waiting")
    assert kernel.ask(editor, node="out", answer="go on", **answer)["ok"]
    shown(kernel, editor, "completed", run_id=held)


def _status(kernel, editor, id):
    kernel.ask(editor, op="sync", since=-1)
    given = [m for m in kernel.heard if m["kind"] == "snapshot"][-1]
    return node_of(given, id)["status"]


def test_runs_stand_beside_each_other_and_in_line(kernel, editor):
    kernel.run(
        "city = graph.input('city')\n"
        "graph.add('logic.wait', 'wait', seconds=60)\n"
        "graph.output('out', city)"
    )
    first = run(kernel, editor, inputs={"city": "Oslo"})
    beside = run(kernel, editor, inputs={"city": "Lima"})
    assert run(kernel, editor, inputs={"city": "Kyoto"}, in_line=True) == ""
    assert run(kernel, editor, inputs={"city": "Quito"}, in_line=True) == ""
    now = told(kernel, editor)
    assert [(it["id"], it["inputs"]) for it in now["runs"]] == [
        (beside, "city: Lima"),
        (first, "city: Oslo"),
    ]
    assert [it["is_shown"] for it in now["runs"]] == [True, False]
    kyoto, quito = now["waiting"]
    assert (kyoto["inputs"], quito["inputs"]) == ("city: Kyoto", "city: Quito")
    assert kernel.ask(editor, op="take_out", number=quito["number"])["ok"]
    assert kernel.ask(editor, op="show_run", run=first)["ok"]
    assert told(kernel, editor)["runs"][1]["is_shown"]
    for id in (first, beside):
        assert kernel.ask(editor, op="stop", run=id)["ok"]
    kernel.see(lambda: told(kernel, editor)["runs"][0]["inputs"] == "city: Kyoto")
    assert told(kernel, editor)["waiting"] == []
    third = told(kernel, editor)["runs"][0]["id"]
    assert kernel.ask(editor, op="stop", run=third)["ok"]
    shown(kernel, editor, "stopped", run_id=third)


def test_versions_are_listed_and_a_conflict_is_put_on_top_of_what_was_seen(kernel, editor):
    kernel.run("graph.add('test.add', 'sum', left=1, right=1); graph.save()")
    kernel.run("graph['sum']['left'] = 2")
    assert kernel.ask(editor, op="save")["ok"]
    listed = kernel.ask(editor, op="versions")["result"]["versions"]
    assert [(it["key"], it["is_open"]) for it in listed[:2]] == [
        ("version:2", True),
        ("version:1", False),
    ]
    first = kernel.ask(editor, op="look", key="version:1")["result"]
    assert first["nodes"]["sum"]["constants"] == {"left": 1, "right": 1}
    # Before anything was saved there are the steps: this one was to change the left.
    assert listed[2]["name"].startswith("Change left of")
    before = kernel.ask(editor, op="look", key=listed[2]["key"])["result"]
    assert before["nodes"] == first["nodes"]
    assert not kernel.ask(editor, op="look", key="step:99")["ok"]
    elsewhere = "from agentbench.workbench.agents import Agents; bench = workbench()\n"
    elsewhere += (
        "other = Agents(lambda: bench.store, bench.blocks).open(graph.name)\n"
        "other['sum']['right'] = 9\n"
        "print(bench.store.save_agent(other.name, other.to_json(), force=True).number)"
    )
    assert kernel.run(elsewhere).text.strip() == "3"
    kernel.run("graph['sum']['left'] = 3")
    assert kernel.ask(editor, op="save")["code"] == "SaveConflict"
    theirs = kernel.ask(editor, op="look")["result"]
    assert theirs["nodes"]["sum"]["constants"] == {"left": 2, "right": 9}
    wrong = kernel.ask(editor, op="save", over=first["hash"])
    assert wrong["code"] == "SaveConflict"
    assert kernel.ask(editor, op="save", over=theirs["hash"])["ok"]


def test_a_run_from_python_is_listed_with_what_it_was_given(kernel, editor):
    kernel.run(
        "city = graph.input('city', type='text')\n"
        "graph.input('word', type='text', secret=True)\n"
        "graph.output('out', city)\n"
        "run = graph.run_sync(city='Oslo', word='canary-of-the-list')"
    )
    kernel.see(lambda: [it["inputs"] for it in told(kernel, editor)["runs"]] == ["city: Oslo"])
    inputs = {"city": "Lima", "word": "canary-of-the-form"}
    shown(kernel, editor, "completed", run_id=run(kernel, editor, inputs=inputs))
    given = [it["inputs"] for it in told(kernel, editor)["runs"]]
    assert given == ["city: Lima", "city: Oslo"]
