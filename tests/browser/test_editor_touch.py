"""Fingers on the canvas, through the browser's own protocol; and the grid to which nodes snap."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.browser.editor import Point, box_of, middle
from tests.browser.lab import SCREENSHOTS
from tests.browser.live import Live
from tests.browser.playground import Playground


class Fingers:
    """Touches of a real touch screen, as the browser gets them."""

    def __init__(self, line: CDPSession) -> None:
        self._line = line

    def drag(self, *ways: tuple[Point, Point], steps: int = 8) -> None:
        """Puts a finger down at the start of each way and moves all of them at once."""
        self._send("touchStart", [start for start, _ in ways])
        for step in range(1, steps + 1):
            part = step / steps
            self._send("touchMove", [_between(*way, part) for way in ways])
        self._send("touchEnd", [])

    def tap(self, at: Point) -> None:
        self._send("touchStart", [at])
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": id} for id, (x, y) in enumerate(points)]
        self._line.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches}
        )


def _between(start: Point, end: Point, part: float) -> Point:
    (x, y), (to_x, to_y) = start, end
    return x + (to_x - x) * part, y + (to_y - y) * part


@pytest.fixture
def touched(
    chromium: Browser, playground_address: str
) -> Iterator[tuple[Playground, Fingers]]:
    """The editor on a tablet."""
    context = chromium.new_context(
        viewport={"width": 1024, "height": 768}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    yield Playground(page, playground_address), Fingers(context.new_cdp_session(page))
    context.close()


def test_a_finger_moves_the_canvas_and_two_zoom(
    touched: tuple[Playground, Fingers],
) -> None:
    it, fingers = touched
    it.open()
    card = box_of(it.node("ask"))
    bottom = box_of(it.canvas)["y"] + box_of(it.canvas)["height"] - 90
    empty = (box_of(it.canvas)["x"] + 420, bottom)
    fingers.drag((empty, (empty[0] + 70, empty[1] - 60)))
    it.wait_until_still()
    moved = box_of(it.node("ask"))
    assert moved["x"] - card["x"] == pytest.approx(70, abs=12)
    assert moved["y"] - card["y"] == pytest.approx(-60, abs=12)
    x = middle(it.canvas)[0]
    fingers.drag(
        ((x - 150, bottom), (x - 60, bottom)), ((x + 150, bottom), (x + 60, bottom))
    )
    it.wait_until_still()
    assert box_of(it.node("ask"))["width"] < moved["width"] * 0.8


def test_a_finger_moves_a_node_and_draws_a_link(
    touched: tuple[Playground, Fingers],
) -> None:
    it, fingers = touched
    it.open()
    before = it.nodes()["fetch"]
    head = middle(it.node("fetch").locator(".ab-node-title"))
    fingers.drag((head, (head[0] + 10, head[1] + 120)))
    it.page.wait_for_function(
        f"playground.kernel.nodes.get('fetch').y !== {before['y']}"
    )
    assert it.nodes()["fetch"]["y"] > before["y"] + 80
    it.wait_until_still()
    start = middle(it.handle("fetch", "page", "output"))
    fingers.drag((start, middle(it.handle("ask", "prompt", "input"))))
    expect(it.drawn_links).to_have_count(1)
    assert it.links() == ["fetch.page -> ask.prompt"]


def test_a_tap_selects_and_shows_what_a_node_is(
    touched: tuple[Playground, Fingers],
) -> None:
    it, fingers = touched
    it.open()
    fingers.tap(middle(it.node("ask").locator(".ab-node-title")))
    expect(it.inspector).to_contain_text("Sends a prompt to a language model.")
    it.page.screenshot(path=SCREENSHOTS / "tablet.png")
    it.inspector.get_by_role("button", name="Close the inspector").tap()
    fingers.tap(middle(it.field("fetch", "address")))
    expect(it.field("fetch", "address")).to_be_focused()


def test_nodes_snap_to_the_grid_when_it_is_switched_on(chain: Live) -> None:
    chain.focus()
    snap = chain.root.get_by_role("button", name="Snap to the grid")
    expect(snap).to_have_attribute("aria-pressed", "false")
    chain.press("s")
    expect(snap).to_have_attribute("aria-pressed", "true")
    head = middle(chain.node("b").locator(".ab-node-title"))
    chain.drag(head, (head[0] + 33, head[1] + 147))
    assert chain.comes_to(lambda: chain.graph.node("b").position != (300, 0))
    x, y = chain.graph.node("b").position or (1, 1)
    assert (x % 20, y % 20) == (0, 0)
    chain.press("s")
    expect(snap).to_have_attribute("aria-pressed", "false")
