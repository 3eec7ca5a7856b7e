"""What forms ask of a real kernel: from the canvas, and from a form in a cell."""

import json
from pathlib import Path

import pytest

BUILD = """
graph = ab.Graph({name!r})
topic = graph.add("agent.input", "topic", name="topic", type="choice", choices=["rain", "sun"])
size = {{"type": "object", "properties": {{"n": {{"type": "integer", "maximum": 9}}}}, "required": ["n"]}}
sized = graph.add("agent.input", "size", name="size", schema=size)
code = graph.add("agent.input", "code", name="code", type="text", secret=True, default="0000")
graph.output("topic", topic)
graph.output("size", sized)
form = graph.form()
form
"""


@pytest.fixture
def form(kernel, request):
    """The comm of the form of a fresh agent; it is `form` in the kernel."""
    shown = kernel.run(BUILD.format(name=request.node.name))
    assert shown.error == ""
    kernel.heard.clear()
    return shown.editor


def said(kernel, code):
    ran = kernel.run(f"import json; print(json.dumps({code}))")
    assert ran.error == ""
    return json.loads(ran.text)


def test_a_form_says_what_is_wrong_as_one_types(kernel, form):
    state = kernel.ask(form, op="look_at_form")["result"]
    assert [port["name"] for port in state["ports"]] == ["code", "size", "topic"]
    assert state["ports"][0]["schema"]["writeOnly"]
    assert state["runs"]
    wrong = {"topic": "snow", "size": {"n": 10}}
    told = kernel.ask(form, op="check", values=wrong)["result"]["faults"]
    assert told == [
        {"path": ["topic"], "text": "It takes 'rain', 'sun'."},
        {"path": ["size", "n"], "text": "It should be at most 9."},
    ]
    half = kernel.ask(form, op="check", values={"size": {}})["result"]["faults"]
    assert half == [{"path": ["size", "n"], "text": "This is needed."}]
    refused = kernel.ask(form, op="run_form", values=wrong)
    assert (refused["ok"], refused["code"]) == (False, "InputError")


def test_a_form_runs_its_agent_and_its_value_is_to_be_had(kernel, form):
    values = {"topic": "sun", "size": {"n": {"$int": "5"}}}
    assert kernel.ask(form, op="set_form", values=values)["ok"]
    assert said(kernel, "form.value") == {"code": "0000", "topic": "sun", "size": {"n": 5}}
    assert said(kernel, "[str(fault) for fault in form.problems]") == []
    # What is secret goes along once, and is not offered again.
    assert kernel.ask(form, op="run_form", values={**values, "code": "1234"})["ok"]
    assert kernel.run("form.run.wait()").error == ""
    assert said(kernel, "dict(form.outputs)") == {"topic": ["sun"], "size": [{"n": 5}]}
    state = kernel.ask(form, op="look_at_form")["result"]
    assert state["status"] == "completed"
    texts = {it["output"]: it["bundle"]["data"]["text/plain"] for it in state["results"]}
    assert texts == {"topic": "sun", "size": "{'n': 5}"}
    last = kernel.ask(form, op="last_inputs")["result"]
    assert last == {"inputs": {"topic": "sun", "size": {"n": 5}}}

    before = state["turn"]
    assert kernel.run("graph.add('agent.input', 'late', name='late', default=3)").error == ""
    kernel.run("import time\nwhile form.turn == %d: time.sleep(0.02)" % before)
    state = kernel.ask(form, op="look_at_form")["result"]
    assert [port["name"] for port in state["ports"]] == ["code", "late", "size", "topic"]
    assert said(kernel, "form.value")["late"] == 3
    assert kernel.run("form.value = {'topic': 'rain'}").error == ""
    state = kernel.ask(form, op="look_at_form")["result"]
    assert state["values"] == {"topic": "rain"}
    assert state["turn"] >= before
    assert said(kernel, "[str(fault) for fault in form.problems]") == [
        "size: This is needed."
    ]


