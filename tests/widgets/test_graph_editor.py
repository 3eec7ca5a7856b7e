"""The kernel half of the graph editor, in a real kernel, asked as a view asks."""

import time

import json

import pytest

ADD = {"edit": "add_node", "block": "test.add"}


def edit(kernel, editor, *edits):
    return kernel.ask(editor, op="edit", edits=list(edits))


def link(source, output, target, input):  # noqa: A002
    ends = {"source": source, "output": output, "target": target, "input": input}
    return {"edit": "add_link", **ends}


def snapshot(kernel, editor):
    kernel.ask(editor, op="sync", since=-1)
    return [m for m in kernel.heard if m["kind"] == "snapshot"][-1]


def test_a_view_that_asks_gets_everything(kernel, editor):
    given = snapshot(kernel, editor)
    assert given["client"] == "test"
    assert given["graph"]["nodes"] == []
    assert {"text.template", "test.add"} <= {block["id"] for block in given["blocks"]}
    assert given["run"] is None


def test_an_edit_on_the_canvas_is_an_edit_of_the_python_object(kernel, editor):
    reply = edit(kernel, editor, {**ADD, "id": "sum", "constants": {"left": 1}})
    assert reply["ok"]
    assert "sum" in kernel.run("print(list(graph.nodes))").text
    change = kernel.updates("graph_changed")[-1]
    assert [node["id"] for node in change["nodes"]] == ["sum"]
    assert (change["by"], change["is_saved"]) == ("test", False)


def test_an_edit_in_python_reaches_the_canvas(kernel, editor):
    kernel.run("node = graph.add('test.add', 'late', left=2)")
    kernel.ask(editor, op="sync", since=0)
    nodes = [n for u in kernel.updates("graph_changed") for n in u["nodes"]]
    assert [(n["id"], n["constants"]) for n in nodes][-1] == ("late", {"left": 2})


BUILT = (
    "for name in 'abcd': graph.add('test.add', name, left=1, right=1)\n"
    "graph['a'].result >> graph['b'].left; graph['b'].result >> graph['c'].left"
)


def places(nodes):
    return {node["id"]: (node["x"], node["y"]) for node in nodes}


def test_what_python_built_stays_in_place_when_the_canvas_is_rearranged(kernel, editor):
    kernel.run(BUILT)
    before = places(snapshot(kernel, editor)["graph"]["nodes"])
    move = {"edit": "move_node", "id": "c", "position": [900, 400]}
    for step in (move, {"edit": "remove_node", "id": "a"}):
        assert edit(kernel, editor, step)["ok"]
    after = places(snapshot(kernel, editor)["graph"]["nodes"])
    assert after == {"b": before["b"], "c": (900, 400), "d": before["d"]}


def test_a_place_that_changes_with_what_python_adds_is_told(kernel, editor):
    kernel.run(BUILT)
    drawn = places(snapshot(kernel, editor)["graph"]["nodes"])
    kernel.heard.clear()
    kernel.run(
        "graph.add('test.add', 'first', left=1, right=1).result >> graph['a'].left"
    )
    kernel.ask(editor, op="sync", since=-1)
    for change in kernel.updates("graph_changed"):
        drawn.update(places([*change["nodes"], *change["changed"]]))
    for change in kernel.updates("nodes_moved"):
        drawn.update({id: tuple(at) for id, at in change["positions"].items()})
    assert drawn == places(snapshot(kernel, editor)["graph"]["nodes"])


