"""Files in AutoGPT's format, old and new: nothing of them is lost, and they run.

Each file was written for these tests, and stands for one or two features of the format.
"""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

import agentbench as ab
from agentbench.domain.model import ToolCall
from agentbench.formats.autogpt.catalogue import entries
from agentbench.llm.scripted import Scripted

FILES = Path(__file__).parent / "files"
NAMES = sorted(file.stem for file in FILES.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text())
    return found


def ran(name: str, **inputs: Any) -> Any:
    return ab.import_agent(FILES / f"{name}.json").graph.run_sync(inputs)


# ---- nothing is lost -------------------------------------------------------


def test_there_are_files_of_both_styles() -> None:
    assert len(NAMES) >= 15
    assert sum(name.startswith("old-") for name in NAMES) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_file_is_lost(name: str) -> None:
    found = ab.import_agent(FILES / f"{name}.json")
    raw = read(name)
    assert found.lost == []
    assert len(found.graph.nodes) == len(raw["nodes"])
    assert json.loads(ab.export_agent(found.graph)) == raw


@pytest.mark.parametrize("name", NAMES)
def test_nor_is_it_by_way_of_our_own_document(name: str, tmp_path: Path) -> None:
    graph = ab.import_agent(FILES / f"{name}.json").graph
    file = tmp_path / "a.agent.json"
    graph.save(file)
    again = ab.Graph.from_json(file.read_text())
    assert json.loads(ab.export_agent(again)) == read(name)


@pytest.mark.parametrize("seed", range(40))
def test_any_agent_comes_out_as_it_went_in(seed: int, tmp_path: Path) -> None:
    raw = any_agent(random.Random(seed))
    file = tmp_path / "any.json"
    file.write_text(json.dumps(raw))
    found = ab.import_agent(file)
    assert found.lost == []
    assert json.loads(ab.export_agent(found.graph)) == raw


def test_what_is_changed_here_is_changed_in_the_file() -> None:
    graph = ab.import_agent(FILES / "greeting.json").graph
    graph["write-it"]["format"] = "Bye {{ name }}{{ mark }}"
    graph["write-it"].set(title="Say goodbye")
    out = json.loads(ab.export_agent(graph))
    wanted = read("greeting")
    node = wanted["nodes"][1]
    node["input_default"]["format"] = "Bye {{ name }}{{ mark }}"
    node["metadata"]["customized_name"] = "Say goodbye"
    assert out == wanted


# ---- they run --------------------------------------------------------------

RUNS: dict[str, tuple[dict[str, Any], dict[str, list[Any]]]] = {
    "greeting": ({"who": "Ada"}, {"greeting": ["Hello Ada!"]}),
    "old-shopping-list": ({}, {"list": ["milk, bread, eggs"]}),
    "places-in-lists": ({}, {"list": [["one", "zero", "last"]], "never": []}),
    "objects-and-nested-pins": (
        {},
        {
            "card": [
                {
                    "kind": "person",
                    "home": {"city": "London"},
                    "tags": ["poems"],
                    "name": "Ada",
                }
            ]
        },
    ),
    "a-static-value-for-every-item": ({}, {"line": ["> a", "> b", "> c"]}),
    "two-streams-in-pairs": ({}, {"sum": [11, 22]}),
    "count-up-in-a-loop": ({}, {"reached": [5]}),
    "sub-agents": ({}, {"said": ["Please: come in!"]}),
    "three-deep-of-a-library": ({"text": "a"}, {"said": ["<a>"]}),
    "old-sub-agent": ({}, {"loud": ["So it is!"]}),
    "notes-titles-and-places": ({}, {"value": ["kept"]}),
    "every-kind-of-input": (
        {"choice": "green"},
        {
            "my_short": ["a"],
            "my_long": ["a\nb"],
            "my_number": [4],
            "my_date": ["2026-05-04"],
            "my_time": ["09:30:00"],
            "my_file": ["notes.txt"],
            "my_choice": ["green"],
            "my_toggle": [True],
            "my_table": [[{"a": "1"}]],
        },
    ),
    "outputs-with-a-format": (
        {},
        {"html": ["[&lt;b&gt;]"], "again": ["[&lt;b&gt;]"], "called": ["html"]},
    ),
    "odd-but-whole": ({}, {"n": [1], "zero": [0]}),
    "a-webhook-brings-it": ({}, {"line": ["north: paid"]}),
}


