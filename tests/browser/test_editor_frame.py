"""The built editor as a guest on its page: keys, wheel, size, theme, views, kernel."""

import pytest
from playwright.sync_api import expect

from tests.browser.editor import box_of, middle
from tests.browser.playground import Playground


@pytest.mark.parametrize("place", ["pane", "node", "field", "button"])
def test_no_key_leaves_the_editor(playground_page: Playground, place: str) -> None:
    it = playground_page
    it.open()
    spots = {
        "pane": it.page.locator(".react-flow__pane"),
        "node": it.node("sum").locator(".ab-node-title"),
        "field": it.field("fetch", "address"),
        "button": it.page.get_by_role("button", name="Show all"),
    }
    spots[place].click(position={"x": 8, "y": 8})
    for key in [
        "a",
        "d",
        "d",
        "Shift+M",
        "ArrowUp",
        "Shift+Enter",
        "Control+b",
        "Delete",
    ]:
        it.page.keyboard.press(key)
    assert set(it.leaked()) <= {"Shift", "Control"}


def test_a_right_click_opens_our_menu_and_not_the_notebooks(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    it.node("sum").locator(".ab-node-title").click(button="right")
    expect(it.page.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    assert it.leaked() == []


def test_the_wheel_scrolls_the_notebook_unless_maximised(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    zoom = it.page.locator(".ab-zoom")
    before = zoom.inner_text()
    it.page.mouse.move(*middle(it.page.locator(".ab-canvas")))
    it.page.mouse.wheel(0, 200)
    it.page.wait_for_function("() => window.scrollY > 100")
    assert zoom.inner_text() == before
    it.page.get_by_role("button", name="Fill the panel").click()
    it.page.mouse.move(640, 400)
    it.page.mouse.wheel(0, 200)
    expect(zoom).not_to_have_text(before)


def test_ctrl_and_wheel_zoom(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    zoom = it.page.locator(".ab-zoom")
    before = zoom.inner_text()
    it.page.mouse.move(*middle(it.page.locator(".ab-canvas")))
    it.page.keyboard.down("Control")
    it.page.mouse.wheel(0, 200)
    it.page.keyboard.up("Control")
    expect(zoom).not_to_have_text(before)
    assert it.page.evaluate("() => window.scrollY") == 0


def test_maximised_it_fills_the_page_and_escape_brings_it_back(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    it.page.get_by_role("button", name="Fill the panel").click()
    whole = {"x": 0, "y": 0, "width": 1280, "height": 720}
    it.expect_that(lambda: box_of(it.view()), whole)
    it.page.keyboard.press("Escape")
    it.expect_that(lambda: box_of(it.view())["height"], 560)


def test_the_lower_edge_changes_the_height_for_good(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    x, y = middle(it.page.locator(".ab-resize"))
    it.drag((x, y), (x, y - 100))
    kept = "() => playground.model.get('height')"
    it.expect_that(lambda: it.page.evaluate(kept), 460)
    it.expect_that(lambda: box_of(it.view())["height"], 460)


def test_two_views_of_one_model_stay_in_step(playground_page: Playground) -> None:
    it = playground_page
    it.open("pair", views="2")
    it.field("fetch", "address").fill("https://example.net")
    it.page.keyboard.press("Tab")
    other = it.node("fetch", view=1).locator(".ab-row[data-port=address] input")
    expect(other).to_have_value("https://example.net")
    it.link("fetch.page", "ask.prompt")
    expect(it.view(1).locator(".react-flow__edge")).to_have_count(1)


def test_the_node_stays_in_sight_beside_the_inspector(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("brief")
    it.node("answer").locator(".ab-node-title").click()
    panel = it.page.locator(".ab-inspector-place")
    expect(panel).to_contain_text("io.output")
    it.wait_until_still()

    def is_beside() -> bool:
        node, box = box_of(it.node("answer")), box_of(panel)
        return node["x"] + node["width"] <= box["x"]

    assert it.comes_to(is_beside)


def test_the_theme_of_the_page_is_followed(playground_page: Playground) -> None:
    it = playground_page
    it.open("pair", theme="dark")
    expect(it.view()).to_have_css("background-color", "rgb(29, 30, 34)")
    it.page.evaluate("() => playground.setTheme('light')")
    expect(it.view()).to_have_css("background-color", "rgb(255, 255, 255)")
    card = it.node("sum").locator(".ab-node")
    expect(card).to_have_css("background-color", "rgb(255, 255, 255)")


def test_a_busy_kernel_is_told_and_nothing_is_lost(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.page.evaluate("() => { playground.kernel.isBusy = true }")
    it.link("fetch.page", "ask.prompt")
    expect(it.page.locator(".ab-banner")).to_contain_text("kernel is busy")
    it.page.evaluate("() => playground.kernel.resume()")
    expect(it.page.locator(".react-flow__edge")).to_have_count(1)
    expect(it.page.locator(".ab-banner")).to_have_count(0)


def test_a_restarted_kernel_is_told(playground_page: Playground) -> None:
    it = playground_page
    it.open()
    it.page.get_by_role("button", name="Restart the kernel").click()
    expect(it.page.locator(".ab-banner")).to_contain_text("kernel was restarted")
    it.node("sum").click(position={"x": 60, "y": 20})
    it.page.keyboard.press("Delete")
    expect(it.node("sum")).to_be_visible()


def test_three_hundred_nodes_are_drawn_only_where_they_are_seen(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("many")
    it.page.locator(".ab-zoom").click()
    it.page.wait_for_function(
        "() => document.querySelectorAll('.react-flow__node').length < 60"
    )


def test_a_view_made_later_shows_the_whole_graph(playground_page: Playground) -> None:
    it = playground_page
    it.open("brief")
    it.page.evaluate("() => playground.addView()")
    expect(it.view(1).locator(".react-flow__node")).to_have_count(6)
    it.view(1).scroll_into_view_if_needed()

    def is_whole() -> bool:
        frame = box_of(it.view(1).locator(".ab-canvas"))
        first, last = (
            box_of(it.node("topic", view=1)),
            box_of(it.node("answer", view=1)),
        )
        right = max(node["x"] + node["width"] for node in (first, last))
        left = min(node["x"] for node in (first, last))
        return frame["x"] < left and right < frame["x"] + frame["width"]

    assert it.comes_to(is_whole)


def test_far_away_a_node_is_its_title_and_can_be_moved(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    zoom = it.page.locator(".ab-zoom")
    for _ in range(5):
        before = zoom.inner_text()
        it.page.get_by_role("button", name="Zoom out").click()
        expect(zoom).not_to_have_text(before)
        it.wait_until_still()
    far = it.node("sum").locator(".ab-node-far")
    expect(far).to_be_visible()
    x, y = middle(far)
    it.drag((x, y), (x + 40, y))
    expect(it.page.locator(".ab-saved")).to_have_text("Unsaved")
    assert it.nodes()["sum"]["x"] > 40


def test_after_a_deletion_the_keys_are_still_the_editors(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open()
    it.node("sum").locator(".ab-node-title").click()
    it.page.keyboard.press("Delete")
    expect(it.node("sum")).to_have_count(0)
    it.page.keyboard.press("Control+a")
    expect(it.page.locator(".react-flow__node.selected")).to_have_count(2)
    assert set(it.leaked()) <= {"Control"}


def test_a_narrow_cell_keeps_every_button(playground_page: Playground) -> None:
    it = playground_page
    it.page.set_viewport_size({"width": 600, "height": 720})
    it.open()
    it.run()
    expect(it.button("Timeline")).to_be_visible()
    bar = it.root.get_by_role("toolbar").first
    # All at once: as the run goes on, so do the buttons.
    over = """bar => [...bar.querySelectorAll('button')].filter((it) =>
        it.getBoundingClientRect().right > bar.getBoundingClientRect().right)
        .map((it) => it.title || it.innerText)"""
    it.expect_that(lambda: bar.evaluate(over), [])
    assert box_of(it.button("Run"))["width"] > 40


def test_show_all_leaves_nothing_under_the_controls(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.page.set_viewport_size({"width": 900, "height": 720})
    it.open()
    it.page.get_by_role("button", name="Show all").click()
    it.wait_until_still(moves=True)
    bar = box_of(it.page.locator(".ab-controls"))
    for node in it.drawn_nodes.all():
        box = box_of(node)
        is_beside = box["x"] > bar["x"] + bar["width"]
        assert is_beside or box["y"] + box["height"] <= bar["y"]
