"""AutoGPT's blocks here: by the same ports, with the same values, save where notes say."""

from typing import Any

import pytest

import agentbench as ab
from agentbench.domain.edit import AddNode
from agentbench.formats.autogpt.catalogue import by_our_id, entries, entry_of
from agentbench.formats.autogpt.families import WORK
from agentbench.formats.autogpt.families.ai import model_of
from agentbench.llm.scripted import Scripted
from agentbench.workbench.workbench import workbench

ROWS = [{"k": "a", "n": 1}, {"k": "a", "n": 2}, {"k": "b", "n": 3}]


def fired(block: str, /, **inputs: Any) -> dict[str, list[Any]]:
    """What a block gives by each output, in a run of its own; its error as `error`."""
    entry = next(it for it in entries().values() if it.name == f"{block}Block")
    graph = ab.Graph(block)
    graph.apply(AddNode(block=entry.ours, id="it", constants=inputs))
    run = graph.run_sync()
    if run.failures:
        return {"error": [run.failures[0].message]}
    [firing] = list(run.firings)
    return {port: list(values) for port, values in firing.outputs.items()}


CASES: list[tuple[str, dict[str, Any], dict[str, list[Any]]]] = [
    ("StoreValue", {"input": "a", "data": 0}, {"output": [0]}),
    ("StoreValue", {"input": "a"}, {"output": ["a"]}),
    (
        "UniversalTypeConverter",
        {"value": "[1, 2]", "type": "list"},
        {"value": [[1, 2]]},
    ),
    ("UniversalTypeConverter", {"value": "4", "type": "number"}, {"value": [4.0]}),
    (
        "UniversalTypeConverter",
        {"value": {"a": 1}, "type": "string"},
        {"value": ['{"a": 1}']},
    ),
    ("UniversalTypeConverter", {"value": "true", "type": "boolean"}, {"value": [True]}),
    ("ReverseListOrder", {"input_list": [1, 2]}, {"reversed_list": [[2, 1]]}),
    (
        "Condition",
        {"value1": " 10", "operator": ">", "value2": "9.5"},
        {"result": [True], "yes_output": [" 10"]},
    ),
    (
        "Condition",
        {"value1": 1, "operator": "==", "value2": 2, "no_value": "no"},
        {"result": [False], "no_output": ["no"]},
    ),
    (
        "IfInputMatches",
        {"input": 5, "value": "5", "yes_value": "same"},
        {"result": [True], "yes_output": ["same"]},
    ),
    (
        "StepThroughItems",
        {"items": ["a"], "items_object": {"k": 1}, "items_str": "[true]"},
        {"item": ["a", 1, True], "key": [0, "k", 0]},
    ),
    ("StepThroughItems", {}, {}),
    ("Calculator", {"operation": "Power", "a": 2, "b": 10}, {"result": [1024.0]}),
    (
        "Calculator",
        {"operation": "Divide", "a": "7", "b": 2, "round_result": True},
        {"result": [4]},
    ),
    ("CountItems", {"collection": {"a": 1, "b": 2}}, {"count": [2]}),
    ("CountItems", {"collection": 5}, {"count": [-1]}),
    (
        "DataSampling",
        {"data": ROWS, "sample_size": 2, "sampling_method": "bottom"},
        {"sampled_data": [ROWS[1:]], "sample_indices": [[1, 2]]},
    ),
    (
        "CreateDictionary",
        {"values": {"a": 1}, "values_#_b": 2},
        {"dictionary": [{"a": 1, "b": 2}]},
    ),
    (
        "AddToDictionary",
        {"dictionary": {"a": 1}, "key": "b", "value": 2, "entries": {"c": 3}},
        {"updated_dictionary": [{"a": 1, "b": 2, "c": 3}]},
    ),
    ("FindInDictionary", {"input": '{"a": [5]}', "key": "a"}, {"output": [[5]]}),
    ("FindInDictionary", {"input": {"1": "x"}, "key": 1}, {"output": ["x"]}),
    (
        "FindInDictionary",
        {"input": [{"a": 1}, {"b": 2}, {"a": 3}], "key": "a"},
        {"output": [[1, 3]]},
    ),
    (
        "FindInDictionary",
        {"input": {"a": 1}, "key": "__class__"},
        {"missing": [{"a": 1}]},
    ),
    (
        "RemoveFromDictionary",
        {"dictionary": {"a": 1, "b": 2}, "key": "a", "return_value": True},
        {"updated_dictionary": [{"b": 2}], "removed_value": [1]},
    ),
    (
        "ReplaceDictionaryValue",
        {"dictionary": {"a": 1}, "key": "a", "value": 2},
        {"updated_dictionary": [{"a": 2}], "old_value": [1]},
    ),
    ("DictionaryIsEmpty", {"dictionary": {}}, {"is_empty": [True]}),
    ("CreateList", {"values": [1, 2, 3], "max_size": 2}, {"list": [[1, 2], [3]]}),
    (
        "CreateList",
        {"values": ["x" * 100, "y"], "max_tokens": 5},
        {"list": [["x" * 100], ["y"]]},
    ),
    (
        "AddToList",
        {"list": [1, 4], "entries": [2, 3], "position": 1},
        {"updated_list": [[1, 2, 3, 4]]},
    ),
    ("FindInList", {"list": ["a", "b"], "value": "b"}, {"index": [1], "found": [True]}),
    (
        "FindInList",
        {"list": [], "value": "b"},
        {"found": [False], "not_found_value": ["b"]},
    ),
    ("GetListItem", {"list": [1, 2], "index": -1}, {"item": [2]}),
    (
        "RemoveFromList",
        {"list": [1, 2, 1], "value": 1, "return_item": True},
        {"updated_list": [[2, 1]], "removed_item": [1]},
    ),
    (
        "ReplaceListItem",
        {"list": [1, 2], "index": 0, "value": 9},
        {"updated_list": [[9, 2]], "old_item": [1]},
    ),
    ("ListIsEmpty", {"list": [0]}, {"is_empty": [False]}),
    (
        "ConcatenateLists",
        {
            "lists": [[1, None], None, [1, True]],
            "deduplicate": True,
            "remove_none": True,
        },
        {"concatenated_list": [[1, True]], "length": [2]},
    ),
    (
        "FlattenList",
        {"nested_list": [1, [2, [3]]], "max_depth": 1},
        {"flattened_list": [[1, 2, [3]]], "length": [3], "original_depth": [3]},
    ),
    (
        "InterleaveLists",
        {"lists": [[1, 2, 3], ["a"]]},
        {"interleaved_list": [[1, "a", 2, 3]], "length": [4]},
    ),
    (
        "ZipLists",
        {"lists": [[1, 2], ["a"]], "pad_to_longest": True, "fill_value": 0},
        {"zipped_list": [[[1, "a"], [2, 0]]], "length": [2]},
    ),
    (
        "ListDifference",
        {"list_a": [1, 2], "list_b": [2, 3], "symmetric": True},
        {"difference": [[1, 3]], "length": [2]},
    ),
    (
        "ListIntersection",
        {"list_a": [2, 1, 2], "list_b": [2]},
        {"intersection": [[2]], "length": [1]},
    ),
    (
        "MatchTextPattern",
        {"text": "Rain", "match": "^r", "data": 7, "case_sensitive": False},
        {"positive": [7]},
    ),
    (
        "MatchTextPattern",
        {"text": "Rain", "match": "sun", "data": None},
        {"negative": ["Rain"]},
    ),
    (
        "ExtractTextInformation",
        {"text": "a1 b2", "pattern": r"([a-z])(\d)", "group": 2, "find_all": True},
        {"positive": ["1", "2"], "matched_results": [["1", "2"]], "matched_count": [2]},
    ),
    (
        "FillTextTemplate",
        {
            "format": "{% for n in names %}{{ n }};{% endfor %}",
            "values": {"names": ["<a>"]},
            "escape_html": True,
        },
        {"output": ["&lt;a&gt;;"]},
    ),
    ("CombineTexts", {"input": ["a", 1], "delimiter": "-"}, {"output": ["a-1"]}),
    ("TextSplit", {"text": "a , b", "delimiter": ","}, {"texts": [["a", "b"]]}),
    ("TextSplit", {"text": "", "delimiter": ","}, {"texts": [[]]}),
    ("TextReplace", {"text": "aXa", "old": "X", "new": r"\n"}, {"output": [r"a\na"]}),
    ("TextEncoder", {"text": "é\n"}, {"encoded_text": [r"\xe9\n"]}),
    ("TextDecoder", {"text": r"é\n\u00e9"}, {"decoded_text": ["é\né"]}),
    (
        "CodeExtraction",
        {"text": "See:\n```Python\nx = 1\n```\nand\n```js\ny\n```"},
        {"javascript": ["y"], "python": ["x = 1"], "remaining_text": ["See:\n\nand"]},
    ),
    (
        "WordCharacterCount",
        {"text": "two  words"},
        {"word_count": [2], "character_count": [10]},
    ),
    (
        "FileRead",
        {"file_input": "data:text/plain,a|b|c", "delimiter": "|", "skip_rows": 1},
        {"content": ["b|c"]},
    ),
    (
        "ReadSpreadsheet",
        {"contents": "\ufeffa,b\n1, 2\n3,4,5"},
        {"rows": [[{"a": "1", "b": "2"}, {"a": "3", "b": "4", "2": "5"}]]},
    ),
    (
        "ReadSpreadsheet",
        {
            "contents": "a,b\n1,2",
            "skip_columns": ["0"],
            "produce_singular_result": True,
        },
        {"row": [{"b": "2"}]},
    ),
    (
        "CountdownTimer",
        {"input_message": "x", "repeat": 2},
        {"output_message": ["x", "x"]},
    ),
    ("AgentInput", {"name": "i", "default": [1]}, {"result": [[1]]}),
    (
        "AgentOutput",
        {"name": "o", "value": 3},
        {"value": [3], "output": [3], "name": ["o"]},
    ),
    (
        "GenericWebhookTrigger",
        {"payload": {"a": 1}},
        {"payload": [{"a": 1}], "constants": [{}]},
    ),
]


