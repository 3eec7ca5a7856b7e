"""The film of a run in a real kernel: its timeline, and the canvas as it stood at an event."""

import json

import pytest

MANY = """
@ab.block(id="test.count_up")
async def count_up(count: int) -> int:
    for number in range(count):
        yield number

many = ab.Graph("many")
stream = many.add(count_up, "stream", count=3000)
many.add("test.add", "added", left=stream)
many_run = many.run_sync()
"""


@pytest.fixture(scope="module")
def timeline(kernel):
    """The timeline of a run of 6,001 firings."""
    assert kernel.run(MANY, timeout=60).error == ""
    shown = kernel.run("many_run.timeline()")
    assert shown.error == ""
    return shown


def bars(kernel, widget, start, end, **more):
    asked = {"width": 1000, "rows": [0, 1], **more}
    return kernel.ask(widget, op="bars", start=start, end=end, **asked)


def test_a_timeline_is_told_by_windows_and_never_whole(kernel, timeline):
    about = kernel.widgets[timeline.editor]["about"]
    assert [row["firings"] for row in about["rows"]] == [1, 3000]
    assert len(json.dumps(about)) < 2_000
    reply = bars(kernel, timeline.editor, 0.0, about["seconds"])
    assert reply["error"] == ""
    told = reply["result"]
    assert sum(told["count"]) == 3001
    assert len(told["count"]) < 900
    assert len(json.dumps(reply)) < 60_000
    part = bars(kernel, timeline.editor, 0.0, about["seconds"] / 50)["result"]
    assert part["cell"] < told["cell"]
    row = bars(kernel, timeline.editor, 0.0, about["seconds"], rows=[0])
    assert row["result"]["node"] == [0]


def test_a_firing_is_told_in_full_when_it_is_asked_for(kernel, timeline):
    look = kernel.ask(timeline.editor, op="firing", node="added", number=7)["result"]
    assert (look["of"], look["status"]) == (3000, "completed")
    values = {(it["side"], it["port"]): it for it in look["values"]}
    assert values["input", "left"]["text"] == "6"
    assert values["input", "left"]["from_node"] == "stream"
    assert values["output", "result"]["text"] == "6"
    none = kernel.ask(timeline.editor, op="firing", node="added", number=9999)
    assert "has no firing 9999" in none["error"]


@pytest.mark.parametrize(
    "question",
    [{"op": ""}, {"op": "boom"}, {"op": "bars", "start": "x"}, {"op": "firing", "node": 3}],
)
def test_a_question_that_is_none_is_answered_with_its_reason(kernel, timeline, question):
    assert kernel.ask(timeline.editor, **question)["error"]


def test_a_cell_keeps_the_timeline_without_a_kernel(timeline):
    bundle = timeline.bundles[-1]
    assert "6,001" not in bundle["text/plain"].splitlines()[0]
    assert "added" in bundle["text/plain"]
    assert "<table" in bundle["text/html"]


def test_a_timeline_goes_on_with_its_run(kernel):
    shown = kernel.run(
        "on = ab.Graph('on'); on.add('test.forever', 'ever')\n"
        "on_run = on.start()\n"
        "while not on_run.firings: time.sleep(0.01)\n"
        "on_run.timeline()"
    )
    told = kernel.widgets[shown.editor]
    assert told["about"]["status"] == "running"
    kernel.run("on_run.stop(); on_run.wait();")
    kernel.see(lambda: told["about"]["status"] == "stopped")


# ---- on the canvas ----------------------------------------------------------------

BUILD = """
stream = graph.add("test.numbers", "stream", count=3)
tried = graph.add("test.fail_on", "tried", number=stream, bad=1)
graph.output("n", graph.add("test.slow_if_even", "slow", number=tried), )
run = graph.run_sync()
"""
FOLD = """
import json
def stood(at):
    state = run.fold_into(run.new_state(), last=at)
    nodes = {{id: (state.status_of(id).value, *(
        node.counts.get(it, 0) for it in ("running", "completed", "failed")
    )) for id, node in state.nodes.items()}}
    return [state.status.value, nodes, state.plan.link_counts]
print(json.dumps([stood(at) for at in {places}]))
"""


