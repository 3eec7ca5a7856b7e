"""Workflows of n8n: read whole, and run where their nodes have a counterpart."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import agentbench as ab
from agentbench.formats import n8n
from agentbench.formats.n8n.expressions import is_plain, valued
from agentbench.formats.n8n.work import WORK
from agentbench.llm.scripted import Scripted
from agentbench.workbench.workbench import workbench

FILES = Path(__file__).parent / "files"


def taken_in(name: str) -> Any:
    return ab.import_agent(FILES / f"{name}.json")


def test_a_workflow_is_taken_in_whole() -> None:
    found = taken_in("orders")
    report = found.report()
    assert report["lost"] == []
    assert [it["node"] for it in report["unsupported"]] == ["script", "tell-them"]
    assert "script does not run here: it holds JavaScript." in report["notes"]
    raw = json.loads((FILES / "orders.json").read_text())
    kept = {
        node.extra["n8n"]["name"] for node in found.graph.nodes.values() if node.extra
    }
    assert kept == {node["name"] for node in raw["nodes"]}
    assert found.graph.nodes["script"].constants["parameters"] == {
        "jsCode": "return items;"
    }
    again = ab.Graph.from_json(found.graph.to_json())
    assert again.extra["n8n"]["settings"] == {"executionOrder": "v1"}


def test_what_has_a_counterpart_runs_and_what_has_none_says_so() -> None:
    graph = taken_in("orders").graph
    rich = {"customer": {"name": "Ada"}, "total": 120}
    run = graph.run_sync({"when-paid": rich})
    assert str(run.status) == "completed", run.failures
    assert run.outputs["large"] == [[{"label": "Ada: 120", "total": 120}]]
    poor = graph.run_sync({"when-paid": [{"customer": {"name": "Bo"}, "total": 3}]})
    assert [failure.error for failure in poor.failures] == ["BlockNotHere"]
    assert "JavaScript" in poor.failures[0].message


def test_an_old_workflow_runs_as_well() -> None:
    found = taken_in("old-merge")
    assert found.unsupported == []
    run = found.graph.run_sync()
    item = {"who": {"name": "Ada"}, "n": 2, "ok": True}
    assert run.outputs["which"] == [[item]], run.failures


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("plain", "plain"),
        ("={{ $json.a }}", 1),
        ("=<{{ $json.a }}|{{$json.b[1].c}}>", "<1|x>"),
        ('={{ $json["with space"] }}', None),
        ({"deep": ["={{ $json.b }}"]}, {"deep": [[0, {"c": "x"}]]}),
    ],
)
def test_an_expression_that_names_a_place_is_read(value: Any, wanted: Any) -> None:
    assert is_plain(value)
    assert valued(value, {"a": 1, "b": [0, {"c": "x"}]}) == wanted


@pytest.mark.parametrize(
    "value",
    [
        "={{ $json.a + 1 }}",
        "={{ process.exit() }}",
        "={{ $json.constructor.constructor('return 1')() }}",
        "={{ $('X').all().map(it => it.json) }}",
        "={{ $('X').first().json.a + 1 }}",
        "={{ $('X').item.binary.a }}",
    ],
)
def test_an_expression_that_is_a_program_is_not_carried_out(value: str) -> None:
    assert not is_plain({"x": [value]})


def test_a_loop_comes_back_until_all_is_done_and_a_model_is_named_by_its_node() -> None:
    found = taken_in("loop-and-model")
    report = found.report()
    assert report["lost"] == []
    assert [it["node"] for it in report["unsupported"]] == ["agent", "calculator"]
    model = Scripted(["A", "B", "C"])
    ab.model_provider("openai", model)
    run = found.graph.run_sync({"chat": {"words": ["a", "b", "c"]}})
    assert run.outputs["all"] == [[{"data": [{"text": it} for it in "ABC"]}]], (
        run.failures
    )
    assert {it.model for it in model.requests} == {"openai:gpt-4o-mini"}
    said = [[one.text for one in it.messages] for it in model.requests]
    assert said[0] == ["Be loud.", "Say a aloud"]


ROWS = [
    {"who": "Bo", "n": 2, "at": {"k": "x"}},
    {"who": "ada", "n": "3", "at": {"k": "y"}},
    {"who": "Bo", "n": 2, "at": {"k": "x"}},
]
FIRST = [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}]
SECOND = [{"id": "2", "b": "z"}, {"id": 9, "b": "q"}]


@pytest.mark.parametrize(
    ("kind", "parameters", "wanted"),
    [
        ("sort", {"sortFieldsUi": {"sortField": [{"fieldName": "who", "order": "ascending"}]}}, ["ada", "Bo", "Bo"]),
        ("remove_duplicates", {"compare": "allFields"}, ["Bo", "ada"]),
        ("remove_duplicates", {"compare": "selectedFields", "fieldsToCompare": "at.k"}, ["Bo", "ada"]),
        ("item_lists", {"operation": "limit", "maxItems": 1}, ["Bo"]),
    ],
)  # fmt: skip
def test_lists_of_items_are_put_in_order(
    kind: str, parameters: Any, wanted: list[str]
) -> None:
    [(_, given)] = WORK[kind](parameters, {"main_0": ROWS})
    assert [it["who"] for it in given] == wanted


def test_items_are_summed_up_by_group() -> None:
    sums = [
        ("sum", "n"),
        ("countUnique", "at.k"),
        ("concatenate", "n"),
        ("max", "n"),
        ("append", "n"),
    ]
    parameters = {
        "fieldsToSplitBy": "who",
        "fieldsToSummarize": {"values": [{"aggregation": how, "field": it} for how, it in sums]},
    }  # fmt: skip
    [(_, given)] = WORK["summarize"](parameters, {"main_0": ROWS})
    assert given == [
        {"who": "Bo", "sum_n": 4, "unique_count_at_k": 1, "concatenated_n": "2, 2", "max_n": 2, "appended_n": [2, 2]},
        {"who": "ada", "sum_n": 3.0, "unique_count_at_k": 1, "concatenated_n": "3", "max_n": "3", "appended_n": ["3"]},
    ]  # fmt: skip


def test_keys_are_renamed_also_inside() -> None:
    rows = {
        "keys": {
            "key": [
                {"currentKey": "at.k", "newKey": "key"},
                {"currentKey": "no", "newKey": "x"},
            ]
        }
    }
    [(_, given)] = WORK["rename_keys"](rows, {"main_0": ROWS[:1]})
    assert given == [{"who": "Bo", "n": 2, "at": {"key": "x"}}]
    assert ROWS[0]["at"] == {"k": "x"}


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, [{"id": "2", "a": "y", "b": "z"}]),
        ({"joinMode": "enrichInput1"}, [FIRST[0], {"id": "2", "a": "y", "b": "z"}]),
        ({"joinMode": "keepNonMatches"}, [FIRST[0], SECOND[1]]),
        ({"combineBy": "combineAll"}, [{**a, **b} for a in FIRST for b in SECOND]),
        ({"mode": "chooseBranch"}, FIRST),
    ],
)
def test_two_inputs_are_joined(parameters: Any, wanted: Any) -> None:
    asked = {
        "mode": "combine",
        "combineBy": "combineByFields",
        "fieldsToMatchString": "id",
        **parameters,
    }
    assert list(WORK["merge"](asked, {"main_0": FIRST, "main_1": SECOND})) == [
        (0, wanted)
    ]


@pytest.mark.parametrize(
    ("node", "parameters", "item", "wanted"),
    [
        ("dateTime", {"operation": "addToDate", "magnitude": "={{ $json.d }}", "duration": 1, "timeUnit": "months", "outputFieldName": "e"},
         {"d": "2026-01-31"}, {"d": "2026-01-31", "e": "2026-02-28T00:00:00+00:00"}),
        ("dateTime", {"operation": "formatDate", "date": "={{ $json.d }}", "format": "custom", "customFormat": "dd.MM.yyyy"},
         {"d": "2026-01-31"}, {"d": "2026-01-31", "formattedDate": "31.01.2026"}),
        ("dateTime", {"operation": "extractDate", "date": "2026-01-31", "part": "month"}, {}, {"datePart": 1}),
        ("dateTime", {"operation": "getTimeBetweenDates", "startDate": "2026-01-30", "endDate": "2026-01-31"}, {}, {"timeDifference": {"days": 1.0}}),
        ("crypto", {"action": "hash", "type": "MD5", "value": "={{ $json.a }}"}, {"a": "x"}, {"a": "x", "data": "9dd4e461268c8034f5c8564e155c67a6"}),
        ("xml", {}, {"data": "<a><b>1</b></a>"}, {"a": {"b": "1"}}),
        ("xml", {"mode": "jsonToxml"}, {"a": {"b": "1"}}, {"data": "<a>\n  <b>1</b>\n</a>"}),
        ("markdown", {"html": "<h1>Tea</h1>"}, {}, {"data": "# Tea"}),
        ("wait", {"amount": 0, "unit": "seconds"}, {"a": 1}, {"a": 1}),
    ],
)  # fmt: skip
def test_our_blocks_do_the_work_of_nodes(
    node: str, parameters: Any, item: Any, wanted: Any
) -> None:
    run = one_node(node, parameters).run_sync({"go": item})
    assert run.outputs["it"] == [[wanted]], run.failures


def three_nodes(expression: str) -> Any:
    """Go, then Both (a field more), then It, which sets `x` to what an expression names."""
    fields = [{"name": "x", "type": "string", "value": expression}]
    both = [{"name": "b", "type": "string", "value": "={{ $json.a }}!"}]
    nodes = [
        {"name": "Go", "type": "n8n-nodes-base.manualTrigger", "parameters": {}},
        {"name": "Both of us", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {"assignments": {"assignments": both}}},
        {"name": "It", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {"assignments": {"assignments": fields}}},
    ]  # fmt: skip
    main = {"type": "main", "index": 0}
    links = {
        "Go": {"main": [[{"node": "Both of us", **main}]]},
        "Both of us": {"main": [[{"node": "It", **main}]]},
    }
    raw = {"name": "three", "nodes": nodes, "connections": links}
    return n8n.read(raw, workbench().blocks)


@pytest.mark.parametrize(
    ("expression", "items", "wanted"),
    [
        ("={{ $('Go').first().json.a }}", ["p", "={{ $json.b }}"], "p"),
        ("={{ $('Go').last().json.a }}", ["p", "={{ $json.b }}"], "={{ $json.b }}"),
        ("={{ $('Go').item.json.a }} {{ $json.b }}", ["p"], "p p!"),
        ('={{ $node["Both of us"].json["b"] }}', ["p"], "p!"),
        ("={{ $('Go').first().json.no.where }}", ["p"], None),
    ],
)
def test_an_expression_names_what_another_node_gave(
    expression: str, items: list[str], wanted: str
) -> None:
    found = three_nodes(expression)
    assert (found.lost, found.unsupported) == ([], [])
    run = found.graph.run_sync({"go": [{"a": it} for it in items]})
    assert run.outputs["it"] == [[{"x": wanted}] * len(items)], run.failures


def test_of_several_items_an_expression_has_to_say_which() -> None:
    found = three_nodes("={{ $('Go').item.json.a }}")
    [failure] = found.graph.run_sync({"go": [{"a": "p"}, {"a": "q"}]}).failures
    assert "'Go', which gave 2" in failure.message
    [missing] = three_nodes("={{ $('Nobody').first().json.a }}").unsupported
    assert (missing.node, "'Nobody'" in missing.why) == ("it", True)


@pytest.mark.skipif(sys.platform != "linux", reason="the jail is of Linux")
@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"language": "python", "pythonCode": 'total = """\n"""\nfor item in _input.all():\n  item.json.n += 1\nreturn _input.all()'},
         [{"n": 2}, {"n": 3}]),
        ({"language": "pythonNative", "pythonCode": 'return [{"json": {"sum": sum(it["json"]["n"] for it in _items)}}]'}, [{"sum": 3}]),
        ({"language": "pythonNative", "mode": "runOnceForEachItem", "pythonCode": 'return {"json": {"twice": _item["json"]["n"] * 2}}'},
         [{"twice": 2}, {"twice": 4}]),
    ],
)  # fmt: skip
def test_code_in_python_runs_once_somebody_has_agreed(
    parameters: Any, wanted: Any
) -> None:
    graph = one_node("code", parameters)
    items = {"go": [{"n": 1}, {"n": 2}]}
    [failure] = graph.run_sync(items).failures
    assert failure.error == "CodeNotTrusted"
    [seen] = ab.trust(graph)
    assert "return" in seen.code
    run = graph.run_sync(items)
    assert run.outputs["it"] == [wanted], run.failures


def one_node(node: str, parameters: Any, kind: str = "n8n-nodes-base") -> Any:
    nodes = [
        {"name": "Go", "type": "n8n-nodes-base.manualTrigger", "parameters": {}},
        {"name": "It", "type": f"{kind}.{node}", "parameters": parameters},
    ]
    links: dict[str, Any] = {
        "Go": {"main": [[{"node": "It", "type": "main", "index": 0}]]}
    }
    raw = {"name": node, "nodes": nodes, "connections": links}
    if kind.startswith("@") and node != "openAi":
        named = {"model": {"value": "gpt-4o"}}
        nodes.append({"name": "M", "type": f"{kind}.lmChatOpenAi", "parameters": named})
        links["M"] = {
            "ai_languageModel": [
                [{"node": "It", "type": "ai_languageModel", "index": 0}]
            ]
        }
    found = n8n.read(raw, workbench().blocks)
    assert (found.lost, found.unsupported) == ([], [])
    return found.graph


def test_a_workflow_calls_another_and_one_stops() -> None:
    nodes = [
        {"name": "Called", "type": "n8n-nodes-base.executeWorkflowTrigger", "parameters": {}},
        {"name": "Twice", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {"assignments": {"assignments": [
            {"name": "b", "type": "string", "value": "={{ $json.a }}{{ $json.a }}"}]}}},
    ]  # fmt: skip
    links = {"Called": {"main": [[{"node": "Twice", "type": "main", "index": 0}]]}}
    inner = n8n.read(
        {"name": "Inner", "nodes": nodes, "connections": links}, workbench().blocks
    ).graph
    inner.save()
    graph = one_node(
        "executeWorkflow",
        {"workflowId": {"__rl": True, "value": "w1", "cachedResultName": "Inner"}},
    )
    run = graph.run_sync({"go": [{"a": "x"}, {"a": "y"}]})
    assert run.outputs["it"] == [[{"b": "xx"}, {"b": "yy"}]], run.failures
    run = one_node("stopAndError", {"errorMessage": "=No {{ $json.a }}"}).run_sync(
        {"go": {"a": "tea"}}
    )
    assert run.failures[0].message == "No tea"


@pytest.mark.parametrize(
    ("node", "parameters", "wanted"),
    [
        ("agent", {"options": {"systemMessage": "Short."}}, {"output": "Hm."}),
        ("chainLlm", {"promptType": "auto"}, {"text": "Hm."}),
        ("openAi", {"modelId": {"value": "gpt-4o"}, "messages": {"values": [{"content": "=Hi {{ $json.chatInput }}"}]}},
         {"message": {"role": "assistant", "content": "Hm."}}),
    ],
)  # fmt: skip
def test_models_are_asked_for_each_item(
    node: str, parameters: Any, wanted: Any
) -> None:
    graph = one_node(node, parameters, "@n8n/n8n-nodes-langchain")
    model = Scripted(["Hm."])
    ab.model_provider("openai", model)
    run = graph.run_sync({"go": {"chatInput": "{{ Tea }}"}})
    assert run.outputs["it"] == [[wanted]], run.failures
    assert model.requests[0].messages[-1].text.endswith("{{ Tea }}")


ONE = [{"a": 1, "l": [1, 2]}, {"a": 2, "l": [3]}]


@pytest.mark.parametrize(
    ("kind", "parameters", "wanted"),
    [
        ("limit", {"maxItems": 1, "keep": "lastItems"}, [(0, ONE[1:])]),
        ("split_out", {"fieldToSplitOut": "l"}, [(0, [{"l": 1}, {"l": 2}, {"l": 3}])]),
        ("aggregate", {"aggregate": "aggregateAllItemData"}, [(0, [{"data": ONE}])]),
        (
            "aggregate",
            {"fieldsToAggregate": {"fieldToAggregate": [{"fieldToAggregate": "a"}]}},
            [(0, [{"a": [1, 2]}])],
        ),
        (
            "filter",
            {
                "conditions": {
                    "number": [
                        {"value1": "={{ $json.a }}", "operation": "larger", "value2": 1}
                    ]
                }
            },
            [(0, ONE[1:])],
        ),
    ],
)
def test_nodes_do_what_they_do_there(kind: str, parameters: Any, wanted: Any) -> None:
    assert list(WORK[kind](parameters, {"main_0": ONE})) == wanted


def test_items_beside_items_hold_nothing_else_up() -> None:
    """Twenty thousand beside as many take minutes, in which other runs go on."""
    graph = ab.Graph("slow")
    asked = {"mode": "combine", "combineBy": "combineByFields"}
    lists = {f"main_{n}": [{"k": (n + 1) * at} for at in range(20_000)] for n in (0, 1)}
    parameters = {**asked, "fieldsToMatchString": "k"}
    graph.add("n8n.merge", "it", parameters=parameters, **lists)
    slow = workbench().start(graph, {})
    other = ab.Graph("quick")
    other.add("values.store", "it", input=1)
    try:
        assert workbench().start(other, {}).wait(timeout=30).values("it", "output")
        assert str(slow.status) == "running"
    finally:
        slow.stop()
    assert str(slow.wait(timeout=30).status) == "stopped"


@pytest.mark.parametrize(
    "change",
    [
        {"connections": {"a": {"main": [1]}}},
        {"nodes": [{"name": "a", "type": "set", "parameters": {"a": "={{ $json[" + "9" * 6000 + "] }}"}}]},
    ],
)  # fmt: skip
def test_a_damaged_workflow_is_read_as_far_as_it_can_be(
    tmp_path: Path, change: Any
) -> None:
    node = {"name": "a", "type": "n8n-nodes-base.noOp"}
    raw = {"name": "w", "nodes": [node], "connections": {}, **change}
    (tmp_path / "w.json").write_text(json.dumps(raw))
    assert "a" in ab.import_agent(tmp_path / "w.json").graph.nodes
