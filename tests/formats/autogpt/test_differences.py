"""Where AutoGPT has a defect, we do the sensible thing, and the import says so: each of them once."""

from typing import Any

import pytest

from agentbench.formats import autogpt
from agentbench.formats.autogpt.catalogue import entries
from agentbench.workbench.workbench import workbench
from tests.formats.autogpt.test_blocks import ROWS, fired

TALL = {
    "data": [*ROWS, {"k": "b", "n": 4}, {"k": "b", "n": 5}],
    "sampling_method": "stratified",
    "stratify_key": "k",
}


@pytest.mark.parametrize(
    ("block", "inputs", "wanted", "note"),
    [
        ("StoreValue", {"input": "a", "data": []}, {"output": [[]]}, "AutoGPT loses them"),
        ("Condition", {"value1": "10", "operator": "<", "value2": "9"}, {"result": [False], "no_output": ["10"]},
         "gives the first value as it came"),
        ("FindInDictionary", {"input": {"1": "x"}, "key": 1}, {"output": ["x"]}, "a number written as text"),
        ("FindInDictionary", {"input": [1], "key": "__len__"}, {"missing": [[1]]}, "reads no attributes"),
        ("CreateList", {"values": ["x" * 100], "max_tokens": 5}, {"list": [["x" * 100]]}, "no empty list before the first"),
        ("ListIntersection", {"list_a": [1, True, 1.0], "list_b": [True]}, {"intersection": [[True]], "length": [1]},
         "1, 1.0 and true are three different items"),
        ("MatchTextPattern", {"text": "a" * 40 + "!", "match": "^(a+)+$", "data": None}, {"negative": ["a" * 40 + "!"]}, "RE2"),
        ("ExtractTextInformation", {"text": "a", "pattern": "("}, None, "one that is no pattern fails"),
        ("TextDecoder", {"text": "né\\n"}, {"decoded_text": ["né\n"]}, "leaves letters that are not ASCII"),
        ("ReadSpreadsheet", {"contents": "a\n1,2"}, {"rows": [[{"a": "1", "1": "2"}]]}, "rows longer than the header"),
        ("ReadSpreadsheet", {"contents": ""}, {"rows": [[]]}, "an empty file"),
        ("DataSampling", {**TALL, "sample_size": 4, "random_seed": 1}, {}, "takes no more of a group than it holds"),
        ("UniversalTypeConverter", {"value": "tea", "type": "number"}, None, "Text that is no number fails"),
        ("GetCurrentDate", {"trigger": "x", "offset": "soon"}, None, "An offset that"),
        ("SendWebRequest", {}, {}, "a redirect is followed"),
        ("SendEmail", {}, {}, "465"),
        ("ReadRSSFeed", {}, {}, "one reading waits for nothing"),
        ("GoogleSheetsRead", {}, {}, "by the credential 'google'"),
        ("AITextSummarizer", {}, {}, "with focus and style in mind"),
        ("DataSampling", {}, {}, "does not accumulate"),
    ],
)  # fmt: skip
def test_a_defect_is_not_repeated_and_the_import_says_so(
    block: str, inputs: dict[str, Any], wanted: dict[str, Any] | None, note: str
) -> None:
    entry = next(it for it in entries().values() if it.name == f"{block}Block")
    node = {"id": "n", "block_id": entry.id, "input_default": inputs}
    raw = {"name": block, "nodes": [node], "links": []}
    notes = autogpt.FORMAT.read(raw, workbench().blocks).notes
    assert [it for it in notes if note in it], notes
    if inputs:
        given = fired(block, **inputs)
        assert wanted is not None or list(given) == ["error"]
        assert all(given[port] == it for port, it in (wanted or {}).items())


def test_the_state_of_chance_is_of_the_node_alone() -> None:
    import random

    random.seed(7)
    before = random.getstate()
    given = fired("DataSampling", **TALL, sample_size=4, random_seed=1)
    assert random.getstate() == before
    assert len(given["sampled_data"][0]) == 4


def test_a_failure_that_nothing_handles_is_said_to_fail_the_run() -> None:
    raw = {"name": "x", "nodes": [], "links": []}
    notes = autogpt.FORMAT.read(raw, workbench().blocks).notes
    assert any("fails the run" in it for it in notes)
