import threading

import pytest

from agentbench.domain import edit
from agentbench.domain.errors import (
    EditRefused,
    LinkRefused,
    UnknownBlock,
    UnknownNode,
    UnknownPort,
)
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph


def test_add_places_blocks_and_links_what_is_given(graph):
    count = graph.add("test.numbers", count=3)
    total = graph.add("test.add", "total", left=count, right=1)
    assert graph.node("total").constants == {"right": 1}
    assert [str(link) for link in graph.links] == ["numbers.result -> total.left"]
    assert (count.id, total.id) == ("numbers", "total")


def test_ids_are_short_and_unique(graph):
    ids = [graph.add("test.add").id for _ in range(3)]
    assert ids == ["add", "add-2", "add-3"]


def test_links_can_be_drawn_with_arrows(graph):
    one, two = graph.add("test.add", left=1), graph.add("test.add")
    one["result"] >> two["right"]
    one >> two
    assert {str(link) for link in graph.links} == {
        "add.result -> add-2.right",
        "add.result -> add-2.left",
    }


def test_a_link_that_does_not_fit_is_refused_with_the_reason(graph):
    text = graph.add("mine.shout", text="a")
    total = graph.add("test.add")
    with pytest.raises(
        LinkRefused, match="'result' gives text, 'left' takes whole number"
    ):
        text["result"] >> total["left"]
    assert graph.why_not_link("shout", "result", "add", "left").startswith(
        "'result' gives"
    )
    assert graph.links == []


def test_the_same_link_twice_is_refused(graph):
    one, two = graph.add("test.add"), graph.add("test.add")
    one["result"] >> two["left"]
    with pytest.raises(LinkRefused, match="linked already"):
        one["result"] >> two["left"]


def test_unknown_things_are_named_with_a_hint(graph):
    graph.add("test.add", "total")
    with pytest.raises(UnknownBlock, match=r"Did you mean 'test\.add'"):
        graph.add("test.ad")
    with pytest.raises(UnknownNode, match="Did you mean 'total'"):
        graph["totl"]
    with pytest.raises(UnknownPort, match=r"no port 'lefd'.*Did you mean 'left'"):
        graph["total"]["lefd"]
    with pytest.raises(UnknownPort, match="no input 'middle'"):
        graph.add("test.add", middle=1)


def test_constants_are_set_and_taken_back(graph):
    node = graph.add("test.add", left=1)
    node["left"] = 5
    assert graph.node(node.id).constants == {"left": 5}
    del node["left"]
    assert graph.node(node.id).constants == {}


def test_options_are_checked(graph):
    node = graph.add("test.add").set(timeout=2.5, concurrency=3)
    assert graph.node(node.id).options == {"timeout": 2.5, "concurrency": 3}
    with pytest.raises(EditRefused, match="'timeout' takes a number above 0"):
        node.set(timeout=-1)
    with pytest.raises(EditRefused, match="no option 'colour'"):
        graph.apply(edit.SetOption(id=node.id, option="colour", value="red"))


def test_edits_are_carried_out_all_or_none(graph):
    graph.add("test.add")
    before = graph.to_json()
    with pytest.raises(UnknownNode):
        graph.apply(
            edit.SetTitle(id="add", title="Sum"),
            edit.RemoveNode(id="add"),
            edit.RemoveNode(id="nobody"),
        )
    assert graph.to_json() == before


def test_every_edit_can_be_undone(graph):
    one, two = graph.add("test.add", left=1).set(timeout=3), graph.add("test.add")
    graph.link(one["result"], two["right"], sticky=True)
    before = graph.to_json()
    change = graph.apply(
        edit.Rename(name="other", description="else"),
        edit.SetConstant(id="add", port="left", value=2),
        edit.SetTitle(id="add", title="Sum"),
        edit.SetOption(id="add", option="timeout", value=9),
        edit.MoveNode(id="add-2", position=(3, 4)),
        edit.AddLink(source="add", output="result", target="add-2", input="left"),
        edit.RemoveNode(id="add"),
        edit.AddNode(block="test.numbers"),
    )
    assert graph.to_json() != before
    graph.apply(*change.undo)
    assert graph.to_json() == before


@pytest.mark.parametrize(
    "step",
    [
        edit.RemoveNode(id="pair"),
        edit.ClearConstant(id="pair", port="a"),
        edit.RemoveLink(source="add", output="result", target="pair", input="b"),
    ],
)
def test_an_undo_puts_back_what_belonged_to_an_input_that_is_gone(graph, step):
    one = graph.add("test.add", left=1)
    graph.add("data.make_dictionary", "pair", names=["a", "b"], a=1, b=one)
    graph["pair"]["names"] = ["c"]
    before = graph.to_json()
    change = graph.apply(step)
    assert graph.to_json() != before
    graph.apply(*change.undo)
    assert graph.to_json() == before


def test_an_undo_puts_back_what_a_newer_file_said_of_a_node(graph, blocks):
    graph.add("test.add", left=1)
    text = graph.to_json().replace('"block"', '"colour": "red",\n      "block"')
    newer = Graph.from_json(text, blocks=blocks)
    newer.apply(*newer.apply(edit.RemoveNode(id="add")).undo)
    assert '"colour": "red"' in newer.to_json()


def test_listeners_hear_every_change_in_order_from_many_threads(graph):
    heard = []
    graph.listen(lambda change: heard.append(change.revision))
    threads = [
        threading.Thread(target=graph.add, args=("test.add",)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == list(range(1, 21))
    assert len(graph.nodes) == 20


def test_the_text_form_is_the_same_every_time(graph):
    graph.add("test.add")
    assert repr(graph) == "<graph 'sample': 1 nodes, 0 links>"


def test_a_refused_node_leaves_nothing_behind(graph):
    with pytest.raises(UnknownPort):
        graph.add("test.add", "sum", middle=1)
    assert graph.nodes == {}
    assert graph.add("test.add", "sum").id == "sum"


def test_a_node_alone_never_means_its_error_output(graph):
    async def sink(value: int) -> None:
        """Takes and gives nothing."""

    async def loud() -> dict:
        return {}

    quiet = graph.add(FunctionBlock(sink, id="test.sink", outputs={}), value=1)
    talking = FunctionBlock(loud, id="test.loud", outputs={"error": str, "said": str})
    with pytest.raises(UnknownPort, match="no output 'result'"):
        graph.add("test.add", left=quiet)
    assert graph.add(talking).first_output.port == "said"
