"""A run shown in a cell: live while it goes on, a drawing and text for ever."""

import time

MIME = "application/vnd.jupyter.widget-view+json"


def test_a_run_is_shown_with_widget_drawing_and_text(kernel):
    shown = kernel.run(
        "graph = ab.Graph('shown'); graph.output('n', graph.add('test.add', left=1))\n"
        "run = graph.run_sync(); run"
    )
    bundle = shown.bundles[-1]
    assert set(bundle) == {MIME, "text/html", "text/plain"}
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert bundle["text/plain"] == "shown: completed\n  n = 1"
    state = kernel.widgets[shown.editor]
    assert state["line"].startswith("shown: completed, 2 of 2 nodes in ")
    assert kernel.run("run").editor == shown.editor


def test_a_run_that_goes_on_is_told_until_its_end(kernel):
    shown = kernel.run(
        "graph = ab.Graph('going'); graph.add('test.forever')\nrun = graph.start(); run"
    )
    assert kernel.widgets[shown.editor]["status"] in ("queued", "running")
    kernel.run("run.stop(); run.wait();")
    end = time.monotonic() + 60
    while kernel.widgets[shown.editor]["status"] != "stopped" and time.monotonic() < end:
        kernel.run("pass")
    assert kernel.widgets[shown.editor]["status"] == "stopped"


def test_a_run_that_waits_is_answered_on_its_card(kernel):
    shown = kernel.run(
        "graph = ab.Graph('asking')\n"
        "gate = graph.add('human.approve', 'gate', value=1, question='Well?')\n"
        "graph.output('why', gate.comment)\nrun = graph.run_sync(); run"
    )
    card = shown.editor
    wait = {"node": "gate", "firing": 1, "question": "Well?", "comment": True}
    wait["choices"] = ["approve", "reject"]
    assert kernel.widgets[card]["waits"] == [wait]

    kernel.say(card, {"node": "gate", "firing": 1, "answer": "perhaps"})
    kernel.see(lambda: "takes 'approve'" in kernel.widgets[card]["trouble"])
    answer = {"answer": "approve", "comment": "Fine."}
    kernel.say(card, {"node": "gate", "firing": 1, "answer": answer})
    kernel.see(lambda: kernel.widgets[card]["status"] == "completed")
    assert kernel.widgets[card]["waits"] == []
    assert kernel.run("print(ab.run(run.id).outputs)").text == "{'why': ['Fine.']}\n"