def test_a_refused_link_says_why_and_changes_nothing(kernel, editor):
    edit(
        kernel,
        editor,
        {**ADD, "id": "a"},
        {"edit": "add_node", "block": "values.note", "id": "n"},
    )
    edit(kernel, editor, {"edit": "add_node", "block": "text.combine", "id": "text"})
    reply = edit(kernel, editor, link("text", "result", "a", "left"))
    assert not reply["ok"]
    assert "'result' gives text, 'left' takes whole number" in reply["error"]
    # All of it is found by the name that the view shows.
    name = reply["trouble"]
    told = kernel.run(f"import agentbench as ab\nprint(ab.trouble({name!r}))").text
    assert told.startswith(f"{name} at ")
    assert "asked to edit" in told
    assert "Traceback" in told
    assert "gives text, 'left' takes" in told
    gone = kernel.run("ab.trouble('E-0000')").error
    assert f"The newest: {name}." in gone
    assert snapshot(kernel, editor)["graph"]["links"] == []


def test_updates_are_numbered_and_can_be_asked_for_again(kernel, editor):
    for number in range(3):
        edit(kernel, editor, {**ADD, "id": f"n{number}"})
    last = snapshot(kernel, editor)["seq"]
    kernel.heard.clear()
    kernel.ask(editor, op="sync", since=last - 2)
    again = next(m for m in kernel.heard if m["kind"] == "updates")
    assert (again["client"], again["first"], len(again["updates"])) == (
        "test",
        last - 1,
        2,
    )
    kernel.heard.clear()
    kernel.ask(editor, op="sync", since=last + 50)
    assert kernel.heard[0]["kind"] == "snapshot"


def test_a_run_is_told_node_by_node_and_its_end_is_never_missed(kernel, editor):
    edit(
        kernel,
        editor,
        {**ADD, "id": "one", "constants": {"left": 1}},
        {**ADD, "id": "two", "constants": {"right": 5}},
        {
            "edit": "add_node",
            "block": "agent.output",
            "id": "out",
            "constants": {"name": "n"},
        },
        link("one", "result", "two", "left"),
        link("two", "result", "out", "value"),
    )
    reply = kernel.ask(editor, op="run", inputs={})
    assert reply["ok"]
    kernel.until(
        lambda m: any(
            u["update"] == "run_changed" and u["run"]["status"] == "completed"
            for u in m.get("updates", [])
        )
    )
    given = snapshot(kernel, editor)
    assert given["run"]["id"] == reply["result"]["run"]
    assert given["run"]["link_counts"] == {
        "one.result -> two.left": 1,
        "two.result -> out.value": 1,
    }
    states = {node["node"]: node for node in given["nodes"]}
    assert {s["status"] for s in states.values()} == {"completed"}
    seen = kernel.run("print(workbench().runs()[0].status)").text
    assert "completed" in seen


def test_previews_come_as_small_bundles(kernel, editor):
    edit(kernel, editor, {**ADD, "id": "one", "constants": {"left": 41, "right": 1}})
    kernel.ask(editor, op="run", inputs={})
    found = kernel.until(
        lambda m: any(
            n["preview"]
            for u in m.get("updates", [])
            for n in u.get("nodes", [])
            if "preview" in n
        )
    )
    previews = [
        n["preview"] for u in found["updates"] for n in u["nodes"] if n["preview"]
    ]
    assert previews[0]["data"]["text/plain"] == "42"


def test_the_inspector_gets_inputs_and_outputs_as_bundles(kernel, editor):
    kernel.run(
        "import pandas as pd\n"
        "held = graph.add('values.constant', 'frame', value=pd.DataFrame({'a': [1, 2]}))\n"
        "graph.add('table.rows', 'rows', table=held)\n"
        "graph.run_sync();"
    )
    reply = kernel.ask(editor, op="inspect", node="rows", firing=None)
    found = reply["result"]
    assert (found["firing"], found["firings"], found["status"]) == (1, 1, "completed")
    given, result = found["values"]
    assert (given["port"], given["side"], given["from_node"]) == (
        "table",
        "input",
        "frame",
    )
    assert given["type_name"] == "table"
    assert "<table" in given["bundle"]["data"]["text/html"]
    assert result["bundle"]["data"]["application/json"] == [{"a": 1}, {"a": 2}]


