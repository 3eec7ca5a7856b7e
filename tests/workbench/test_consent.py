"""T36 and T37: what comes from elsewhere runs no code unasked, and nothing that is off.

The catalogue tries it through Dask too: there is no room for Dask here, so nothing to try.
"""

import json
from pathlib import Path
from typing import Any

import pytest

import agentbench as ab
from agentbench.domain.consent import CODE_FAMILIES, carries_code
from agentbench.domain.inside import AGENTS
from agentbench.formats.autogpt.catalogue import entries
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples


def document(code: str, *, name: str = "theirs", **more: Any) -> dict[str, Any]:
    """An agent that somebody sent: one node of code, whose result comes out."""
    return {
        "format": "agentbench/1",
        "name": name,
        "nodes": {
            "code": {"block": "python.expression", "constants": {"code": code}},
            "other": {"block": "values.constant", "constants": {"value": 1}},
            "out": {"block": "agent.output", "constants": {"name": "out"}},
        },
        "links": [{"from": "code.result", "to": "out.value"}],
        **more,
    }


def sent(folder: Path, agent: dict[str, Any]) -> Path:
    file = folder / f"{agent['name']}.agent.json"
    file.write_text(json.dumps(agent))
    return file


def touching(folder: Path) -> str:
    """Code that leaves a trace."""
    return f"__import__('pathlib').Path({str(folder / 'ran')!r}).write_text('x')"


def refused(run: Any) -> bool:
    errors = [failure.error for failure in run.failures]
    return errors in (["CodeNotTrusted"], ["SubAgentFailed"])


def test_t36_code_from_elsewhere_waits_for_consent(bench, tmp_path):
    graph = ab.open(sent(tmp_path, document(touching(tmp_path))))
    [said] = ab.check(graph)
    assert (said.node, said.level) == ("code", "warning")
    run = graph.run_sync()
    assert refused(run)
    said_so = run.failures[0].message
    assert "%agent trust theirs" in said_so
    assert "`agentbench trust theirs.agent.json`" in said_so
    assert not (tmp_path / "ran").exists()
    [seen] = ab.trust(graph)
    assert (seen.node, seen.code) == ("code", touching(tmp_path))
    assert ab.check(graph) == []
    assert graph.run_sync().outputs["out"] == [1]
    assert (tmp_path / "ran").read_text() == "x"


def test_t64_what_is_agreed_to_is_shown_whatever_holds_it(bench, tmp_path):
    """A program may be in a list, in a value, or come over a link."""
    nodes = {
        "makes": {"block": "values.constant", "constants": {"value": "1"}},
        "runs": {"block": "python.run"},
        "works": {
            "block": "python.expression",
            "constants": {"code": "1", "imports": ["antigravity"]},
        },
        "apart": {
            "block": "python.sandbox",
            "constants": {"code": "exec(inputs['x'])", "inputs": {"x": "evil()"}},
        },
    }
    agent = {"format": "agentbench/1", "name": "sent", "nodes": nodes}
    agent["links"] = [{"from": "makes.value", "to": "runs.code"}]
    seen = {it.node: it.code for it in ab.trust(sent(tmp_path, agent))}
    assert seen == {
        "apart": 'exec(inputs[\'x\'])\ninputs: {"x": "evil()"}',
        "runs": "code: whatever makes.value gives",
        "works": '1\nimports: ["antigravity"]',
    }


