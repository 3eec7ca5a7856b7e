import itertools

from agentbench.domain.layout import (
    FOOT,
    GAP,
    HEAD,
    ROW,
    VALUE_SHOWN,
    height,
    positions,
)


def test_nodes_stand_in_layers_from_left_to_right(graph):
    one = graph.add("test.add", "one")
    two = graph.add("test.add", "two", left=one)
    graph.add("test.add", "three", left=two, right=one)
    places = positions(graph)
    assert places["one"][0] < places["two"][0] < places["three"][0]


def test_no_two_nodes_of_a_column_overlap(graph):
    source = graph.add("test.add", "source")
    for number in range(5):
        graph.add("mine.shout", f"n{number}", text="x")
        graph.add("test.add", f"m{number}", left=source)
    places = positions(graph)
    columns = {}
    for x, y in places.values():
        columns.setdefault(x, []).append(y)
    for heights in columns.values():
        heights.sort()
        assert all(b - a >= 80 for a, b in itertools.pairwise(heights))


def test_own_places_are_kept_and_cycles_and_long_chains_are_no_trouble(graph):
    before = graph.add("test.add", "first").set(at=(-500, 7))
    for number in range(3000):
        before = graph.add("test.add", f"n{number}", left=before)
    before["result"] >> graph["n0"]["right"]
    places = positions(graph)
    assert places["first"] == (-500, 7)
    assert len(places) == 3001


def test_the_same_graph_always_gives_the_same_picture(graph):
    graph.add("test.add", left=graph.add("test.add"))
    assert positions(graph) == positions(graph.copy())


def test_what_a_run_shows_on_a_node_has_room_above_the_next_one(graph):
    graph.add("mine.shout", "one", text="x")
    graph.add("mine.shout", "two", text="x")
    places = positions(graph)
    card = HEAD + 2 * ROW + FOOT
    assert places["two"][1] - places["one"][1] >= card + VALUE_SHOWN


def test_an_input_that_says_nothing_takes_no_room(graph):
    plain = height(graph, graph.add("mine.shout", text="x").node)
    louder = height(graph, graph.add("mine.shout", text="x", times=3).node)
    assert louder - plain == ROW


def test_a_note_stands_right_above_its_layer(graph):
    graph.add("values.note", "note", text="Read me")
    graph.add("mine.shout", "one", text="x")
    places = positions(graph)
    below = places["note"][1] + height(graph, graph.nodes["note"])
    assert places["note"][0] == places["one"][0]
    assert places["one"][1] == below + GAP