def test_a_failure_shows_on_its_node_with_the_traceback(kernel, editor):
    edit(
        kernel,
        editor,
        {
            "edit": "add_node",
            "block": "test.fail_on",
            "id": "bad",
            "constants": {"number": 2},
        },
    )
    kernel.ask(editor, op="run", inputs={})
    kernel.until(
        lambda m: any(
            u.get("run", {}).get("status") == "failed" for u in m.get("updates", [])
        )
    )
    state = snapshot(kernel, editor)["nodes"][0]
    assert (state["status"], state["error"]) == ("failed", "ValueError: 2 is bad")
    found = kernel.ask(editor, op="inspect", node="bad", firing=1)["result"]
    assert "raise ValueError" in found["traceback"]


def test_a_run_that_cannot_start_says_why(kernel, editor):
    edit(kernel, editor, {**ADD, "id": "sum"})
    reply = kernel.ask(editor, op="run", inputs={})
    assert not reply["ok"]
    assert "sum.left: needs a link or a constant" in reply["error"]
    assert (
        "is not one of this agent's inputs"
        in kernel.ask(editor, op="run", inputs={"nobody": 1})["error"]
        or "needs a link" in kernel.ask(editor, op="run", inputs={})["error"]
    )


BUSY_UNTIL_INTERRUPTED = "while True: time.sleep(0.1)"


def test_stop_is_answered_while_a_cell_is_busy(kernel, editor):
    edit(kernel, editor, {"edit": "add_node", "block": "test.forever", "id": "wait"})
    subshell = kernel.open_subshell()
    kernel.ask(editor, op="run", inputs={}, subshell=subshell)
    cell = kernel.begin(BUSY_UNTIL_INTERRUPTED)
    kernel.wait_for_start(cell)
    assert kernel.ask(editor, op="stop", subshell=subshell)["ok"]
    kernel.until(
        lambda m: any(
            u.get("run", {}).get("status") == "stopped" for u in m.get("updates", [])
        )
    )
    kernel.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in kernel.outcome(cell).error


def test_saving_answers_where_and_a_conflict_changes_nothing(kernel, editor):
    edit(kernel, editor, {**ADD, "id": "sum", "constants": {"left": 1}})
    assert kernel.ask(editor, op="save")["result"] == {"saved_as": "version 1"}
    kernel.run(
        "from agentbench.workbench.agents import Agents\n"
        "other = Agents(lambda: workbench().store, workbench().blocks)\n"
        "theirs = other.open(graph.name); theirs.add('test.add'); other.save(theirs);"
    )
    edit(kernel, editor, {**ADD, "id": "mine", "constants": {"left": 1}})
    refused = kernel.ask(editor, op="save")
    assert "changed elsewhere since you opened it" in refused["error"]
    assert kernel.ask(editor, op="save", force=True)["result"] == {
        "saved_as": "version 3"
    }
    assert snapshot(kernel, editor)["graph"]["is_saved"]


def test_a_block_defined_in_a_cell_is_in_the_palette_at_once(kernel, editor):
    kernel.run("@ab.block\ndef fresh(text: str) -> str:\n    'Fresh.'\n    return text")
    kernel.ask(editor, op="sync", since=0)
    named = [b["id"] for u in kernel.updates("blocks_changed") for b in u["blocks"]]
    assert "mine.fresh" in named


def test_a_block_defined_again_changes_its_nodes_on_the_canvas(kernel, editor):
    kernel.run(
        "@ab.block\ndef turning(a: str) -> str: return a\ngraph.add(turning, 'it', a='x')"
    )
    kernel.run("@ab.block\ndef turning(a: str, b: int = 1) -> str: return a")
    kernel.ask(editor, op="sync", since=0)
    nodes = [
        n
        for u in kernel.updates("graph_changed")
        for n in u["nodes"]
        if n["id"] == "it"
    ]
    assert [port["name"] for port in nodes[-1]["inputs"]] == ["a", "b"]


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "dance"},
        {"op": "edit", "edits": [{"edit": "add_node"}]},
        {"op": "edit", "edits": "all"},
        {"op": "sync"},
    ],
)
def test_a_request_nobody_understands_is_answered(kernel, editor, request_):
    reply = kernel.ask(editor, **request_)
    assert not reply["ok"]
    assert "did not understand the editor" in reply["error"]