def test_a_form_of_a_schema_or_a_model_only_asks(kernel):
    shown = kernel.run(
        "from pydantic import BaseModel\n"
        "class Point(BaseModel):\n    x: int\n    name: str = 'here'\n"
        "asked = ab.form(Point); asked"
    )
    assert shown.bundles[-1]["text/plain"] == "<form of 'Point': x, name>"
    kernel.heard.clear()
    state = kernel.ask(shown.editor, op="look_at_form")["result"]
    assert not state["runs"]
    told = kernel.ask(shown.editor, op="check", firing=0, values={"x": "a"})["result"]
    assert told["faults"] == [{"path": ["x"], "text": "It should be a whole number."}]
    large = {"x": {"$int": "9007199254740993"}}
    assert kernel.ask(shown.editor, op="set_form", values=large)["ok"]
    ran = kernel.run("print(asked.value)")
    assert ran.text.strip() == "x=9007199254740993 name='here'"
    again = kernel.ask(shown.editor, op="look_at_form")["result"]
    assert again["values"] == large

    one = kernel.run("one = ab.form({'type': 'integer', 'minimum': 3}); one.value = 2; one")
    assert said(kernel, "[one.value, [str(it) for it in one.problems]]") == [
        2,
        ["It should be at least 3."],
    ]
    assert one.bundles[-1]["text/plain"] == "<form: answer>"
    refused = kernel.run("ab.form({'type': 3})")
    assert "InputError" in refused.error


def test_a_file_comes_in_parts_and_is_kept_once(kernel, form, tmp_path):
    data = bytes(range(256)) * 10
    paths = set()
    for name in ("a b.txt", "../../a b.txt"):
        begun = kernel.ask(form, op="begin_upload", name=name, size=len(data))
        upload = {"op": "upload", "upload": begun["result"]["upload"]}
        half = kernel.ask(form, buffers=[data[:1000]], at=0, **upload)
        assert half["result"]["path"] == ""
        # The reply to a part may be lost, and the part be sent again.
        again = kernel.ask(form, buffers=[data[:1000]], at=0, **upload)
        assert again["result"]["path"] == ""
        whole = kernel.ask(form, buffers=[data[1000:]], at=1000, **upload)
        paths.add(whole["result"]["path"])
    [path] = paths
    assert Path(path).name == "a b.txt"
    assert Path(path).read_bytes() == data
    assert not list(Path(path).parent.parent.glob("*.part"))

    begun = kernel.ask(form, op="begin_upload", name="x", size=10)["result"]["upload"]
    late = kernel.ask(form, op="upload", upload=begun, at=5, buffers=[b"12345"])
    assert "out of order" in late["error"]
    gone = kernel.ask(form, op="upload", upload=begun, at=0, buffers=[b"12345"])
    assert "choose it again" in gone["error"]
    large = kernel.ask(form, op="begin_upload", name="x", size=2**40)
    assert "at most" in large["error"]


def test_a_credential_is_added_from_a_form_and_its_secret_never_comes_back(
    kernel, form, editor
):
    secret = "canary-typed-into-a-form"
    for at, comm in enumerate((form, editor)):
        add = {"op": "add_credential", "kind": "api_key", "hosts": ["api.example.com"]}
        told = kernel.ask(comm, name=f"mine-{at}", secret=secret, **add)
        assert told["ok"], told
        names = [one["name"] for one in told["result"]["credentials"]]
        assert f"mine-{at}" in names
        refused = kernel.ask(comm, name="Not a name", secret=secret, **add)
        assert "small letters" in refused["error"]
        nothing = kernel.ask(comm, name="empty", secret="", **add)
        assert "is empty" in nothing["error"]
    assert secret not in json.dumps(kernel.heard, default=str)


def test_the_canvas_asks_about_nodes_and_about_questions(kernel, editor):
    built = kernel.run(
        "graph.add('text.split', 'cut', text='a-b')\n"
        "form = {'type': 'object', 'properties': {'to': {'type': 'string', 'minLength': 3}},"
        " 'required': ['to']}\n"
        "asks = graph.add('human.ask', 'ask', question='Where?', form=form)\n"
        "run = graph.start()"
    )
    assert built.error == ""
    told = kernel.ask(editor, op="check", node="cut", values={"text": 4})
    assert [fault["path"] for fault in told["result"]["faults"]] == [["text"]]
    assert kernel.run("import time\nwhile not ab.waiting(): time.sleep(0.02)").error == ""
    told = kernel.ask(editor, op="check", node="ask", firing=1, values={"to": "ab"})
    assert told["result"]["faults"] == [
        {"path": ["to"], "text": "It needs at least 3 characters."}
    ]
    unknown = kernel.ask(editor, op="check", node="nowhere", values={})
    assert (unknown["ok"], unknown["code"]) == (False, "UnknownNode")
    source = kernel.ask(editor, op="late", name="code-editor")["result"]["js"]
    assert len(source) > 100_000


