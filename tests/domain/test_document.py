import json

import pytest

from agentbench.domain.document import write_document
from agentbench.domain.errors import DocumentError, GraphInvalid, ReadOnlyGraph
from agentbench.domain.graph import Graph


def sample(graph):
    count = graph.add("test.numbers", "count", count=3).set(at=(10, 20.4))
    shout = graph.add("mine.shout", "shout", text="two\nlines", title="x")
    total = graph.add("test.add", "total", left=count).set(title="Sum", timeout=2.0)
    graph.link(count["result"], total["right"], sticky=True)
    assert shout.id == "shout"
    return graph


def test_what_is_written_reads_back_as_the_same_bytes(graph, blocks):
    text = write_document(sample(graph))
    again = Graph.from_json(text, where="it", blocks=blocks)
    assert write_document(again) == text
    again.apply()  # an edit of nothing: written anew, not handed back
    assert write_document(again) == text


def test_the_document_is_made_to_be_compared(graph):
    text = write_document(sample(graph))
    lines = text.splitlines()
    assert '    {"from": "count.result", "to": "total.left"},' in lines
    assert '    "count": [10, 20]' in lines
    assert '            "two",' in lines
    assert list(json.loads(text)) == [
        "format", "name", "description", "nodes", "links", "layout",
    ]  # fmt: skip


def test_moving_a_node_changes_only_the_layout(graph):
    before = json.loads(write_document(sample(graph)))
    graph["total"].set(at=(99, 99))
    after = json.loads(write_document(graph))
    assert {k for k in after if after[k] != before[k]} == {"layout"}


def test_a_hand_written_document_is_kept_to_the_byte(blocks):
    text = '{"format":"agentbench/1","name":"x",\n "nodes":{"a":{"block":"test.add"}}}'
    assert write_document(Graph.from_json(text, where="it", blocks=blocks)) == text


def test_what_we_do_not_know_is_kept(graph, blocks):
    raw = json.loads(write_document(sample(graph)))
    raw["future"] = {"a": [1]}
    raw["nodes"]["count"]["colour"] = "red"
    again = Graph.from_json(json.dumps(raw), where="it", blocks=blocks)
    again["total"].set(title="New")
    kept = json.loads(write_document(again))
    assert kept["future"] == {"a": [1]}
    assert kept["nodes"]["count"]["colour"] == "red"


def test_values_that_look_like_our_marks_survive(graph, blocks):
    odd = {"$lines": ["a"]}
    graph.add("values.constant", "odd", value={"x": odd, "y": {"$dict": {"$live": 1}}})
    again = Graph.from_json(write_document(graph), where="it", blocks=blocks)
    assert again.node("odd").constants == graph.node("odd").constants


@pytest.mark.parametrize("odd", [None, "abc", [], [1, ["a"]], {"$lines": "abc"}])
def test_what_looks_like_lines_of_text_and_is_none_survives(graph, blocks, odd):
    graph.add("values.constant", "odd", value={"$lines": odd})
    again = Graph.from_json(write_document(graph), where="it", blocks=blocks)
    assert again.node("odd").constants == graph.node("odd").constants


def test_a_live_constant_cannot_be_written_and_says_which(graph):
    graph.add("values.constant", "held", value=object())
    with pytest.raises(GraphInvalid, match=r"held.value: holds a live object"):
        write_document(graph)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "line 1, column 2"),
        ("[]", "no JSON object"),
        ("{}", "`format` is not"),
        ("[" * 100_000, "it is nested too deeply"),
        ("9" * 5000, "a number in it is too long"),
        ('{"format": "agentbench/' + "9" * 5000 + '"}', "its `format` is not"),
    ],
)
def test_what_is_no_agent_file_says_why(text, reason):
    with pytest.raises(DocumentError, match=reason):
        Graph.from_json(text, where="it")


def test_a_newer_format_opens_read_only_and_loses_nothing(blocks):
    text = '{"format": "agentbench/99", "name": "x", "nodes": {"a": {"block": "test.add"}}}'
    graph = Graph.from_json(text, where="it", blocks=blocks)
    assert "its format is agentbench/99" in graph.read_only
    with pytest.raises(ReadOnlyGraph, match="Update agentbench"):
        graph.add("test.add")
    assert write_document(graph) == text


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ('"nodes": {"a": {}}', "a: names no block"),
        ('"nodes": []', "its `nodes` are no JSON object"),
        ('"links": [{"from": "a.b"}]', "a link is damaged"),
        ('"links": [{"from": "a.b", "to": "c.d"}]', "the node 'a', which is not there"),
    ],
)
def test_a_damaged_document_opens_read_only_with_the_reason(blocks, part, reason):
    text = f'{{"format": "agentbench/1", "name": "x", {part}}}'
    graph = Graph.from_json(text, where="it", blocks=blocks)
    assert reason in graph.read_only
    assert write_document(graph) == text


def test_a_node_of_an_unknown_block_is_kept_and_the_rest_can_be_changed(blocks):
    text = (
        '{"format": "agentbench/1", "name": "x", "nodes": {"a": {"block": "lost.one",'
        ' "constants": {"k": 1}}, "b": {"block": "test.add"}},'
        ' "links": [{"from": "a.out", "to": "b.left"}]}'
    )
    graph = Graph.from_json(text, where="it", blocks=blocks)
    graph["b"].set(title="Sum")
    kept = json.loads(write_document(graph))
    assert kept["nodes"]["a"] == {"block": "lost.one", "constants": {"k": 1}}
    assert kept["links"] == [{"from": "a.out", "to": "b.left"}]