@pytest.mark.parametrize("name", RUNS)
def test_an_imported_agent_gives_what_autogpt_gives(name: str) -> None:
    inputs, outputs = RUNS[name]
    run = ran(name, **inputs)
    assert (str(run.status), dict(run.outputs)) == ("completed", outputs), run.failures


def test_a_handled_error_takes_its_own_way() -> None:
    run = ran("an-error-that-is-handled")
    assert str(run.status) == "completed"
    assert run.outputs["number"] == []
    [said] = run.outputs["trouble"]
    assert "'seven'" in said


def test_what_comes_too_late_is_reported() -> None:
    run = ran("two-streams-in-pairs")
    assert sum(run.unfired.values()) == 1


def test_a_placeholder_says_what_is_missing_and_lets_the_rest_run() -> None:
    found = ab.import_agent(FILES / "blocks-that-are-not-here.json")
    [lacking] = found.report()["unsupported"]
    assert lacking["block"] == "SearchStoreAgentsBlock"
    [said] = ab.check(found.graph)
    assert (said.level, said.node) == ("warning", lacking["node"])
    run = found.graph.run_sync()
    assert str(run.status) == "failed"
    assert run.outputs["letters"] == [len("rain")]
    [failure] = run.failures
    assert failure.node == lacking["node"]
    assert "SearchStoreAgents" in failure.message


def test_a_server_that_a_file_names_is_not_called_before_somebody_adds_it() -> None:
    found = ab.import_agent(FILES / "a-tool-of-a-server.json")
    assert found.report()["unsupported"] == []
    [failure] = found.graph.run_sync().failures
    assert failure.error == "CodeNotTrusted"
    ab.trust(found.graph)
    [failure] = found.graph.run_sync().failures
    assert "'https://mcp.example.com/mcp' has been added here" in failure.message


def test_a_retired_id_is_known_by_its_new_one_or_kept() -> None:
    found = ab.import_agent(FILES / "old-retired-blocks.json")
    assert found.report()["unsupported"] == [
        {"node": "unknown", "block": "b2g2c3d4-5e6f-7g8h-9i0j-k1l2m3n4o5p6"}
    ]
    run = found.graph.run_sync()
    assert run.outputs["ping"] == ["done", "done"]
    assert {failure.node for failure in run.failures} == {"unknown"}


def test_models_are_asked_with_the_credential_by_its_name() -> None:
    found = ab.import_agent(FILES / "a-model-writes.json")
    assert any("credentials add openai" in note for note in found.notes)
    assert "5c1b7a52" not in json.dumps(
        dict(found.graph.nodes["ai-text-generator"].constants)
    )
    model = Scripted(["It rains.", json.dumps({"title": "Rain", "mood": "wet"})])
    ab.model_provider("openai", model)
    run = found.graph.run_sync(topic="rain")
    assert dict(run.outputs) == {"text": ["It rains."], "mood": ["wet"]}, run.failures
    asked = model.requests[0]
    assert asked.model == "openai:gpt-4o"
    assert [m.text for m in asked.messages] == ["Be brief.", "Write about rain."]


def test_an_orchestrator_calls_the_nodes_that_its_tools_lead_to() -> None:
    call = ToolCall(id="1", tool="times", arguments={"a": 6, "b": 7})
    model = Scripted([call, "It is 42."])
    ab.model_provider("openai", model)
    run = ran("tools-until-done")
    assert run.outputs["answer"] == ["It is 42."], run.failures
    assert run.nodes["times"].firings[1].status == "completed"


def test_an_orchestrator_goes_round_a_loop_one_call_at_a_time() -> None:
    call = ToolCall(id="1", tool="count-letters", arguments={"text": "word"})
    model = Scripted([call, "It has 4 letters."])
    ab.model_provider("openai", model)
    run = ran("one-tool-call-at-a-time")
    assert run.outputs["answer"] == ["It has 4 letters."], run.failures
    assert len(model.requests) == 2


def test_a_program_runs_once_somebody_has_agreed() -> None:
    graph = ab.import_agent(FILES / "a-program-in-an-agent.json").graph
    assert [failure.error for failure in graph.run_sync().failures] == [
        "CodeNotTrusted"
    ]
    [seen] = ab.trust(graph)
    assert "6 * 7" in seen.code
    run = graph.run_sync()
    assert dict(run.outputs) == {"answer": ["42"], "said": ["working\n"]}, run.failures
    graph["execute-code"]["code"] = "6 * 8"
    assert [failure.error for failure in graph.run_sync().failures] == [
        "CodeNotTrusted"
    ]


