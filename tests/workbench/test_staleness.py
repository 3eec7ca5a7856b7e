"""Which nodes are out of date after a run, and why."""

import pytest

import agentbench as ab
from agentbench.domain.edit import RemoveLink
from agentbench.domain.graph import Graph
from agentbench.workbench.staleness import stale

UNLINK = RemoveLink(source="a", output="result", target="b", input="left")


def put(graph, port, value):
    graph[port.partition(".")[0]][port.partition(".")[2]] = value


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda graph: None, {}),
        (lambda graph: graph["a"].set(title="named", retries=3), {}),
        (lambda graph: put(graph, "a.left", 5), {"a": "its 'left' changed"}),
        (
            lambda graph: graph["b"].set(disabled=True),
            {"b": "its option 'disabled' changed"},
        ),
        (
            lambda graph: graph.apply(UNLINK),
            {"b": "its input 'left' is linked otherwise"},
        ),
        (lambda graph: graph.add("test.add", "c", left=1, right=1), {"c": "it is new"}),
        (
            lambda graph: graph.remove("a"),
            {"b": "its input 'left' is linked otherwise"},
        ),
    ],
)
def test_what_was_changed_is_out_of_date(bench, change, reasons):
    graph = Graph("sample", blocks=bench.blocks)
    graph.add("test.add", "a", left=1, right=1)
    graph.add("test.add", "b", left=graph["a"], right=1)
    before = graph.snapshot()
    change(graph)
    assert stale(graph, before, {}) == reasons


def test_code_that_was_written_anew_is_out_of_date(bench):
    @ab.block(id="test.own")
    def own() -> int:
        return 1

    graph = Graph("sample", blocks=bench.blocks)
    graph.add(own, "a")
    versions = {"test.own": bench.blocks.block("test.own").version}
    assert stale(graph, graph.snapshot(), versions) == {}

    @ab.block(id="test.own")
    def own() -> int:
        return 2

    assert stale(graph, graph.snapshot(), versions) == {"a": "its code changed"}
