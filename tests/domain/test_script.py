from agentbench.domain.script import write_script
from tests.domain.rebuilding import rebuilt


def test_the_script_builds_the_same_graph(graph):
    count = graph.add("test.numbers", "count", count=3).set(at=(10, 20))
    total = graph.add("test.add", "total", left=count).set(title="Sum", timeout=2.0)
    graph.link(count["result"], total["right"], sticky=True)
    graph.add("mine.shout", "shout", text="a\nb", title="T")
    loop = graph.add("test.countdown", "class")
    loop["again"] >> loop["number"]
    assert rebuilt(graph).to_json() == graph.to_json()


def test_an_input_whose_name_is_no_identifier_is_still_given(graph):
    graph.add(
        "data.make_dictionary", "pair", names=["a b", "class"], **{"a b": 1, "class": 2}
    )
    assert rebuilt(graph).to_json() == graph.to_json()


def test_a_constant_under_a_link_is_said_too(graph):
    one, two = graph.add("test.add", left=1), graph.add("test.add", left=2)
    one["result"] >> two["left"]
    assert rebuilt(graph).to_json() == graph.to_json()


def test_places_far_out_and_ids_that_look_alike_stay_apart(graph):
    for number, id in enumerate(["a_b_", "a_b", "a-b"]):
        graph.add("test.add", id, left=number).set(at=(1_000_001 * number, number))
    assert rebuilt(graph).to_json() == graph.to_json()


def test_own_blocks_come_with_their_code(graph):
    graph.add("mine.shout", text="a")
    assert "def shout(text: str" in write_script(graph)