@pytest.mark.parametrize(("name", "inputs", "wanted"), CASES)
def test_a_block_gives_what_autogpt_gives(
    name: str, inputs: dict[str, Any], wanted: dict[str, list[Any]]
) -> None:
    assert fired(name, **inputs) == wanted


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        (
            "Condition",
            {"value1": "a", "operator": "<", "value2": 1},
            "have no order",
        ),
        ("GetListItem", {"list": [], "index": 0}, "out of range"),
        ("RemoveFromList", {"list": [1], "value": 2}, "not in the list"),
        ("RemoveFromDictionary", {"dictionary": {}, "key": "a"}, "Key 'a' not found"),
        ("ConcatenateLists", {"lists": [1]}, "at place 0"),
        ("FlattenList", {"nested_list": [], "max_depth": -2}, "max_depth"),
        ("StepThroughItems", {"items": list(range(10_001))}, "10000"),
        ("DataSampling", {"data": ROWS, "sample_size": 4}, "not enough"),
        (
            "TextReplace",
            {"text": "a" * 20_000, "old": "a", "new": "b" * 20_000},
            "100,000,000 is the most",
        ),
        (
            "CombineTexts",
            {"input": ["a"] * 20_000, "delimiter": "b" * 20_000},
            "100,000,000 is the most",
        ),
        ("TextDecoder", {"text": "\\q"}, "stands for nothing"),
        ("CreateList", {"values_$_99999999": 1}, "no place in a list"),
        ("ExtractTextInformation", {"text": "a", "pattern": "("}, "no pattern"),
        ("PrintToConsole", {"text": "a"}, "switched this block off"),
        ("BlockInstallation", {"code": "import os"}, "switched this block off"),
        ("SearchStoreAgents", {"query": "x"}, "does not run here"),
    ],
)
def test_a_failure_says_what_it_is(
    name: str, inputs: dict[str, Any], said: str
) -> None:
    [message] = fired(name, **inputs)["error"]
    assert said in message