def test_showing_a_graph_twice_shows_the_same_editor(kernel, editor):
    assert kernel.run("graph").editor == editor


def test_every_display_carries_the_drawing_and_the_same_text(kernel, editor):
    edit(kernel, editor, {**ADD, "id": "sum"})
    shown = kernel.run("graph").bundles[-1]
    assert 'src="data:image/svg+xml;base64,' in shown["text/html"]
    assert "0x" not in shown["text/plain"]
    assert kernel.run("graph").bundles[-1]["text/html"] == shown["text/html"]


def test_a_node_of_an_unknown_block_is_drawn_with_its_reason(kernel, editor):
    shown = kernel.run(
        'lost = ab.Graph.from_json(\'{"format": "agentbench/1", "name": "lost",'
        ' "nodes": {"a": {"block": "text.templat"}}}\')\nlost'
    )
    node = snapshot(kernel, shown.editor)["graph"]["nodes"][0]
    assert (
        "There is no block 'text.templat'. Did you mean 'text.template'"
        in node["problem"]
    )


def test_a_newer_agent_is_shown_read_only(kernel, editor):
    shown = kernel.run(
        'ab.Graph.from_json(\'{"format": "agentbench/9", "name": "new"}\')'
    )
    assert (
        "its format is agentbench/9"
        in snapshot(kernel, shown.editor)["graph"]["read_only"]
    )
    assert "open read-only" in edit(kernel, shown.editor, ADD)["error"]


def test_an_edit_costs_less_than_two_kilobytes(kernel, editor):
    kernel.run(
        "for n in range(40): graph.add('text.template', f'n{n}')\n"
        "for n in range(9): graph.input(f'given {n}')"
    )
    snapshot(kernel, editor)
    move = {"edit": "move_node", "id": "n0", "position": [1, 2]}
    edit(kernel, editor, move)  # puts what Python built in its places, once
    typed = {"edit": "set_constant", "id": "n1", "port": "template", "value": "x"}
    titled = {"edit": "set_title", "id": "n2", "title": "A title"}
    for step in (move, typed, titled):
        kernel.heard.clear()
        edit(kernel, editor, step)
        assert max(len(json.dumps(message)) for message in kernel.heard) < 2000
    (change,) = [c for c in kernel.updates("graph_changed") if c["changed"]]
    assert change["changed"][0]["title"] == "A title"


def test_messages_stay_small_and_few_in_a_storm(kernel, editor):
    kernel.run(
        "many = graph.add('test.numbers', count=2000)\n"
        "graph.add('test.add', 'sum', left=many)\n"
        "kept = graph.run_sync();",
        timeout=60,
    )
    kernel.until(
        lambda m: any(
            u.get("run", {}).get("status") == "completed" for u in m.get("updates", [])
        ),
        timeout=60,
    )
    changes = [m for m in kernel.heard if m["kind"] == "updates"]
    seconds = float(kernel.run("print(kept.seconds)").text)
    assert len(changes) <= 20 * seconds + 15
    assert snapshot(kernel, editor)["nodes"][-1]["completed"] == 2000


def test_a_node_that_comes_back_by_undo_is_told_whole(kernel, editor):
    edit(kernel, editor, {**ADD, "id": "gone", "constants": {"left": 1}})
    edit(kernel, editor, {"edit": "remove_node", "id": "gone"})
    kernel.heard.clear()
    reply = kernel.ask(editor, op="undo")
    assert reply["result"]["ids"] == ["gone"]
    change = kernel.updates("graph_changed")[-1]
    assert [(node["id"], node["constants"]) for node in change["nodes"]] == [
        ("gone", {"left": 1})
    ]
    assert change["redo"].startswith("Delete")
