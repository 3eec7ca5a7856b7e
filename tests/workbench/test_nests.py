"""Some nodes become an agent of their own, and come back."""

import pytest

import agentbench as ab
from agentbench.domain.errors import EditRefused


@pytest.fixture
def graph(bench):
    graph = bench.agents.new("whole")
    number = graph.input("number", 3, type="number")
    first = graph.add("math.calculate", "first", expression="x + 1", x=number)
    second = graph.add("math.calculate", "second", expression="y * 2", y=first)
    graph.add("math.calculate", "third", expression="z - 1", z=second)
    graph.output("total", graph["third"])
    return graph


def test_a_part_becomes_an_agent_and_the_whole_gives_the_same(bench, graph):
    before = graph.run_sync().outputs
    call = ab.collapse(graph, "first", "second", name="part")
    assert sorted(graph.nodes) == ["number", "part", "third", "total"]
    assert (call.node.block, call.node.constants) == ("agent.run", {"agent": "part"})
    inner = bench.find_agent("part")
    assert {"first", "second"} < set(inner.nodes)
    assert graph.run_sync().outputs == before


def test_one_undo_brings_the_nodes_back(graph):
    before = graph.to_json()
    ab.collapse(graph, "first", "second", name="part")
    graph.undo()
    assert graph.to_json() == before


def test_an_agent_expands_in_its_place(graph):
    before = graph.run_sync().outputs
    links = sorted(map(str, graph.links))
    ab.collapse(graph, "first", "second", name="part")
    new = ab.expand(graph, "part")
    assert sorted(node.id for node in new) == ["first", "second"]
    assert sorted(map(str, graph.links)) == links
    assert graph.run_sync().outputs == before


def test_what_cannot_be_collapsed_says_why(graph):
    with pytest.raises(EditRefused, match="has to stay outside"):
        ab.collapse(graph, "number", "first", name="part")
    with pytest.raises(EditRefused, match="choose another name"):
        ab.collapse(graph, "first", name="whole")
    with pytest.raises(EditRefused, match="runs no agent"):
        ab.expand(graph, "first")