BRINGS = """
import pathlib, io, pandas
from PIL import Image
pathlib.Path("inside/deep").mkdir(parents=True, exist_ok=True)
frame = pandas.DataFrame({"n": [1, 2]})
picture = Image.new("RGB", (3, 2))
brings = ab.Graph("brings")
for name, kind in (("rows", "table"), ("logo", "image"), ("place", "folder")):
    brings.output(name, brings.add("agent.input", name, name=name, type=kind))
brought = brings.form()
brought
"""


def test_tables_images_and_folders_are_brought_to_a_run(kernel):
    shown = kernel.run(BRINGS)
    assert shown.error == ""
    form = shown.editor
    names = {
        kind: kernel.ask(form, op="variables", kind=kind)["result"]["names"]
        for kind in ("table", "image", "chart")
    }
    assert names == {"table": ["frame"], "image": ["picture"], "chart": []}
    assert {"inside", "inside/deep"} <= set(
        kernel.ask(form, op="folders")["result"]["paths"]
    )

    def uploaded(name, data):
        begun = kernel.ask(form, op="begin_upload", name=name, size=len(data))
        upload = begun["result"]["upload"]
        whole = kernel.ask(form, op="upload", upload=upload, at=0, buffers=[data])
        return {"$file": whole["result"]["path"]}

    def faults(**values):
        told = kernel.ask(form, op="check", values=values)["result"]["faults"]
        return [fault["text"] for fault in told]

    table = uploaded("a.csv", b"city,n\nOslo,3\n")
    assert faults(rows=table, logo={"$variable": "picture"}, place="inside/deep") == []
    [gone] = faults(logo={"$variable": "nothing"})
    assert "no variable 'nothing'" in gone
    for path in ("../..", "/etc", "inside/other"):
        [why] = faults(place=path)
        assert "workspace" in why
    [elsewhere] = faults(rows={"$file": "/etc/passwd"})
    assert "elsewhere" in elsewhere

    # A node, which lasts longer than the notebook, takes files only.
    at_node = {"op": "check", "node": "rows", "values": {"default": {"$variable": "frame"}}}
    [lasting] = kernel.ask(form, **at_node)["result"]["faults"]
    assert "a node takes a file" in lasting["text"]
    at_node["values"] = {"default": {"$file": "no.csv"}}
    [lost] = kernel.ask(form, **at_node)["result"]["faults"]
    assert "'no.csv', which is not there" in lost["text"]
    kernel.run("pathlib.Path('inside/b.csv').write_text('n\\n1\\n')")
    found = kernel.ask(form, op="folders", kind="table")["result"]["paths"]
    assert "inside/b.csv" in found
    values = {"rows": table, "logo": {"$variable": "picture"}, "place": "inside"}
    assert kernel.ask(form, op="run_form", values=values)["ok"]
    assert kernel.run("brought.run.wait()").error == ""
    code = "[brought.outputs['rows'][0].to_dict('list'), brought.outputs['logo'][0].size]"
    assert said(kernel, code) == [{"city": ["Oslo"], "n": [3]}, [3, 2]]
    assert said(kernel, "list(brought.value['rows'].columns)") == ["city", "n"]
    last = kernel.ask(form, op="last_inputs")["result"]["inputs"]
    assert last == values
    for wrong, why in (
        ({"rows": {"$variable": "picture"}}, "which is no table"),
        ({"rows": uploaded("a.doc.zip", b"PK")}, "Known are .csv"),
        ({"logo": uploaded("a.png", b"no image")}, "is no image"),
        ({"place": "../.."}, "leads out of folders"),
    ):
        refused = kernel.ask(form, op="run_form", values={**values, **wrong})
        assert why in refused["error"], refused
