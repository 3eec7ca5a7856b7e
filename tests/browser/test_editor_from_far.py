"""A graph from far away: what is read of it, and that all of it can be seen."""

from playwright.sync_api import Locator, expect

from tests.browser.editor import Editor, box_of, middle
from tests.browser.live import Live
from tests.browser.playground import Playground

IS_WHOLE = "it => it.scrollHeight - it.clientHeight <= 1"
SIZE_ON_SCREEN = """it => parseFloat(getComputedStyle(it).fontSize)
    * it.getBoundingClientRect().height / it.offsetHeight"""
TITLES = {
    "short": "Split text",
    "name": "of_the_weather",
    "words": "Customer support tickets",
    "camel": "HTTPRequestBuilder",
}


def zoom_to(it: Editor, percent: int) -> None:
    """Zooms out until the canvas is no nearer than that."""
    shown = it.root.locator(".ab-zoom")
    while int(shown.inner_text().split()[0]) > percent:
        before = shown.inner_text()
        it.root.get_by_role("button", name="Zoom out").click()
        expect(shown).not_to_have_text(before)
        it.wait_until_still()


def size_of(text: Locator) -> float:
    """How large letters are on the screen."""
    size: float = text.evaluate(SIZE_ON_SCREEN)
    return size


def test_titles_and_notes_are_read_from_far_away(live: Live) -> None:
    graph = live.open()
    for number, (id, title) in enumerate(TITLES.items()):
        node = graph.add("text.template", id, template="x")
        node.set(at=(number * 300, 0), title=title)
    note = graph.add("values.note", "note", text="\nMind the limits.\n\nOf each.")
    note.set(at=(0, 250))
    live.show()
    zoom_to(live, 30)
    for id, title in TITLES.items():
        shown = live.node(id).locator(".ab-far-title")
        expect(shown).to_have_text(title)
        assert shown.evaluate(IS_WHOLE), f"{title!r} is cut"
        assert size_of(shown) > 7
    shown = live.node("note").locator(".ab-note-far")
    expect(shown).to_be_visible()
    expect(shown).to_have_text("Mind the limits.\nOf each.", use_inner_text=True)
    assert size_of(shown) > 7
    live.keep_pictures("from-far")
    x, y = middle(shown)
    live.drag((x, y), (x + 60, y))
    live.expect_that(lambda: graph.node("note").position[0] > 100, True)
    live.root.locator(".ab-zoom").click()
    expect(live.node("note").get_by_role("textbox")).to_be_visible()
    expect(shown).not_to_be_visible()


def test_a_status_hides_no_title_and_a_title_hides_no_value(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "a", template="It rains.").set(
        title="Summarise the whole of it"
    )
    live.show()
    live.run()
    live.wait_until("Done")
    zoom_to(live, 40)
    far = live.node("a").locator(".ab-node-far")
    title, mark = far.locator(".ab-far-title"), far.locator(".ab-status")
    assert title.evaluate(IS_WHOLE)
    below = box_of(live.preview("a"))["y"]
    assert box_of(far)["y"] + box_of(far)["height"] <= below + 2
    assert box_of(mark)["y"] + box_of(mark)["height"] / 2 < box_of(title)["y"] + 2


def test_near_a_title_is_whole_beside_a_status(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "a", template="x").set(at=(0, 0))
    live.show()
    graph.run_sync()
    graph.run_sync(reuse=True)
    expect(live.state("a")).to_have_text("Reused")
    title = live.node("a").locator(".ab-node-title")
    expect(title).to_have_text("Fill in template")
    assert title.evaluate("it => it.scrollWidth <= it.clientWidth"), "it is cut"
    expect(live.node("a").locator(".ab-node-counts")).to_have_text("")


def test_the_map_gives_way_while_all_of_the_graph_is_seen(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.open("crowd", nodes="400")
    small = it.root.get_by_label("Map of the graph")
    expect(
        small
    ).to_be_visible()  # opened no smaller than can be read, it is not all seen
    it.root.get_by_role("button", name="Show all").click()
    expect(small).to_have_count(0)
    it.root.locator(".ab-zoom").click()
    expect(small).to_be_visible()


def test_filling_the_panel_fits_again_what_was_fitted(
    playground_page: Playground,
) -> None:
    it = playground_page
    it.page.set_viewport_size({"width": 1100, "height": 900})
    it.open("brief")
    it.root.get_by_role("button", name="Show all").click()
    it.wait_until_still(moves=True)
    before = seen(it)
    for _ in range(2):  # again, as it is the second time that it comes back
        it.button("Fill the panel").click()
        it.wait_until_still(moves=True)
        assert area_of(it)[0] > before[0][0], "the graph is no larger"
        is_inside(it)
        it.button("Back into the notebook").click()
        it.wait_until_still(moves=True)
        assert seen(it) == before


def test_filling_the_panel_keeps_what_is_looked_at(playground_page: Playground) -> None:
    it = playground_page
    it.page.set_viewport_size({"width": 1100, "height": 900})
    it.open("brief")
    it.root.locator(".ab-zoom").click()
    it.wait_until_still(moves=True)
    x, y = middle(it.canvas)
    it.drag((x, y + 170), (x - 130, y + 100))
    it.wait_until_still(moves=True)
    shift = from_middle(it, "ask")
    it.button("Fill the panel").click()
    it.wait_until_still(moves=True)
    assert near(from_middle(it, "ask"), shift)
    it.page.keyboard.press("Escape")
    it.wait_until_still(moves=True)
    assert near(from_middle(it, "ask"), shift)


Shown = list[tuple[float, float]]


def seen(it: Editor) -> Shown:
    """How large the graph is on the canvas, and where it is there."""
    canvas, first = box_of(it.canvas), box_of(it.drawn_nodes.first)
    at = (round(first["x"] - canvas["x"]), round(first["y"] - canvas["y"]))
    return [area_of(it), at]


def area_of(it: Editor) -> tuple[float, float]:
    boxes = [box_of(node) for node in it.drawn_nodes.all()]
    width = max(box["x"] + box["width"] for box in boxes) - min(b["x"] for b in boxes)
    height = max(b["y"] + b["height"] for b in boxes) - min(b["y"] for b in boxes)
    return round(width), round(height)


def is_inside(it: Editor) -> None:
    canvas = box_of(it.canvas)
    for node in it.drawn_nodes.all():
        box = box_of(node)
        assert box["x"] >= canvas["x"]
        assert box["y"] >= canvas["y"]
        assert box["x"] + box["width"] <= canvas["x"] + canvas["width"]
        assert box["y"] + box["height"] <= canvas["y"] + canvas["height"]


def from_middle(it: Editor, node: str) -> tuple[float, float]:
    """How far a node is from the middle of the canvas."""
    (x, y), (left, top) = middle(it.canvas), middle(it.node(node))
    return left - x, top - y


def near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) < 3 and abs(a[1] - b[1]) < 3
