"""What has just been added or put in order is in sight, and lies on nothing."""

from tests.browser.editor import Editor, box_of, middle
from tests.browser.live import Live


def is_in_sight(it: Editor, id: str) -> bool:
    canvas, box = box_of(it.canvas), box_of(it.node(id))
    return (
        box["x"] >= canvas["x"]
        and box["y"] >= canvas["y"]
        and box["x"] + box["width"] <= canvas["x"] + canvas["width"]
        and box["y"] + box["height"] <= canvas["y"] + canvas["height"]
    )


def test_a_block_added_from_a_link_at_the_edge_is_in_sight(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "a", template="x").set(at=(0, 0))
    live.show()
    canvas = box_of(live.canvas)
    live.wait_until_still()
    end = canvas["x"] + canvas["width"] - 120, canvas["y"] + canvas["height"] - 60
    live.drag(middle(live.handle("a", "result", "output")), end)
    live.choose("split text")
    live.expect_links("a.result -> split.text")
    live.expect_that(lambda: is_in_sight(live, "split"), True)


def test_tab_twice_adds_two_nodes_beside_each_other(live: Live) -> None:
    live.open()
    live.show()
    x, y = middle(live.canvas)
    live.page.mouse.click(x - 40, y - 60)
    live.press("Tab")
    live.choose("split text")
    live.expect_nodes("split")
    live.press("Tab")  # the pointer has not moved
    live.choose("count")
    live.expect_nodes("count", "split")
    live.wait_until_still(moves=True)
    one, two = box_of(live.node("split")), box_of(live.node("count"))
    is_above = (
        one["y"] + one["height"] <= two["y"] or two["y"] + two["height"] <= one["y"]
    )
    is_left = one["x"] + one["width"] <= two["x"] or two["x"] + two["width"] <= one["x"]
    assert is_above or is_left


def test_the_key_that_tidies_shows_what_it_has_put_in_order(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "a", template="x").set(at=(4000, 3000))
    graph.add("text.split", "b", text=graph["a"]).set(at=(3600, 3300))
    live.show()
    live.focus()
    live.press("t")
    live.expect_that(lambda: graph.node("a").position[0] < 1000, True)
    live.expect_that(lambda: is_in_sight(live, "a") and is_in_sight(live, "b"), True)