CHANGES = {
    "a byte of the code": lambda agent: agent["nodes"]["code"]["constants"].update(
        code="1 + 2"
    ),
    "what it imports": lambda agent: agent["nodes"]["code"]["constants"].update(
        imports=["os"]
    ),
    "another node": lambda agent: agent["nodes"]["other"]["constants"].update(value=2),
    "an option": lambda agent: agent["nodes"]["code"].update(options={"retries": 1}),
    "a link": lambda agent: agent["links"].append(
        {"from": "other.value", "to": "out.value"}
    ),
    "a node more": lambda agent: agent["nodes"].update(
        more={"block": "values.constant", "constants": {"value": 1}}
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_t36_any_change_is_refused_again(bench, tmp_path, change):
    agent = document("1 + 1")
    ab.trust(ab.Graph.from_json(json.dumps(agent)))
    assert ab.Graph.from_json(json.dumps(agent)).run_sync().outputs["out"] == [2]
    CHANGES[change](agent)
    assert refused(ab.Graph.from_json(json.dumps(agent)).run_sync())


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Any:
    """The way to everything in a document that is no container."""
    if isinstance(value, (dict, list)) and value:
        for key, inner in (
            value.items() if isinstance(value, dict) else enumerate(value)
        ):
            yield from _leaves(inner, (*path, key))
    else:
        yield path, value


def _changed(value: Any) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [
                value[:at] + chr(ord(value[at]) ^ 1) + value[at + 1 :]
                for at in range(len(value))
            ] + [value + " "]
        case _:
            return [["x"]]


def test_t36_consent_is_to_every_byte_of_what_may_be_done(bench):
    """Of code, the words of a command, and what a program may: one byte, each in turn."""
    from agentbench.domain.consent import consent_hash

    constants = {
        "shell.run": {"command": "ls -l a", "given": "x", "timeout": 5},
        "python.sandbox": {
            "code": "1 + 1",
            "offline": True,
            "memory": 64,
            "inputs": {"a": [1]},
        },
        "python.run": {"code": "a = 1", "names": ["a"]},
        "web.request": {"url": "https://a.b/c", "credential": "k"},
    }
    nodes = {
        f"n{at}": {"block": block, "constants": given, "options": {"timeout": 5.0}}
        for at, (block, given) in enumerate(constants.items())
    }
    agent = {"format": "agentbench/1", "name": "x", "nodes": nodes, "links": []}
    agreed = consent_hash(ab.Graph.from_json(json.dumps(agent)))
    tried = 0
    for path, value in _leaves(nodes):
        if path[1] == "block":
            continue
        for other in _changed(value):
            copy = json.loads(json.dumps(agent))
            place = copy["nodes"]
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = other
            tried += 1
            assert consent_hash(ab.Graph.from_json(json.dumps(copy))) != agreed, path
    assert tried > 40


def test_t36_a_change_on_the_canvas_is_refused_as_well(bench, tmp_path):
    graph = ab.open(sent(tmp_path, document("1 + 1")))
    ab.trust(graph)
    graph["code"]["code"] = "1 + 2"
    assert refused(graph.run_sync())
    graph.undo()
    assert not refused(graph.run_sync())
    graph["code"].set(title="Only its name")
    assert not refused(graph.run_sync())


def test_t36_another_version_of_the_block_is_refused(bench, tmp_path, monkeypatch):
    agent = json.dumps(document("1 + 1"))
    ab.trust(ab.Graph.from_json(agent))
    block = bench.blocks.block("python.expression")
    monkeypatch.setitem(vars(block), "version", "tomorrow's")
    assert refused(ab.Graph.from_json(agent).run_sync())


@pytest.mark.parametrize("where", ["inside", "a file", "the library"])
def test_t36_code_in_a_sub_agent_waits_too(bench, tmp_path, where):
    inner = document(touching(tmp_path), name="inner")
    call = "inner"
    if where == "a file":
        call = str(sent(tmp_path, inner))
    elif where == "the library":
        bench.store.save_agent("inner", json.dumps(inner), parent="", force=True)
    outer = {
        "format": "agentbench/1",
        "name": "outer",
        "nodes": {
            "call": {"block": "test.call", "constants": {"agent": call}},
        },
        "links": [],
    }
    if where == "inside":
        outer[AGENTS] = {"inner": inner}
    bench.blocks.register(calling(), replace=True)
    graph = ab.Graph.from_json(json.dumps(outer))
    assert refused(graph.run_sync())
    assert not (tmp_path / "ran").exists()
    assert [it.agent for it in ab.trust(graph)] == ["inner"]
    assert str(graph.run_sync().status) == "completed"
    (tmp_path / "ran").unlink()
    inner["nodes"]["code"]["constants"]["code"] += " "
    if where == "inside":
        graph = ab.Graph.from_json(json.dumps(outer))
    elif where == "a file":
        sent(tmp_path, inner)
    else:
        bench.store.save_agent("inner", json.dumps(inner), parent="", force=True)
    assert refused(graph.run_sync())
    assert not (tmp_path / "ran").exists()


def calling() -> Any:
    """A block that runs an agent, whatever it gives."""

    async def call(agent: str, *, context: ab.Context) -> Any:
        return await context.run_agent(agent, {})

    from agentbench.domain.function_block import FunctionBlock

    return FunctionBlock(call, id="test.call")


def test_t36_what_was_built_here_is_ones_own(bench, tmp_path):
    graph = ab.Graph("mine")
    graph.output("out", graph.add("python.expression", code="2 + 2"))
    assert graph.run_sync().outputs["out"] == [4]
    file = tmp_path / "mine.agent.json"
    graph["expression"]["code"] = "2 + 3"
    graph.save(file)
    other = other_kernel(bench)
    again = ab.open(file)
    assert again.run_sync().outputs["out"] == [5]
    again["expression"]["code"] = "2 + 4"
    assert again.run_sync().outputs["out"] == [6]
    other.close()


def test_t36_but_not_of_whoever_it_is_sent_to(bench, tmp_path):
    graph = ab.Graph("mine")
    graph.output("out", graph.add("python.expression", code="2 + 2"))
    file = tmp_path / "mine.agent.json"
    graph.save(file)
    assert not refused(graph.run_sync())
    other = other_kernel(bench, home=tmp_path / "somebody")
    assert refused(ab.open(file).run_sync())
    other.close()


def other_kernel(bench: Workbench, home: Path | None = None) -> Workbench:
    made = Workbench(
        Settings(
            home=home or bench.settings.home, store_url="memory:", redis_url="local:"
        )
    )
    with_samples(made.blocks)
    use_workbench(made)
    return made


def test_t36_consent_is_in_no_file_that_travels(bench, tmp_path):
    agent = document("1 + 1")
    graph = ab.open(sent(tmp_path, agent))
    before = graph.to_json()
    ab.trust(graph)
    graph.run_sync()
    graph.save(tmp_path / "again.agent.json", force=True)
    assert graph.to_json() == before
    [home] = [it for it in (tmp_path / "home").iterdir() if it.name == "consents"]
    assert home.stat().st_mode & 0o077 == 0
    hash = home.read_text().partition("\t")[0]
    for file in tmp_path.glob("*.json"):
        assert hash not in file.read_text()


@pytest.mark.parametrize("claim", ["is_own", "trusted", "consent", "own"])
def test_t36_a_file_cannot_say_that_it_is_trusted(bench, tmp_path, claim):
    from agentbench.domain.consent import consent_hash

    agent = document("1 + 1")
    hash = consent_hash(ab.Graph.from_json(json.dumps(agent)))
    agent |= {claim: True, "consents": [hash], "extra": {claim: hash}}
    agent["nodes"]["code"][claim] = True
    assert refused(ab.open(sent(tmp_path, agent)).run_sync())


def test_t36_no_message_of_the_canvas_gives_consent(bench, tmp_path):
    from agentbench.widgets import requests

    names = [name.lower() for name in vars(requests)]
    assert not [name for name in names if "trust" in name or "consent" in name]


def test_t36_it_stays_theirs_as_an_agent_of_its_own(bench, tmp_path):
    graph = ab.open(sent(tmp_path, document(touching(tmp_path))))
    ab.collapse(graph, "code", name="part")
    assert refused(graph.run_sync())
    assert not (tmp_path / "ran").exists()


def test_t36_and_as_a_part_of_ones_own(bench, tmp_path):
    theirs = sent(tmp_path, document(touching(tmp_path)))
    graph = ab.Graph("mine")
    ab.expand(graph, graph.add("agent.run", "call", agent=str(theirs)))
    assert refused(graph.run_sync())
    ab.trust(graph)
    assert not refused(graph.run_sync())


def test_t36_an_imported_agent_is_no_different(bench, tmp_path):
    raw = {"name": "flow", "connections": {}, "nodes": []}
    raw["nodes"] = [{"name": "x", "type": "n8n-nodes-base.code", "parameters": {}}]
    file = tmp_path / "flow.json"
    file.write_text(json.dumps(raw))
    graph = ab.import_agent(file).graph
    graph.output("out", graph.add("python.expression", "e", code=touching(tmp_path)))
    run = graph.run_sync()
    assert {failure.error for failure in run.failures} == {
        "BlockNotHere",
        "CodeNotTrusted",
    }
    assert not (tmp_path / "ran").exists()


def test_t36_the_shell_asks_for_both_consent_and_its_switch(
    bench, tmp_path, monkeypatch
):
    monkeypatch.delenv("AGENTBENCH_ALLOW_SHELL", raising=False)
    agent = document("1")
    agent["nodes"] = {
        "sh": {"block": "shell.run", "constants": {"command": f"touch {tmp_path}/ran"}}
    }
    agent["links"] = []
    graph = ab.open(sent(tmp_path, agent))
    assert refused(graph.run_sync())
    ab.trust(graph)
    assert "AGENTBENCH_ALLOW_SHELL=1" in graph.run_sync().failures[0].message
    monkeypatch.setenv("AGENTBENCH_ALLOW_SHELL", "1")
    assert not (tmp_path / "ran").exists()
    assert graph.run_sync().failures == []
    assert (tmp_path / "ran").exists()


# ---- T37 -------------------------------------------------------------------


@pytest.fixture
def strict(bench):
    """A kernel in which some blocks are switched off."""
    made = Workbench(
        Settings(
            home=bench.settings.home,
            store_url="memory:",
            redis_url="local:",
            blocks_off=("values.con*", "web.request"),
        )
    )
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


OFF = {"block": "values.constant", "constants": {"value": "x"}}


def off(run: Any) -> bool:
    return [failure.error for failure in run.failures] == ["BlockOff"]


def test_t37_a_block_that_is_off_is_refused_where_it_would_begin(strict):
    graph = ab.Graph("a")
    graph.add("values.constant", value="x")
    assert off(graph.run_sync())


def test_t37_by_another_name_too(strict):
    send = next(it for it in entries().values() if it.name == "SendWebRequestBlock")
    graph = ab.Graph("a")
    graph.add(send.ours, url="https://example.com", method="GET")
    run = graph.run_sync()
    assert off(run)
    assert "'web.request'" in run.failures[0].message


@pytest.mark.parametrize(
    ("kind", "parameters", "does"),
    [
        ("http_request", {"url": "https://example.com"}, "web.request"),
        ("rss_feed_read", {"url": "https://example.com"}, "web.feed"),
        ("crypto", {"value": "x"}, "encode.hash"),
        ("date_time", {}, "time.now"),
        ("chain_llm", {"text": "x"}, "ai.generate"),
        ("execute_workflow", {"workflowId": "x"}, "agent.run"),
    ],
)
def test_t37_nor_does_a_node_of_n8n_do_it(bench, kind, parameters, does):
    settings = {"home": bench.settings.home, "blocks_off": (does,)}
    made = Workbench(Settings(store_url="memory:", redis_url="local:", **settings))
    use_workbench(made)
    graph = ab.Graph("a")
    graph.add(f"n8n.{kind}", "it", main_0=[{"a": 1}], parameters=parameters)
    run = graph.run_sync()
    made.close()
    assert off(run)
    assert repr(does) in run.failures[0].message


def test_t37_in_a_sub_agent_and_in_an_old_version_of_it(strict, tmp_path):
    strict.blocks.register(calling(), replace=True)
    inner = {
        "format": "agentbench/1",
        "name": "inner",
        "nodes": {"off": OFF},
        "links": [],
    }
    strict.store.save_agent("inner", json.dumps(inner), parent="", force=True)
    safe = {**inner, "nodes": {"ok": {"block": "test.add", "constants": {"left": 1}}}}
    strict.store.save_agent("inner", json.dumps(safe), parent="", force=True)
    graph = ab.Graph("outer")
    graph.add("agent.run", agent="inner", version=1)
    run = graph.run_sync()
    assert [failure.error for failure in run.failures] == ["SubAgentFailed"]
    assert "switched off" in run.failures[0].message
    inside = {
        "format": "agentbench/1",
        "name": "outer",
        "nodes": {"call": {"block": "test.call", "constants": {"agent": "inside"}}},
        "links": [],
        AGENTS: {"inside": inner},
    }
    run = ab.Graph.from_json(json.dumps(inside)).run_sync()
    assert "switched off" in run.failures[0].message


def test_t37_what_autogpt_has_off_is_off_here_by_every_id(bench, tmp_path):
    install = next(
        it for it in entries().values() if it.name == "BlockInstallationBlock"
    )
    for id in (install.id, install.id.upper(), f" {install.id}"):
        raw = {"name": "x", "links": [], "nodes": []}
        raw["nodes"] = [{"id": "1", "block_id": id, "input_default": {"code": "1"}}]
        file = tmp_path / "x.json"
        file.write_text(json.dumps(raw))
        run = ab.import_agent(file).graph.run_sync()
        assert [failure.error for failure in run.failures] == ["BlockNotHere"]


def test_t37_an_unknown_block_runs_nowhere(bench, tmp_path):
    inner = {
        "format": "agentbench/1",
        "name": "inner",
        "nodes": {"x": {"block": "not.there"}},
        "links": [],
    }
    with pytest.raises(ab.AgentbenchError, match=r"not\.there"):
        ab.Graph.from_json(json.dumps(inner)).run_sync()
    bench.blocks.register(calling(), replace=True)
    outer = ab.Graph("outer")
    outer.add("test.call", agent=str(sent(tmp_path, inner)))
    [failure] = outer.run_sync().failures
    assert "not.there" in failure.message


def test_t36_every_block_that_holds_a_program_waits_for_consent(bench):
    found = [block for block in ab.find_blocks() if block.family in CODE_FAMILIES]
    assert found
    assert [block.id for block in found if not carries_code(block)] == []
    theirs = [it for it in entries().values() if it.family == "code"]
    for entry in theirs:
        block = bench.blocks.block(entry.ours)
        assert block.carries_code or block.missing
