"""Editing as people know it, on the kernel's own half of the editor: real Chromium, no Jupyter."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.browser.editor import Editor, box_of, middle
from tests.browser.live import LiveEditor, Served, serving_live

ARTEFACTS = Path(__file__).parent.parent.parent / "test-artifacts"


class Live(Editor):
    """An editor on the page, and the graph behind it."""

    def __init__(self, page: Page, address: str, served: Served, bench: Workbench):
        super().__init__(page.locator(".ab-editor").first)
        self._address, self._served, self.bench = address, served, bench
        self.graph = Graph("none yet")

    def open(self, name: str = "made here") -> Graph:
        """A new graph; `show` shows it."""
        self.graph = self.bench.agents.new(name, blank=True)
        return self.graph

    def show(self, theme: str = "light") -> None:
        """Loads the page with the editor of the graph."""
        self._served.editor = LiveEditor(self.graph, self.bench)
        self.page.goto(f"{self._address}?live&theme={theme}")
        self.wait_until_still()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def focus(self) -> None:
        self.root.focus()

    def select(self, *ids: str) -> None:
        """Selects these nodes and no others, by their heads; opens no inspector."""
        self.focus()
        for _ in range(3):
            self.press("Escape")
        for id in ids:
            self.node(id).locator(".ab-node-title").click(modifiers=["Control"])
        expect(self.root.locator(".react-flow__node.selected")).to_have_count(len(ids))

    def expect_links(self, *links: str) -> None:
        """Waits until the graph has these links, and the canvas as many."""
        expect(self.drawn_links).to_have_count(len(links))
        assert sorted(map(str, self.graph.links)) == sorted(links)

    def expect_nodes(self, *ids: str) -> None:
        expect(self.drawn_nodes).to_have_count(len(ids))
        assert sorted(self.graph.nodes) == sorted(ids)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    home = tmp_path_factory.mktemp("home")
    made = Workbench(Settings(home=home, store_url="memory:", redis_url="local:"))
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_and_server(
    chromium: Browser, playground_address: str
) -> Iterator[tuple[Page, str, Served]]:
    context = chromium.new_context(viewport={"width": 1280, "height": 760})
    with serving_live() as (address, served):
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        yield page, address, served
        context.close()


@pytest.fixture
def live(page_and_server: tuple[Page, str, Served], bench: Workbench) -> Iterator[Live]:
    page, address, served = page_and_server
    errors: list[str] = []

    def note(error: Error) -> None:
        errors.append(str(error))

    page.on("pageerror", note)
    yield Live(page, address, served, bench)
    page.remove_listener("pageerror", note)
    assert errors == []


@pytest.fixture
def chain(live: Live) -> Live:
    """Three templates in a row, shown."""
    graph = live.open()
    graph.add("text.template", "a", template="hello").set(at=(0, 0))
    graph.add("text.template", "b", template="{{ x }}!", x=graph["a"]).set(at=(300, 0))
    graph.add("text.template", "c", template="{{ y }}?", y=graph["b"]).set(at=(600, 0))
    live.show()
    return live


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
    text = chain.page.evaluate("() => navigator.clipboard.readText()")
    assert list(json.loads(text)["nodes"]) == ["a", "b"]
    there = chain.open("another")
    chain.show()
    chain.page.mouse.move(*middle(chain.canvas))
    chain.focus()
    chain.press("Control+v")
    chain.expect_nodes("a", "b")
    chain.expect_links("a.result -> b.x")
    expect(chain.root.locator(".react-flow__node.selected")).to_have_count(2)
    x, y = middle(chain.node("a"))
    cx, cy = middle(chain.canvas)
    assert abs(x - cx) < 400
    assert abs(y - cy) < 200
    chain.press("Control+z")
    chain.expect_nodes()
    assert there.history.redo_title == "Paste"


def test_cut_duplicate_and_what_is_no_copy(chain: Live) -> None:
    chain.select("b", "c")
    chain.press("Control+d")
    chain.expect_nodes("a", "b", "b-2", "c", "c-2")
    chain.expect_links(*ROW, "b-2.result -> c-2.y")
    chain.press("Control+x")
    chain.expect_nodes("a", "b", "c")
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
    chain.page.keyboard.type("replace")
    chain.press("Enter")
    chain.expect_links(
        "a.result -> replace.text", "replace.result -> b.x", "b.result -> c.y"
    )
    chain.press("Control+z")
    chain.expect_links(*ROW)


def test_a_loose_node_dropped_on_a_link_goes_into_it(chain: Live) -> None:
    chain.graph.add("text.replace", "mid", old="a", new="b").set(at=(140, 260))
    chain.focus()
    chain.press("1")
    expect(chain.node("mid")).to_be_in_viewport()
    chain.wait_until_still()
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
    chain.root.get_by_role("button", name="Select by dragging").click()
    a, b = box_of(chain.node("a")), box_of(chain.node("b"))
    start = (a["x"] - 12, a["y"] - 24)
    chain.drag(start, (b["x"] + 30, b["y"] + b["height"] + 12))
    expect(chain.root.locator(".react-flow__node.selected")).to_have_count(2)
    expect(chain.root.get_by_role("toolbar", name="Selected nodes")).to_be_visible()


def test_a_conversion_is_offered_where_one_exists(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "words", template="4").set(at=(0, 0))
    graph.add("math.calculate", "sum", expression="n + 1").set(at=(330, 0))
    live.show()
    live.link("words.result", "sum.n")
    expect(live.toast).to_contain_text("gives text")
    live.toast.get_by_role("button", name="Convert to").click()
    expect(live.drawn_links).to_have_count(2)
    assert graph.node("convert").constants == {"to": "whole number"}
    assert graph.run_sync().outputs == {}


def test_tab_adds_a_block_at_the_pointer_and_keys_are_listed(live: Live) -> None:
    live.open()
    live.show()
    x, y = middle(live.canvas)
    live.page.mouse.click(x + 100, y - 60)
    live.press("Tab")
    live.page.keyboard.type("note")
    live.press("Enter")
    expect(live.node("note")).to_be_visible()
    box = box_of(live.node("note"))
    assert abs(box["x"] - x - 80) < 40
    live.focus()
    live.press("?")
    keys = live.page.get_by_role("dialog", name="Keys")
    expect(keys).to_contain_text("Delete and reconnect")
    _keep(live.page, "editing-keys")
    live.press("Escape")
    expect(keys).to_have_count(0)
    assert live.page.evaluate("() => playground.leaked") == []


def test_search_in_the_graph_finds_by_value_and_goes_there(chain: Live) -> None:
    chain.graph.add("text.template", "far", template="needle in hay").set(
        at=(4000, 2000)
    )
    expect(chain.button("Undo: Move Fill in template")).to_be_enabled()
    chain.focus()
    chain.press("Control+f")
    chain.page.keyboard.type("needle")
    search = chain.page.get_by_role("dialog", name="Search in the graph")
    found = search.get_by_role("option")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("template: needle in hay")
    _keep(chain.page, "editing-search")
    chain.press("Enter")
    expect(chain.node("far")).to_be_in_viewport()
    expect(chain.node("far")).to_be_focused()


def test_a_link_is_made_by_keys_alone(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "one", template="x").set(at=(0, 0))
    graph.add("text.split", "two").set(at=(300, 0))
    live.show()
    live.focus()
    live.press("Alt+ArrowRight", "l")
    live.page.keyboard.type("split text")
    live.press("Enter")
    live.expect_links("one.result -> two.text")


def test_a_frame_carries_what_stands_on_it(chain: Live) -> None:
    chain.select("a", "b")
    chain.press("Control+g")
    expect(chain.node("frame")).to_be_visible()
    chain.page.keyboard.type("Prepare")
    chain.press("Enter")
    expect(chain.node("frame")).to_contain_text("Prepare")
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
    _keep(chain.page, "editing-frame")


def test_a_selection_is_aligned_and_tidied_in_one_step_each(chain: Live) -> None:
    chain.graph["b"].set(at=(310, 90))
    chain.graph["c"].set(at=(640, 40))
    chain.wait_until_still()
    chain.focus()
    chain.press("Control+a")
    chain.root.get_by_role("button", name="Align").click()
    chain.page.get_by_role("menuitem", name="Top edges").click()
    expect(chain.button("Undo: Align")).to_be_enabled()
    assert {node.position[1] for node in chain.graph.nodes.values()} == {0}
    chain.press("t")
    expect(chain.button("Undo: Tidy up the selection")).to_be_enabled()
    chain.press("Control+z", "Control+z")
    expect(chain.button("Redo: Align")).to_be_enabled()
    assert chain.graph.node("b").position == (310, 90)


def test_a_selection_becomes_an_agent_and_comes_back(chain: Live) -> None:
    chain.select("b", "c")
    chain.press("Control+Shift+g")
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
    assert chain.graph.node("a").colour == "rose"
    chain.node("a").locator(".ab-node-menu").click()
    chain.page.get_by_role("menuitem", name="Copy").click()
    expect(chain.toast.last).to_contain_text("Copied 1 node")
    text = chain.page.evaluate("() => navigator.clipboard.readText()")
    assert json.loads(text)["nodes"]["a"]["colour"] == "rose"
    link = chain.page.get_by_label("Link from Fill in template, result, to")
    expect(link).to_have_count(2)


def test_what_is_not_given_yet_is_calm_until_somebody_runs(live: Live) -> None:
    graph = live.open()
    graph.add("text.template", "new").set(at=(0, 0))
    live.show()
    expect(live.button("1 to fill in")).to_be_visible()
    expect(live.node("new").locator(".ab-mark.ab-mark-error")).to_have_count(0)
    live.run()
    expect(live.button("1 problem")).to_be_visible()
    expect(live.node("new").locator(".ab-mark.ab-mark-error")).to_have_count(1)
    expect(live.node("new")).to_contain_text("needs a link")


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
    assert graph.node("count").constants["default"] == 12345678901234567890


def _keep(page: Page, name: str) -> None:
    """Keeps pictures of the page, light and dark, for people to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    for theme in ("dark", "light"):
        page.evaluate("theme => playground.setTheme(theme)", theme)
        page.screenshot(path=ARTEFACTS / f"{name}-{theme}.png")