@pytest.mark.parametrize(
    "method", ["random", "systematic", "stratified", "weighted", "cluster", "reservoir"]
)
def test_a_sample_is_the_same_for_the_same_seed(method: str) -> None:
    asked = {
        "data": ROWS,
        "sample_size": 2,
        "sampling_method": method,
        "random_seed": 3,
    }
    asked |= {"stratify_key": "k", "cluster_key": "k", "weight_key": "n"}
    first, again = fired("DataSampling", **asked), fired("DataSampling", **asked)
    assert first == again
    assert len(first["sampled_data"][0]) == 2


@pytest.mark.parametrize(
    ("name", "port", "form", "pattern"),
    [
        ("GetCurrentTime", "time", {}, r"\d\d:\d\d:\d\d"),
        (
            "GetCurrentTime",
            "time",
            {"discriminator": "iso8601"},
            r"T\d\d:\d\d:\d\d\+00:00",
        ),
        (
            "GetCurrentDate",
            "date",
            {"discriminator": "strftime", "format": "%d.%m.%Y"},
            r"\d\d\.\d\d\.\d{4}",
        ),
        (
            "GetCurrentDateAndTime",
            "date_time",
            {"timezone": "Asia/Tokyo"},
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
        ),
    ],
)
def test_the_time_has_the_wanted_form(
    name: str, port: str, form: dict[str, Any], pattern: str
) -> None:
    import re

    [said] = fired(name, trigger="x", format_type=form)[port]
    assert re.fullmatch(pattern, said)


