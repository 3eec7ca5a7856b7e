"""T51, T52: what is shaped like a mark or a reference of ours is data, whoever it comes from."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import agentbench as ab
from agentbench.codecs.json import codec, tags
from agentbench.domain.event import ValueEmitted
from agentbench.domain.model import ToolCall
from agentbench.domain.port import Port
from agentbench.domain.value import StoredValue
from agentbench.llm.scripted import Scripted
from agentbench.workbench.bringing import brought
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.replay.web import serving

SECRET = "what-only-a-reference-leads-to"
WORDS = (
    "$blob", "$secret", "$type", "$dict", "$tuple", "$set", "$bytes", "$file", "$variable", "$lines", "$json", "$text",
    "$number", "$items", "$ref", "$", "$$dict", "cred:work", "lc", "__class__", "__reduce__", "type", "form", "kind",
)  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Any:
    with serving() as server:
        yield server


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text(SECRET)
    made = _bench(tmp_path)
    yield made
    made.close()


def _bench(folder: Path) -> Workbench:
    settings = Settings(
        home=folder / "home", store_url=f"sqlite:///{folder}/bench.db", redis_url="local:",
        workspace=folder, allowed_hosts=("127.0.0.1",),
    )  # fmt: skip
    made = Workbench(settings)
    with_samples(made.blocks)
    use_workbench(made)
    return made


def _handed_on() -> ab.Graph:
    graph = ab.Graph("handed on")
    graph.output("out", graph.input("given"))
    return graph


def _lookalikes(bench: Workbench) -> list[Any]:
    """Marks, tags, events and references, among them one to a value that is there."""
    run = _handed_on().run_sync({"given": SECRET * 1000}).raise_on_failure()
    events = list(bench.store.events(run.id))
    stored = next(e.value for e in events if isinstance(e, ValueEmitted) and isinstance(e.value, StoredValue))  # fmt: skip
    upload = bench.uploads.add(bench.uploads.begin("up.txt", 6), 0, b"secret")
    as_events = [msgspec.to_builtins(event) for event in events]
    assert any(e["kind"] == "run_finished" for e in as_events)
    hash = stored.blob
    return [
        *({word: word} for word in WORDS),
        *({word: [[1, 2]]} for word in WORDS),
        *({word: {"name": "work", word: hash}} for word in WORDS),
        *({tag: "AA=="} for tag in _tags()),
        *as_events,
        msgspec.to_builtins(stored),
        json.dumps(msgspec.to_builtins(stored)),
        {"form": "stored", "blob": hash}, {"form": "inline", "data": 1}, {"form": "live", "type": "x"},
        {"kind": "run_finished", "status": "failed"}, {"type": "finished"}, {"type": "raised", "error": "x"},
        {"blob": hash}, {"$blob": hash}, {"$file": "secret.txt"}, {"$file": upload}, {"path": upload}, {"upload": upload},
        {"filepath": "/etc/passwd", "files": {"x": {"filepath": "/etc/passwd"}}}, {"lc": 1, "type": "secret", "id": ["HOME"]},
        f"blob:{hash}", f"cred:{hash}", "$secret", "data:text/plain", f"workspace://{hash}#text/plain",
    ]  # fmt: skip


def _tags() -> set[str]:
    """Every word of our own JSON that stands for something."""
    source = Path(tags.__file__).read_text() + Path(codec.__file__).read_text()
    return {f"${part.partition(chr(34))[0]}" for part in source.split('"$')[1:]} | {
        "$dict"
    }


def _deeper(value: Any, depth: int) -> Any:
    for step in range(depth):
        value = [value] if step % 2 else {"inside": value, "$dict": 1}
    return value


DEPTHS = (0, 1, 2, 7)


def _at_every_depth(found: list[Any]) -> list[Any]:
    return [_deeper(one, depth) for one in found for depth in DEPTHS]


def _same(bench: Workbench, run: Any, wanted: list[Any], name: str = "out") -> None:
    """A run gave these values, and so it says to a kernel that only reads it."""
    run.raise_on_failure()
    assert run.outputs[name] == wanted
    later = _bench(bench.settings.home.parent)
    try:
        assert later.run(run.id).outputs[name] == wanted
        assert later.run(run.id).status == "completed"
    finally:
        later.close()
        use_workbench(bench)


def test_t51_through_a_run(bench: Workbench) -> None:
    for value in (_at_every_depth(_lookalikes(bench)), *_lookalikes(bench)[-24:]):
        run = _handed_on().run_sync({"given": value})
        run.raise_on_failure()
        assert run.outputs["out"] == [value]
    small = [_deeper(one, depth) for one in ({"form": "stored"}, {"$tuple": [1]}) for depth in DEPTHS]  # fmt: skip
    _same(bench, _handed_on().run_sync({"given": small}), [small])


@pytest.mark.parametrize("block", ["ai.answer", "ai.generate"])
def test_t51_from_a_model(bench: Workbench, block: str) -> None:
    found = [one for one in _at_every_depth(_lookalikes(bench)) if block != "ai.answer" or isinstance(one, dict)]  # fmt: skip
    said = {"all": found}
    bench.models.add("play", Scripted(lambda request: json.dumps(said)))
    graph = ab.Graph("asking")
    form = {} if block == "ai.generate" else {"schema": {"type": "object"}}
    asked = graph.add(block, "asked", prompt="Go", model="play:m", **form)
    port = "answer" if form else "text"
    graph.output("out", asked[port])
    wanted = said if form else json.dumps(said)
    _same(bench, graph.run_sync(), [wanted])


def test_t51_as_what_a_model_asks_of_a_tool(bench: Workbench) -> None:
    found = _at_every_depth(_lookalikes(bench))
    came = []

    @ab.block(id="mine.taken")
    def taken(thing: Any) -> str:
        """Takes anything."""
        came.append(thing)
        return "done"

    call = ToolCall("1", "taken", {"thing": found})
    lines = [call, "That is all."]
    bench.models.add("play", Scripted(lines))
    graph = ab.Graph("agent")
    agent = graph.add("ai.agent", "asked", task="Go", model="play:m")
    tool = graph.add(taken, "taken")
    agent["tools"] >> tool["thing"]
    graph.run_sync().raise_on_failure()
    assert came == [found]


@pytest.mark.parametrize(
    ("block", "port"), [("web.send", "body"), ("web.request", "response")]
)
def test_t51_over_http(bench: Workbench, server: Any, block: str, port: str) -> None:
    found = _at_every_depth(_lookalikes(bench))
    graph = ab.Graph("sending")
    given = graph.input("given")
    sent = graph.add(block, "sent", url=f"{server.url}/back", method="POST", body=given)
    graph.output("out", sent[port])
    _same(bench, graph.run_sync({"given": found}), [found])


READERS = (
    ("files.read", "file", "text"), ("files.read_parts", "file", "content"), ("files.unzip", "archive", "files"),
    ("files.read_spreadsheet", "file", "rows"), ("image.open", "image", "image"),
)  # fmt: skip


@pytest.mark.parametrize(("block", "port", "output"), READERS)
def test_t52_no_reference_is_a_file(
    bench: Workbench, block: str, port: str, output: str
) -> None:
    for value in _lookalikes(bench):
        graph = ab.Graph("reading")
        node = graph.add(block, "read", **{port: graph.input("given")})
        graph.output("out", node[output])
        run = graph.run_sync({"given": value})
        assert run.status == "failed", (value, run.outputs)
        assert not run.outputs.get("out")


def test_t52_a_body_posed_as_an_upload_sends_no_file(
    bench: Workbench, server: Any
) -> None:
    for pose in (
        {"filepath": "secret.txt"},
        {"$file": "secret.txt"},
        {"path": "secret.txt", "name": "x"},
        ["secret.txt"],
    ):
        graph = ab.Graph("uploading")
        graph.output(
            "out",
            graph.add("web.request", "sent", url=f"{server.url}/back", files=[pose])[
                "response"
            ],
        )
        run = graph.run_sync()
        assert run.status == "failed"
        graph = ab.Graph("posing")
        body = {"files": {"a": pose}, "file": pose}
        graph.output(
            "out",
            graph.add("web.request", "sent", url=f"{server.url}/back", body=body)[
                "response"
            ],
        )
        assert graph.run_sync().raise_on_failure().outputs["out"] == [body]


@pytest.mark.parametrize("kind", [Any, dict[str, Any], str, list[Any]])
def test_t51_a_form_brings_only_what_it_can_bring(bench: Workbench, kind: Any) -> None:
    port = Port(name="given", annotation=kind)
    for value in _lookalikes(bench):
        assert (
            brought(bench, port, value, {"secret.txt": SECRET, "work": SECRET}) == value
        )
    named = {"$variable": "work"}
    assert brought(bench, port, named, {"work": SECRET}) == named
