"""Composing and running an agent in the built editor: real Chromium, fake kernel."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.editor import box_of, middle
from tests.browser.playground import Playground


def test_a_click_adds_a_block_in_the_middle_and_selects_it(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("empty")
    it.page.get_by_text("Calculate").click()
    expect(it.node("calculate")).to_have_class(re.compile(r"\bselected\b"))
    it.wait_until_still(moves=True)
    x, y = middle(it.node("calculate"))
    canvas = middle(it.page.locator(".ab-canvas"))
    assert abs(x - canvas[0]) < 5
    assert abs(y - canvas[1]) < 40


def test_blocks_added_by_clicks_do_not_cover_each_other(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("empty")
    for number in range(3):
        it.page.locator(".ab-block-title", has_text="Calculate").click()
        expect(it.drawn_nodes).to_have_count(number + 1)
    places = {(node["x"], node["y"]) for node in it.nodes().values()}
    assert len(places) == 3


def test_dragging_a_block_puts_it_where_it_is_dropped(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("empty")
    block = it.page.locator(".ab-block", has_text="Fetch a page")
    block.drag_to(it.page.locator(".ab-canvas"), target_position={"x": 300, "y": 200})
    expect(it.node("fetch")).to_be_visible()
    it.wait_until_still()
    box, canvas = (
        box_of(it.node("fetch")),
        box_of(it.page.locator(".ab-canvas")),
    )
    assert 200 < box["x"] - canvas["x"] < 300
    assert 150 < box["y"] - canvas["y"] < 200


def test_the_keyboard_finds_and_adds_a_block(playground_page: Playground) -> None:
    it = playground_page
    it.open("empty")
    it.view().focus()
    it.page.keyboard.press("/")
    search = it.root.get_by_role("combobox", name="Search blocks")
    expect(search).to_be_focused()
    it.page.keyboard.type("sqll")
    expect(search).to_have_value("sqll")
    it.page.keyboard.press("Enter")
    expect(it.node("query")).to_be_visible()
    assert it.leaked() == []


def test_a_link_is_drawn_by_dragging(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.link("fetch.page", "ask.prompt")
    expect(it.page.locator(".react-flow__edge")).to_have_count(1)
    assert it.links() == ["fetch.page -> ask.prompt"]
    expect(it.field("ask", "prompt")).to_have_count(0)


def test_while_a_link_is_drawn_what_does_not_fit_is_dim(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    it.unfold("sum")
    it.pick_up("fetch.page")
    expect(it.handle("ask", "prompt", "input")).to_have_attribute("data-fit", "yes")
    expect(it.handle("sum", "a", "input")).to_have_attribute("data-fit", "no")
    expect(it.handle("sum", "a", "input")).to_have_css("opacity", "0.22")


def test_a_link_can_be_drawn_to_an_input_that_is_folded_away(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    hidden = it.handle("ask", "system", "input")
    expect(hidden).to_have_count(0)
    it.pick_up("fetch.page")
    it.page.mouse.move(*middle(hidden), steps=6)
    it.page.mouse.up()
    expect(it.page.locator(".react-flow__edge")).to_have_count(1)
    assert it.links() == ["fetch.page -> ask.system"]


def test_long_text_lies_over_the_card_while_it_is_edited(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    area, card = it.field("ask", "prompt"), it.node("ask")
    line = box_of(area)["height"]
    area.fill("One\ntwo\nthree")
    expect(card).not_to_contain_text("needs a link")
    assert it.comes_to(lambda: box_of(area)["height"] > 2 * line)
    opened = box_of(card)["height"]
    it.page.keyboard.press("Escape")
    expect(card).to_contain_text("3 lines")
    heights = lambda: [box_of(area)["height"], box_of(card)["height"]]  # noqa: E731
    it.expect_that(heights, pytest.approx([line, opened], abs=1))


def test_a_refused_link_says_why_near_the_pointer(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.unfold("sum")
    it.link("fetch.page", "sum.a")
    toast = it.page.locator(".ab-toast")
    expect(toast).to_contain_text("“page” gives text, “a” takes number")
    assert it.links() == []
    it.wait_until_still(moves=True)  # it slides in
    x, y = middle(toast)
    near_x, near_y = middle(it.handle("sum", "a", "input"))
    assert abs(x - near_x) < 60
    assert 0 < y - near_y < 90


def test_a_link_let_go_in_the_open_offers_blocks_that_fit(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    it.drag(middle(it.handle("ask", "answer", "output")), (1100, 520))
    it.choose("split")
    expect(it.node("split")).to_be_visible()
    expect(it.page.locator(".react-flow__edge")).to_have_count(1)
    assert it.links() == ["ask.answer -> split.text"]


def test_a_constant_is_edited_in_the_node(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.field("fetch", "address").fill("https://example.net")
    it.page.keyboard.press("Tab")
    expect(it.page.locator(".ab-saved")).to_have_text("Unsaved")
    assert it.nodes()["fetch"]["constants"] == {"address": "https://example.net"}


def test_new_ports_after_a_change_can_be_linked(playground_page: Playground) -> None:
    it = playground_page
    it.open("brief")
    it.field("prompt", "template").fill("About {topic} as {page}.")
    it.page.keyboard.press("Escape")
    it.unfold("prompt")
    it.link("page.page", "prompt.page")
    expect(it.page.locator(".react-flow__edge")).to_have_count(4)
    assert "page.page -> prompt.page" in it.links()


def test_a_node_is_moved_by_its_head_and_one_edit_tells_it(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    x, y = middle(it.node("sum").locator(".ab-node-title"))
    it.drag((x, y), (x + 60, y + 40))
    expect(it.page.locator(".ab-saved")).to_have_text("Unsaved")
    assert [edit["edit"] for edit in it.edits()] == ["move_node"]
    moved = it.nodes()["sum"]
    assert moved["x"] == pytest.approx(60, abs=12)
    assert moved["y"] == pytest.approx(260, abs=12)


def test_arrow_keys_move_the_selected_node(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.node("sum").click(position={"x": 60, "y": 20})
    it.node("sum").press("ArrowRight")
    it.node("sum").press("ArrowRight")
    expect(it.page.locator(".ab-saved")).to_have_text("Unsaved")
    assert it.nodes()["sum"]["x"] > 0
    assert it.leaked() == []


def test_delete_takes_the_selection_of_this_view_only(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("brief", views="2")
    it.node("page", view=1).locator(".ab-node-title").click()
    it.node("ask").locator(".ab-node-title").click()
    it.page.keyboard.press("Delete")
    expect(it.node("ask")).to_have_count(0)
    expect(it.node("page")).to_have_count(1)
    assert it.links() == ["topic.value -> prompt.topic"]


def test_a_link_is_deleted_by_its_menu(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.link("fetch.page", "ask.prompt")
    line = it.page.locator(".react-flow__edge-interaction")
    expect(line).to_have_count(1)
    it.wait_until_still()
    line.click(button="right")
    it.page.get_by_role("menuitem", name="Delete link").click()
    expect(line).to_have_count(0)
    assert it.links() == []


def test_box_selection_takes_many(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    canvas = box_of(it.page.locator(".ab-canvas"))
    it.page.keyboard.down("Shift")
    end = (canvas["x"] + canvas["width"] - 20, canvas["y"] + canvas["height"] - 60)
    it.drag((canvas["x"] + 20, canvas["y"] + 20), end)
    it.page.keyboard.up("Shift")
    expect(it.page.locator(".react-flow__node.selected")).to_have_count(3)


def test_a_run_is_asked_for_its_inputs_and_shows_what_came(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("brief")
    it.page.get_by_role("button", name="Run", exact=True).click()
    it.page.get_by_label("topic").last.fill("cargo ships")
    it.hold("ask")
    it.page.keyboard.press("Enter")
    expect(it.page.get_by_role("button", name="Stop")).to_be_enabled()
    expect(it.node("ask")).to_contain_text("Running")
    it.hold()
    expect(it.node("answer")).to_contain_text("cargo ships")
    expect(it.page.locator(".ab-toolbar .ab-status")).to_contain_text("Done")
    expect(it.page.locator(".ab-link-count")).to_have_count(3)


def test_stop_stops(playground_page: Playground) -> None:
    it = playground_page
    it.open("brief")
    it.page.get_by_role("button", name="Run", exact=True).click()
    it.page.get_by_label("topic").last.fill("x")
    it.hold("topic")
    it.page.keyboard.press("Enter")
    it.page.get_by_role("button", name="Stop").click()
    expect(it.page.locator(".ab-toolbar .ab-status")).to_contain_text("Stopped")
    expect(it.page.get_by_role("button", name="Stop")).to_be_disabled()


def test_a_problem_leads_to_its_node(playground_page: Playground) -> None:
    it = playground_page
    it.open("broken")
    it.page.get_by_role("button", name="problem").click()
    problems = it.page.get_by_role("region", name="Problems")
    problems.get_by_role("button", name="vendor.summarise").click()
    expect(it.node("old").locator(".ab-selected")).to_be_visible()


def _seen(it: Playground, id: str) -> bool:
    """Whether all of a node lies on the canvas and beside the inspector."""
    node, canvas = box_of(it.node(id)), box_of(it.canvas)
    right = canvas["x"] + canvas["width"]
    if it.inspector.count():
        right = box_of(it.inspector)["x"]
    return (
        node["x"] >= canvas["x"]
        and node["y"] >= canvas["y"]
        and node["x"] + node["width"] <= right
        and node["y"] + node["height"] <= canvas["y"] + canvas["height"]
    )


def test_each_block_that_a_click_adds_is_in_sight(playground_page: Playground) -> None:
    it = playground_page
    it.open("empty")
    for number in range(4):
        it.page.locator(".ab-block-title", has_text="Calculate").click()
        expect(it.drawn_nodes).to_have_count(number + 1)
        it.wait_until_still()
        id = it.drawn_nodes.last.get_attribute("data-id") or ""
        assert it.comes_to(lambda id=id: _seen(it, id))


def test_show_all_goes_around_the_inspector(playground_page: Playground) -> None:
    it = playground_page
    it.open("brief")
    it.inspect("ask")
    it.root.get_by_role("button", name="Show all").click()
    ids = [node.get_attribute("data-id") or "" for node in it.drawn_nodes.all()]
    assert it.comes_to(lambda: all(_seen(it, id) for id in ids))


def test_a_chosen_problem_is_in_sight_and_not_under_the_list(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("broken")
    it.drag(middle(it.canvas), (middle(it.canvas)[0], box_of(it.canvas)["y"] + 5))
    it.page.get_by_role("button", name="problem").click()
    problems = it.page.get_by_role("region", name="Problems")
    problems.get_by_role("button", name="vendor.summarise").click()
    expect(problems).to_have_count(0)
    assert it.comes_to(lambda: _seen(it, "old"))
