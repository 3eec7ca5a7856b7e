"""Copying, pasting, inserting, taking out: larger edits, each one step."""

import json
from typing import Annotated

import pydantic
import pytest

from agentbench.domain.errors import EditRefused, LinkRefused
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph


def links(graph):
    return sorted(str(link) for link in graph.links)


@pytest.fixture
def chain(graph):
    """Three blocks in a row."""
    graph.add("mine.shout", "a", text="x")
    graph.add("mine.shout", "b", text=graph["a"])
    graph.add("mine.shout", "c", text=graph["b"])
    return graph


def test_what_is_copied_is_pasted_with_its_links_and_ids_of_its_own(chain):
    chain["b"].set(title="Mine", colour="teal", retries=2)
    new = chain.paste(chain.copied("a", "b"), at=(500, 900))
    assert [node.id for node in new] == ["a-2", "b-2"]
    assert "a-2.result -> b-2.text" in links(chain)
    twin = chain.node("b-2")
    assert (twin.title, twin.colour, twin.options) == ("Mine", "teal", {"retries": 2})
    xs = [chain.node(id).position[0] for id in ("a-2", "b-2")]
    assert sum(xs) / 2 == pytest.approx(500, abs=1)
    chain.undo()
    assert list(chain.nodes) == ["a", "b", "c"]


def test_a_copy_is_pasted_in_another_graph_also_where_a_block_is_unknown(chain, blocks):
    there = Graph("there", blocks=blocks)
    text = chain.copied().replace('"mine.shout"', '"gone.block"', 1)
    there.paste(text)
    assert links(there) == links(chain)
    assert there.node("a").block == "gone.block"
    assert there.node("a").constants == {"text": "x"}


def test_what_is_no_copy_is_refused_in_words(graph):
    for text in ("hello", "{}", '{"format": "agentbench/1", "nodes": {}}'):
        with pytest.raises(EditRefused, match="holds no nodes"):
            graph.paste(text)
    damaged = '{"format": "agentbench/1", "nodes": {"a": 3}}'
    with pytest.raises(EditRefused, match="damaged"):
        graph.paste(damaged)


def test_a_secret_and_a_live_object_stay_behind(blocks):
    def call(
        key: Annotated[
            str, pydantic.Field(json_schema_extra={"format": "password"})
        ] = "",
        thing: object = None,
    ) -> str:
        return key

    blocks.register(FunctionBlock(call, id="mine.call"), replace=True)
    graph = Graph("secret", blocks=blocks)
    graph.add("mine.call", "a", key="hush", thing=object())
    text = graph.copied("a")
    assert "hush" not in text
    assert json.loads(text)["nodes"]["a"]["constants"] == {"thing": {"$live": "object"}}
    [new] = graph.paste(text)
    assert new.node.constants == {}


def test_a_block_goes_between_two_ports_and_back(chain):
    before = links(chain)
    new = chain.insert("mine.shout", "a.result", "b.text")
    assert links(chain) == sorted(
        [f"a.result -> {new.id}.text", f"{new.id}.result -> b.text", before[1]]
    )
    chain.undo()
    assert links(chain) == before


def test_a_block_that_does_not_fit_between_says_why(chain):
    with pytest.raises(LinkRefused, match="no output of it gives text"):
        chain.insert("math.calculate", "a.error", "b.text")
    assert len(chain.nodes) == 3


def test_what_is_dissolved_leaves_its_neighbours_linked(chain):
    chain.dissolve("b")
    assert links(chain) == ["a.result -> c.text"]
    chain.undo()
    assert "b" in chain


def test_several_in_a_row_are_dissolved_at_once(chain):
    chain.add("mine.shout", "d", text=chain["c"])
    chain.dissolve("b", "c")
    assert links(chain) == ["a.result -> d.text"]


def test_ports_may_be_named_as_text(graph):
    graph.add("mine.shout", "a", text="x")
    graph.add("mine.shout", "b")
    graph.link("a.result", "b.text")
    assert links(graph) == ["a.result -> b.text"]
    with pytest.raises(EditRefused, match=r"'node\.port'"):
        graph.link("a", "b.text")