def test_what_is_kept_is_there_in_the_next_run() -> None:
    graph = ab.import_agent(FILES / "it-remembers.json").graph
    assert graph.run_sync(word="a").outputs["before"] == ["nothing yet"]
    assert graph.run_sync(word="b").outputs["before"] == ["a"]


def test_a_review_waits_for_somebody() -> None:
    run = ran("somebody-reviews-it")
    assert str(run.status) == "waiting"
    [asked] = ab.waiting()
    run = ab.answer(run.id, asked.wait.node, "approve")
    assert run.wait().outputs["sent"] == ["Dear all"]


def test_a_sub_agent_that_is_not_in_the_file_is_told(tmp_path: Path) -> None:
    raw = read("sub-agents")
    raw["sub_graphs"] = []
    file = tmp_path / "alone.json"
    file.write_text(json.dumps(raw))
    found = ab.import_agent(file)
    assert any("'Polite' is not in the file" in note for note in found.notes)
    run = found.graph.run_sync()
    assert [failure.error for failure in run.failures] == ["UnknownAgent"]


def test_a_file_that_is_no_agent_is_refused(tmp_path: Path) -> None:
    for text, said in {
        "[1, 2]": "holds no JSON object",
        '{"a": 1}': "no agent of AutoGPT and n8n",
        "{": "is no JSON",
        '{"format": "agentbench/1"}': "an agent file already",
    }.items():
        file = tmp_path / "x.json"
        file.write_text(text)
        with pytest.raises(ab.AgentbenchError, match=said):
            ab.import_agent(file)


# ---- any agent -------------------------------------------------------------


def any_agent(chance: random.Random, *, depth: int = 0) -> dict[str, Any]:
    """An agent in AutoGPT's format of whatever blocks, links and keys; it need not run."""
    catalogue = list(entries().values())
    is_old = chance.random() < 0.4
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(chance.randint(1, 9))]
    chosen = [chance.choice(catalogue) for _ in ids]
    nodes = []
    for id, entry in zip(ids, chosen, strict=True):
        given = {
            pin.name: any_value(chance)
            for pin in entry.inputs
            if chance.random() < 0.4
            and not pin.name.endswith(("token", "key", "secret"))
        }
        given.pop("credentials", None)
        if chance.random() < 0.2:
            given["a pin that is gone"] = any_value(chance)
        node = {"id": id, "block_id": entry.id, "input_default": given}
        if chance.random() < 0.9:
            place = {"x": chance.uniform(-9e3, 9e3), "y": chance.uniform(-9e3, 9e3)}
            node["metadata"] = {"position": place, "note": any_value(chance)}
        if not is_old:
            node |= {"input_links": [], "output_links": [], "webhook_id": None}
        nodes.append(node)
    links = []
    for number in range(chance.randint(0, 12)):
        at, to = chance.randrange(len(ids)), chance.randrange(len(ids))
        source = chance.choice([*(pin.name for pin in chosen[at].outputs), "error"])
        target = chance.choice([*(pin.name for pin in chosen[to].inputs), "odd"])
        ends = chance.choice(["", "_#_a key", "_$_0", "_@_x_#_y"])
        links.append(
            {
                "id": str(number),
                "source_id": ids[at],
                "sink_id": chance.choice([ids[to], "nowhere"]),
                "source_name": source + ends,
                "sink_name": target + chance.choice(["", "_#_b", "_$_1"]),
                "is_static": chance.random() < 0.3,
            }
        )
    agent: dict[str, Any] = {"name": f"Any {chance.random()}", "nodes": nodes}
    agent |= {"links": links, "description": chance.choice(["", None, "a\nb"])}
    if is_old:
        agent |= {"is_template": False, "executions": [], "subgraphs": {}}
    elif depth < 2:
        inner = [any_agent(chance, depth=2) for _ in range(chance.randint(0, 2))]
        for number, sub in enumerate(inner):
            sub.pop("subgraphs", None)
            sub["id"] = f"sub-{number}"
        agent["sub_graphs"] = copy.deepcopy(inner)
    return agent


def any_value(chance: random.Random) -> Any:
    plain = [
        "text",
        "",
        "a\nb",
        0,
        1.5,
        True,
        None,
        [],
        {},
        [1, [2]],
        {"$lines": ["x"]},
    ]
    return chance.choice([*plain, {"k": {"deep": [None]}}, {"$x": 1}, "ü_#_ß"])
