"""Editing as people know it, on the kernel's own half of the editor: real Chromium, no Jupyter."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.editor import box_of, middle
from tests.browser.live import Live

ROW = ("a.result -> b.x", "b.result -> c.y")


def test_undo_and_redo_are_the_graphs_own(chain: Live) -> None:
    chain.select("b")
    chain.press("Delete")
    chain.expect_links()
    expect(chain.button("Undo: Delete Fill in template")).to_be_enabled()
    chain.press("Control+z")
    chain.expect_links(*ROW)
    chain.press("Control+Shift+z")
    chain.expect_links()
    chain.graph.undo()
    chain.expect_links(*ROW)
    chain.graph.add("text.template", "d").set(at=(0, 300))
    expect(chain.node("d")).to_be_visible()
    chain.focus()
    chain.press("Control+z", "Control+z")
    chain.expect_nodes("a", "b", "c")


def test_typing_in_a_field_is_undone_at_once(chain: Live) -> None:
    chain.field("a", "template").click()
    chain.page.keyboard.type(" world", delay=5)
    expect(chain.button("Undo: Change template of Fill in template")).to_be_enabled()
    chain.press("Escape")
    chain.focus()
    chain.press("Control+z")
    expect(chain.field("a", "template")).to_have_value("hello")


def test_copies_go_through_the_clipboard_into_another_agent(chain: Live) -> None:
    chain.select("a", "b")
    chain.press("Control+c")
    expect(chain.toast).to_contain_text("Copied 2 nodes")
    chain.expect_that(lambda: list(copied(chain)), ["a", "b"])
    there = chain.open("another")
    chain.show()
    chain.page.mouse.move(*middle(chain.canvas))
    chain.focus()
    chain.press("Control+v")
    chain.expect_nodes("a", "b")
    chain.expect_links("a.result -> b.x")
    chain.expect_selected("a", "b")
    x, y = middle(chain.node("a"))
    cx, cy = middle(chain.canvas)
    assert abs(x - cx) < 400
    assert abs(y - cy) < 200
    chain.press("Control+z")
    chain.expect_nodes()
    chain.expect_that(lambda: there.history.redo_title, "Paste")


def copied(live: Live) -> dict[str, Any]:
    """The nodes on the clipboard: it is written when the page has long said so."""
    text = live.page.evaluate("() => navigator.clipboard.readText()")
    nodes: dict[str, Any] = json.loads(text)["nodes"]
    return nodes


def test_cut_duplicate_and_what_is_no_copy(chain: Live) -> None:
    chain.select("b", "c")
    chain.press("Control+d")
    chain.expect_nodes("a", "b", "b-2", "c", "c-2")
    chain.expect_links(*ROW, "b-2.result -> c-2.y")
    chain.expect_selected("b-2", "c-2")
    chain.press("Control+x")
    chain.expect_nodes("a", "b", "c")
    chain.expect_that(lambda: list(copied(chain)), ["b-2", "c-2"])
    chain.page.evaluate("() => navigator.clipboard.writeText('just words')")
    chain.press("Control+v")
    expect(chain.toast.last).to_contain_text("holds no nodes")
    chain.select("b")
    chain.press("Control+Shift+d")
    chain.expect_links(*ROW, "a.result -> b-2.x")


def test_delete_and_reconnect_is_one_step(chain: Live) -> None:
    chain.select("b")
    chain.press("Control+Delete")
    chain.expect_links("a.result -> c.y")
    chain.press("Control+z")
    chain.expect_links(*ROW)


def test_a_block_is_inserted_on_a_link(chain: Live) -> None:
    (x1, y1), (x2, y2) = (
        middle(chain.handle("a", "result", "output")),
        middle(chain.handle("b", "x", "input")),
    )
    chain.page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2, button="right")
    chain.page.get_by_role("menuitem", name="Insert a block").click()
    chain.choose("replace text")
    chain.expect_links(
        "a.result -> replace.text", "replace.result -> b.x", "b.result -> c.y"
    )
    chain.press("Control+z")
    chain.expect_links(*ROW)


def test_a_loose_node_dropped_on_a_link_goes_into_it(chain: Live) -> None:
    chain.graph.add("text.replace", "mid", old="a", new="b").set(at=(140, 260))
    chain.expect_at("mid", 140, 260)
    chain.focus()
    chain.press("1")
    chain.wait_until_still(moves=True)
    expect(chain.node("mid")).to_be_in_viewport(ratio=0.99)
    head = middle(chain.node("mid").locator(".ab-node-title"))
    card = middle(chain.node("mid"))
    (x1, y1), (x2, y2) = (
        middle(chain.handle("a", "result", "output")),
        middle(chain.handle("b", "x", "input")),
    )
    aim = ((x1 + x2) / 2 + head[0] - card[0], (y1 + y2) / 2 - 50)
    chain.drag(head, aim)
    chain.expect_links("a.result -> mid.text", "mid.result -> b.x", "b.result -> c.y")


def test_dragging_selects_when_it_is_switched_on(chain: Live) -> None:
    chain.focus()
    button = chain.root.get_by_role("button", name="Select by dragging")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    a, b = box_of(chain.node("a")), box_of(chain.node("b"))
    start = (a["x"] - 12, a["y"] - 24)
    chain.drag(start, (b["x"] + 30, b["y"] + b["height"] + 12))
    chain.expect_selected("a", "b")
    expect(chain.root.get_by_role("toolbar", name="Selected nodes")).to_be_visible()


def test_a_conversion_is_offered_where_one_exists(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "words", template="4").set(at=(0, 0))
    graph.add("math.calculate", "sum", expression="n + 1").set(at=(330, 0))
    live.show()
    live.link("words.result", "sum.n")
    expect(live.toast).to_contain_text("gives text")
    live.toast.get_by_role("button", name="Convert to").click()
    live.expect_nodes("convert", "sum", "words")
    expect(live.drawn_links).to_have_count(2)
    assert graph.node("convert").constants == {"to": "whole number"}
    assert graph.run_sync().outputs == {}


def test_tab_adds_a_block_at_the_pointer_and_keys_are_listed(live: Live) -> None:
    live.open()
    live.show()
    x, y = middle(live.canvas)
    live.page.mouse.click(x + 100, y - 60)
    live.press("Tab")
    live.choose("note")
    expect(live.node("note")).to_be_visible()
    live.wait_until_still()
    box = box_of(live.node("note"))
    assert abs(box["x"] - x - 80) < 40
    live.focus()
    live.press("?")
    keys = live.page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Delete and reconnect")
    live.keep_pictures("editing-keys")
    live.press("Escape")
    expect(keys).to_have_count(0)
    assert live.page.evaluate("() => playground.leaked") == []


def test_search_in_the_graph_finds_by_value_and_goes_there(chain: Live) -> None:
    far = chain.graph.add("text.template", "far", template="needle in hay")
    far.set(at=(4000, 2000))
    chain.expect_at("far", 4000, 2000)
    chain.focus()
    chain.press("Control+f")
    search = chain.page.get_by_role("dialog", name="Search in the graph")
    expect(search.get_by_role("combobox")).to_be_focused()
    chain.page.keyboard.type("needle")
    found = search.get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("template: needle in hay")
    chain.keep_pictures("editing-search")
    chain.press("Enter")
    expect(chain.node("far")).to_be_in_viewport()
    expect(chain.node("far")).to_be_focused()


def test_a_link_is_made_by_keys_alone(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "one", template="x").set(at=(0, 0))
    graph.add("text.split", "two").set(at=(300, 0))
    live.show()
    live.focus()
    live.press("Alt+ArrowRight")
    live.expect_selected("one")
    live.press("l")
    live.choose("split text")
    live.expect_links("one.result -> two.text")


def test_a_frame_carries_what_stands_on_it(chain: Live) -> None:
    chain.select("a", "b")
    chain.press("Control+g")
    expect(chain.node("frame").get_by_role("textbox")).to_be_focused()
    chain.page.keyboard.type("Prepare")
    chain.press("Enter")
    expect(chain.node("frame")).to_contain_text("Prepare")
    chain.wait_until_still()
    before = {id: node.position for id, node in chain.graph.nodes.items()}
    start = middle(chain.node("frame").locator(".ab-frame-title"))
    steps = len(chain.graph.history.past)
    chain.drag(start, (start[0], start[1] + 120))
    expect(chain.button("Undo: Move 3 nodes")).to_be_enabled()
    assert len(chain.graph.history.past) == steps + 1
    moved = {
        id: node.position[1] - before[id][1] for id, node in chain.graph.nodes.items()
    }
    assert moved["a"] == moved["b"] == moved["frame"] > 50
    assert moved["c"] == 0
    chain.keep_pictures("editing-frame")


def test_a_frame_folds_with_what_stands_on_it(chain: Live) -> None:
    chain.select("a", "b")
    chain.press("Control+g")
    chain.expect_nodes("a", "b", "c", "frame")
    frame = chain.node("frame")
    expect(frame.get_by_role("textbox")).to_be_focused()
    chain.press("Escape")
    expect(frame.get_by_role("textbox")).to_have_count(0)
    frame.hover(position={"x": 40, "y": 12})
    frame.get_by_role("button", name="Fold Frame").click()
    expect(frame).to_contain_text("2 nodes")
    expect(chain.node("a")).to_have_count(0)
    # The link within is gone from sight; the one that leaves it leaves the frame.
    expect(chain.drawn_links).to_have_count(1)
    expect(chain.node("c")).to_be_visible()
    chain.keep_pictures("editing-folded")
    held = lambda id: chain.graph.node(id).constants["folded"]  # noqa: E731
    chain.expect_that(lambda: held("frame"), ["a", "b"])
    x, y = middle(frame.locator(".ab-frame-title"))
    before = chain.graph.node("a").position
    chain.drag((x, y), (x + 40, y + 130))
    expect(chain.button("Undo: Move 3 nodes")).to_be_enabled()
    assert chain.graph.node("a").position != before
    # What is put near a folded frame does not vanish into it.
    place = chain.graph.node("a").position or (0, 0)
    chain.graph["c"].set(at=place)
    chain.expect_at("c", *place)
    expect(chain.node("c")).to_be_visible()
    chain.graph.undo()
    # A copy of it holds copies.
    chain.select_frame("frame")
    chain.press("Control+d")
    expect(chain.node("frame-2")).to_contain_text("2 nodes")
    chain.expect_that(lambda: held("frame-2"), ["a-2", "b-2"])
    chain.press("Control+z")
    expect(chain.node("frame-2")).to_have_count(0)
    # Search finds what is folded away, and unfolds it.
    chain.focus()
    chain.press("Control+f")
    chain.choose("hello")
    expect(chain.node("a")).to_be_visible()
    expect(chain.drawn_links).to_have_count(2)
    expect(chain.button("Undo: Unfold the frame")).to_be_enabled()


def test_a_selection_is_aligned_and_tidied_in_one_step_each(chain: Live) -> None:
    chain.graph["b"].set(at=(310, 90))
    chain.graph["c"].set(at=(640, 40))
    chain.expect_at("b", 310, 90)
    chain.expect_at("c", 640, 40)
    chain.focus()
    chain.press("Control+a")
    chain.expect_selected("a", "b", "c")
    chain.root.get_by_role("button", name="Align").click()
    chain.page.get_by_role("menuitem", name="Top edges").click()
    expect(chain.button("Undo: Align")).to_be_enabled()
    heights = lambda: {it.position[1] for it in chain.graph.nodes.values()}  # noqa: E731
    chain.expect_that(heights, {0})
    chain.press("t")
    expect(chain.button("Undo: Tidy up the selection")).to_be_enabled()
    chain.press("Control+z", "Control+z")
    expect(chain.button("Redo: Align")).to_be_enabled()
    chain.expect_that(lambda: chain.graph.node("b").position, (310, 90))


def test_a_selection_becomes_an_agent_and_comes_back(chain: Live) -> None:
    chain.select("b", "c")
    chain.press("Control+Shift+g")
    name = chain.root.get_by_role("form", name="Make an agent").get_by_role("textbox")
    expect(name).to_be_focused()
    chain.page.keyboard.type("ending")
    chain.press("Enter")
    chain.expect_nodes("a", "ending")
    chain.expect_links("a.result -> ending.x")
    assert chain.bench.find_agent("ending").nodes
    chain.node("ending").locator(".ab-node-menu").click()
    chain.page.get_by_role("menuitem", name="Expand the agent").click()
    chain.expect_nodes("a", "b", "c")
    chain.expect_links(*ROW)


def test_a_colour_is_kept_with_the_node(chain: Live) -> None:
    chain.node("a").locator(".ab-node-menu").click()
    chain.page.get_by_role("menuitemradio", name="rose").click()
    card = chain.node("a").locator(".ab-node")
    expect(card).to_have_attribute("data-colour", "rose")
    chain.expect_that(lambda: chain.graph.node("a").colour, "rose")
    chain.node("a").locator(".ab-node-menu").click()
    chain.page.get_by_role("menuitem", name="Copy").click()
    expect(chain.toast.last).to_contain_text("Copied 1 node")
    chain.expect_that(lambda: copied(chain)["a"]["colour"], "rose")
    link = chain.page.get_by_label("Link from Fill in template, result, to")
    expect(link).to_have_count(2)


def test_what_is_not_given_yet_is_calm_until_somebody_runs(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "new").set(at=(0, 0))
    live.show()
    expect(live.button("1 to fill in")).to_be_visible()
    expect(live.node("new").locator(".ab-mark.ab-mark-error")).to_have_count(0)
    field = live.inspect("new").get_by_role("textbox", name="template")
    expect(field).to_be_visible()
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(live.inspector.locator(".ab-tally--wrong")).to_have_count(0)
    live.run()
    expect(live.button("1 problem")).to_be_visible()
    expect(live.node("new").locator(".ab-mark.ab-mark-error")).to_have_count(1)
    expect(live.node("new")).to_contain_text("needs a link")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_a_broken_link_looks_broken_and_lists_titles(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "a", template="x").set(at=(0, 0), title="First words")
    graph.add("text.template", "b", template="{{ x }}", x=graph["a"]).set(at=(330, 0))
    graph["b"]["template"] = "no names"
    live.show()
    mark = live.root.locator(".ab-link-count[data-broken]")
    expect(mark).to_have_attribute("title", re.compile("not there"))
    live.button("1 problem").click()
    expect(live.root.get_by_role("region", name="Problems")).to_contain_text(
        "Fill in template"
    )


def test_large_whole_numbers_keep_their_digits(live: Live) -> None:
    graph = live.open()
    graph.add("values.constant", "held", value=9007199254740993).set(at=(0, 0))
    graph.input("count", 5, type="whole number").set(at=(330, 0))
    live.show()
    expect(live.field("held", "value")).to_have_value("9007199254740993")
    field = live.field("count", "default")
    field.fill("12345678901234567890")
    field.press("Enter")
    expect(live.button("Undo: Change default of Input: count")).to_be_enabled()
    number = lambda: graph.node("count").constants["default"]  # noqa: E731
    live.expect_that(number, 12345678901234567890)
