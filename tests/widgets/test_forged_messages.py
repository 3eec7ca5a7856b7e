"""T36, from the page: no message that a view can send makes a stranger's code run."""

import json
import random
from pathlib import Path

from agentbench.domain.errors import CodeNotTrusted

OPS = (
    "trust", "consent", "allow", "agree", "own", "Trust", "run", "edit", "paste", "pin", "save", "fork",
    "answer", "insert", "duplicate", "undo", "expand", "collapse", "sync", "show_run",
)  # fmt: skip
CLAIMS = ("trusted", "is_own", "own", "consent", "consents", "force", "is_trusted")


def test_t36_no_message_gives_consent(kernel, tmp_path: Path) -> None:
    ran, file = tmp_path / "ran", tmp_path / "theirs.agent.json"
    code = f"__import__('pathlib').Path({str(ran)!r}).write_text('x')"
    theirs = {
        "format": "agentbench/1",
        "name": "theirs",
        "nodes": {"code": {"block": "python.expression", "constants": {"code": code}}},
        "links": [],
    }
    file.write_text(json.dumps(theirs))
    shown = kernel.run(f"graph = ab.open({str(file)!r}); graph")
    view = shown.editor
    assert kernel.ask(view, op="sync", since=-1)["ok"]
    dice = random.Random(7)
    graph_hash = kernel.run(
        "from agentbench.domain.consent import consent_hash\nprint(consent_hash(graph))"
    ).text.strip()
    values = (True, graph_hash, [graph_hash], {"hash": graph_hash}, "theirs", "code", 1)
    for op in OPS:
        for claim in CLAIMS:
            kernel.ask(view, op=op, **{claim: dice.choice(values)})
    for _ in range(100):
        words = {dice.choice(CLAIMS + ("node", "edits", "graph", "agent")): dice.choice(values) for _ in range(3)}
        kernel.ask(view, op=dice.choice(OPS), **words)
    kernel.run("run = graph.run_sync()")
    told = kernel.run("print([it.error for it in run.failures])").text
    assert CodeNotTrusted.__name__ in told
    assert not ran.exists()
    kernel.run("ab.trust(graph); graph.run_sync()")
    assert ran.exists(), "else there was nothing to keep back"


CENSUS = """
import importlib.metadata, json
from ipywidgets.widgets.widget import _instances

def is_ours(function):
    return type(getattr(function, "__self__", None)).__module__.startswith("agentbench")

shell = get_ipython()
magics = shell.magics_manager.magics
points = importlib.metadata.distribution("agentbench").entry_points
print(json.dumps({
    "magics": sorted(f"{kind} {name}" for kind in magics for name, it in magics[kind].items() if is_ours(it)),
    "targets": sorted(shell.kernel.comm_manager.targets),
    "entry points": sorted(f"{it.group} {it.name}" for it in points),
    "widgets": sorted({type(it).__name__ for it in _instances.values() if is_ours(it.add_traits)}),
}))
"""
WIDGETS = """
graph = ab.new("census", blank=True)
graph.output("out", graph.add("text.template", template="x"))
run = graph.run_sync()
display(graph, run, run.timeline(), ab.form(graph), ab.credentials)
ab.inspector(seven=7)
"""
FUZZ = """
import collections, hashlib, logging, pathlib, random, threading
from agentbench.widgets import form_requests, pump, requests

faults = []
class Ear(logging.Handler):
    def emit(self, record):
        faults.append(self.format(record)[-1_500:])
ear = Ear(logging.WARNING)
logging.getLogger().addHandler(ear)

def state():
    kept = [graph.to_json(), *map(str, ab.runs()), *map(str, ab.agents()), repr(ab.credentials)]
    files = sorted(str(it) for it in pathlib.Path().rglob("*"))
    return json.dumps([kept, files, len(_instances)])

fields = sorted({
    field for room in (requests, form_requests) for it in vars(room).values()
    if hasattr(it, "model_fields") for field in it.model_fields
} - {"op"})
ops = sorted({
    it.model_fields["op"].default for room in (requests, form_requests)
    for it in vars(room).values() if "op" in getattr(it, "model_fields", {})
})
deep = []
for _ in range(200):
    deep = [deep]
values = (
    None, True, -1, 10**30, float("nan"), "", "census", "\\ud800", "../../x", "a" * 10_000, [], {}, [[]], deep,
    {"edit": "remove_node", "id": "template"}, [{"edit": "remove_node"}], {"__class__": "x"}, {"$secret": "x"},
)
dice = random.Random(57)
def forged():
    if dice.random() < 0.02:
        return dice.choice((None, [], "sync", 7, [{}]))
    message = {dice.choice(fields): dice.choice(values) for _ in range(dice.randrange(6))}
    message["op"] = dice.choice(ops) if dice.random() < 0.9 else dice.choice(values)
    if dice.random() < 0.7:
        message |= {"client": "c", "rid": dice.randrange(10**6)}
    return message | {"unheard of": dice.choice(values)}  # so that nothing of it may be done

before = state()
shown = [it for it in _instances.values() if is_ours(it.add_traits)]
for number in range(10_000):
    shown[number % len(shown)]._handle_custom_msg(forged(), [])
looking = workbench().looking
for seen in [looking.submit(int) for _ in range(100)]:
    seen.result(60)
done = threading.Event()
pump.PUMP.call(done.set)
assert done.wait(60)
logging.getLogger().removeHandler(ear)
print(json.dumps([len(shown), len(ops), before == state(), faults[:3]]))
"""


def test_t57_what_can_be_asked_is_what_was_reviewed(kernel) -> None:
    """No route, no socket and no comm of our own: two magics, and widgets that Jupyter carries.

    What listens is in T55: nothing by itself, and what is started takes a token.
    """
    assert kernel.run(WIDGETS).error == ""
    said = kernel.run(CENSUS)
    assert said.error == ""
    assert json.loads(said.text) == {
        "magics": ["cell block", "line agent"],
        "targets": ["jupyter.widget", "jupyter.widget.control"],
        "entry points": ["console_scripts agentbench", "pytest11 agentbench"],
        "widgets": [
            "AgentForm",
            "CredentialsWidget",
            "GraphEditor",
            "Inspector",
            "RunCard",
            "RunTimeline",
        ],
    }
    said = kernel.run(FUZZ, timeout=120)
    assert said.error == ""
    widgets, ops, is_same, faults = json.loads(said.text.splitlines()[-1])
    assert (widgets >= 6, ops > 40, is_same, faults) == (True, True, True, [])