def test_the_canvas_stands_at_any_event_as_the_fold_of_those_before(kernel, editor):
    assert kernel.run(BUILD).error == ""
    kernel.see(lambda: snapshot(kernel, editor)["run"] is not None)
    frame = kernel.ask(editor, op="seek", at=None)["result"]
    assert frame["at"] == frame["last"] > 15
    last = frame["last"]
    places = [1, 2, last // 2, last - 1, last // 3, last // 3 + 1, 3]
    said = kernel.run(FOLD.format(places=places)).text
    for at, (status, nodes, links) in zip(places, json.loads(said), strict=True):
        frame = kernel.ask(editor, op="seek", at=at)["result"]
        assert (frame["at"], frame["last"]) == (at, last)
        kernel.see(lambda at=at: (snapshot(kernel, editor)["run"] or {}).get("at") == at)
        shown = snapshot(kernel, editor)
        assert shown["run"]["status"] == status
        assert shown["run"]["link_counts"] == links
        for node in shown["nodes"]:
            counts = [node[it] for it in ("status", "running", "completed", "failed")]
            assert counts == nodes[node["node"]], (at, node["node"])

    kernel.ask(editor, op="seek", at=3)
    then = kernel.ask(editor, op="inspect", node="tried", firing=None)["result"]
    assert then["firings"] == 0
    kernel.ask(editor, op="seek", at=None)
    kernel.see(lambda: snapshot(kernel, editor)["run"]["at"] == 0)
    assert snapshot(kernel, editor)["run"]["status"] == "failed"
    now = kernel.ask(editor, op="inspect", node="tried", firing=None)["result"]
    assert now["firings"] == 3


def test_a_value_is_changed_and_the_run_gone_on_from_it(kernel, editor):
    assert kernel.run(BUILD.replace("bad=1", "bad=99")).error == ""
    kernel.see(lambda: snapshot(kernel, editor)["run"] is not None)
    last = kernel.ask(editor, op="seek", at=None)["result"]["last"]
    frames = [
        kernel.ask(editor, op="seek", at=at)["result"] for at in range(1, last + 1)
    ]
    gave = [it for it in frames if it["place"] == "tried.result"]
    assert [it["value"] for it in gave] == ["0", "1", "2"]
    at = gave[1]["at"]
    bad = kernel.ask(editor, op="fork", at=at, is_changed=True, value="{")
    assert "no JSON" in bad["error"]
    fork = kernel.ask(editor, op="fork", at=at, is_changed=True, value="70")
    assert fork["ok"], fork
    kernel.see(lambda: snapshot(kernel, editor)["run"]["id"] == fork["result"]["run"])
    said = kernel.run(f"print(ab.run({fork['result']['run']!r}).wait().outputs)")
    assert said.text == "{'n': [0, 70, 2]}\n"


def test_earlier_runs_are_found_by_status_and_shown(kernel, editor):
    assert kernel.run(BUILD + "fine = run\ntried['bad'] = 9\nbad = graph.run_sync()").error == ""
    found = kernel.ask(editor, op="list_runs")["result"]["runs"]
    assert len(found) == 2
    failed = kernel.ask(editor, op="list_runs", status=["failed"])["result"]["runs"]
    assert [it["status"] for it in failed] == ["failed"]
    assert kernel.ask(editor, op="list_runs", since="lately")["ok"] is False
    worded = kernel.ask(editor, op="list_runs", text=found[1]["id"].upper())["result"]
    assert [it["id"] for it in worded["runs"]] == [found[1]["id"]]
    # What a node did in each of them; those in which it never fired are left out.
    pasts = kernel.ask(editor, op="list_runs", node="tried")["result"]["runs"]
    did = [it["of_node"] for it in pasts]
    assert [(it["status"], it["firings"], it["gave"]) for it in did] == [
        ("completed", 3, "2"), ("failed", 3, "2"),
    ]  # fmt: skip
    assert [it["error"] for it in did] == ["", "ValueError: 1 is bad"]
    assert kernel.ask(editor, op="list_runs", node="nowhere")["result"]["runs"] == []
    assert kernel.ask(editor, op="show_run", run=failed[0]["id"])["ok"]
    kernel.see(lambda: snapshot(kernel, editor)["run"]["id"] == failed[0]["id"])
    assert kernel.ask(editor, op="show_run", run="run-none")["ok"] is False
    fine = next(it["id"] for it in found if it["id"] != failed[0]["id"])
    told = kernel.ask(editor, op="compare", run=fine)["result"]
    assert len(told["differences"]) > 1
    assert told["more"] == 0
    assert [set(graph["nodes"]) for graph in told["graphs"]] == [{"stream", "tried", "slow", "n"}] * 2
    assert told["marks"]["tried"] == "first_difference"
    assert (told["first"]["node"], told["first"]["firing"]) == ("tried", 2)
    assert told["first"]["why"] == "the node was changed: `bad`"
    assert kernel.ask(editor, op="compare", run="run-none")["ok"] is False


def snapshot(kernel, editor):
    kernel.ask(editor, op="sync", since=-1)
    return [m for m in kernel.heard if m.get("kind") == "snapshot"][-1]