MODELS: list[tuple[str, dict[str, Any], list[Any], dict[str, list[Any]]]] = [
    (
        "AITextSummarizer",
        {"text": "Long."},
        ["Short."],
        {"summary": ["Short."], "prompt": [[]]},
    ),
    (
        "AIConversation",
        {"messages": [{"role": "user", "content": "Hi {{ x }}"}], "prompt": "again"},
        ["Hello."],
        {
            "response": ["Hello."],
            "prompt": [[{"role": "user", "content": "Hi {{ x }}"}]],
        },
    ),
    (
        "AIListGenerator",
        {"focus": "birds"},
        ['{"value": ["owl", "wren"]}'],
        {
            "generated_list": [["owl", "wren"]],
            "list_item": ["owl", "wren"],
            "prompt": [[]],
        },
    ),
    (
        "AICondition",
        {"input_value": "rain", "condition": "it is wet", "no_value": "dry"},
        ['{"reason": "It is rain.", "result": true}'],
        {"result": [True], "yes_output": ["rain"]},
    ),
    (
        "CodeGeneration",
        {"prompt": "Write {{ this }}"},
        ["x = 1"],
        {"response": ["x = 1"]},
    ),
]


@pytest.mark.parametrize(("name", "inputs", "lines", "wanted"), MODELS)
def test_a_block_asks_a_model_as_autogpt_does(
    name: str, inputs: dict[str, Any], lines: list[Any], wanted: dict[str, list[Any]]
) -> None:
    model = Scripted(lines)
    ab.model_provider("openai", model)
    asked = {"model": "gpt-4o", "credentials": "openai", **inputs}
    assert fired(name, **asked) == wanted
    assert {request.model for request in model.requests} == {"openai:gpt-4o"}
    if "prompt" in inputs:
        said = model.requests[0].messages[-1].text
        assert said == inputs["prompt"], "braces that nobody fills in stay"


def test_a_model_goes_by_its_provider() -> None:
    for name, credential, wanted in (
        ("gpt-4o", "", "openai:gpt-4o"),
        ("o3-mini", "", "openai:o3-mini"),
        ("claude-3-5-sonnet-latest", "", "anthropic:claude-3-5-sonnet-latest"),
        ("meta-llama/llama-4", "open_router", "openrouter:meta-llama/llama-4"),
        ("google/gemini-2.5", "", "openrouter:google/gemini-2.5"),
        ("llama3.2", "ollama", "ollama:llama3.2"),
        ("", "openai", ""),
    ):
        assert model_of(name, credential) == wanted


def test_every_block_of_the_catalogue_is_known_by_name() -> None:
    assert len(entries()) == len(by_our_id()) == 539
    for entry in entries().values():
        block = workbench().blocks.get(entry.ours)
        assert block is not None
        names = {pin.name for pin in entry.inputs if pin.name != "value"}
        assert names <= {port.name for port in block.inputs({})}
        assert {pin.name for pin in entry.outputs} <= {
            p.name for p in block.outputs({})
        }


def test_what_is_in_a_table_is_in_the_catalogue_and_has_a_case() -> None:
    names = {entry.name for entry in entries().values()}
    assert set(WORK) <= names
    assert entry_of("AEB08FC1-2FC1-4141-BC8E-F758F183A812") is not None


def test_none_of_them_is_in_the_palette() -> None:
    assert not [block for block in ab.find_blocks() if block.id.startswith("autogpt.")]
