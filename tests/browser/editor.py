"""The graph editor on a page, wherever it stands: in a notebook's cell or in the playground."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, FloatRect, Locator, expect

from agentbench.domain.errors import AgentbenchError
from tests.browser.lab import Notebook

Point = tuple[float, float]

LOAD = "%load_ext agentbench\nimport agentbench as ab"
"""The first cell of a notebook in which an editor is shown."""
MOVES = 250
"""Milliseconds after which the page has begun whatever movement follows what was done."""
RUNS_WITHIN = 90.0
"""Seconds for a run: the first of a kernel imports what runs it."""
COMES_WITHIN = 30.0
"""Seconds after which nothing comes any more, on however busy a machine."""

# React Flow measures the nodes, then shows all of them: two frames at least. What the page
# moves a moment later (a new node into sight) begins within `quiet`, by the page's own clock.
STILL = """async (editor, quiet) => {
    const look = () => {
        const parts = editor.querySelectorAll('.react-flow__viewport, .react-flow__node')
        if (!parts.length) return ''
        return JSON.stringify([editor, ...parts].map((it) => [
            it.style.visibility, ...Object.values(it.getBoundingClientRect().toJSON()),
        ]))
    }
    let last = '', same = 0, since = performance.now()
    while (same < 4 || performance.now() - since < quiet) {
        await new Promise(requestAnimationFrame)
        const now = look()
        if (now && now === last && !now.includes('hidden')) same += 1
        else [same, since] = [0, performance.now()]
        last = now
    }
}"""

# Resolves once a draft in the browser's database says that; to be evaluated.
DRAFTED = """async said => {
    const asked = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => failed(request.error)
    })
    const database = await asked(indexedDB.open("agentbench", 1))
    for (;;) {
        const drafts = database.transaction("drafts").objectStore("drafts")
        const kept = await asked(drafts.getAll())
        if (JSON.stringify(kept.map((draft) => draft.mine)).includes(said)) break
        await new Promise((done) => setTimeout(done, 20))
    }
    database.close()
}"""


class Editor:
    """One view of a graph: what a test does on it, and what it sees there."""

    def __init__(self, root: Locator) -> None:
        self.root, self.page = root, root.page
        self.canvas = root.locator(".ab-canvas")
        self.drawn_nodes = root.locator(".react-flow__node")
        self.drawn_links = root.locator(".react-flow__edge")
        self.status = root.locator(".ab-toolbar .ab-status")
        self.saved = root.locator(".ab-saved")
        self.banner = root.locator(".ab-banner")
        self.toast = root.locator(".ab-toast")
        self.inspector = root.locator(".ab-inspector")
        self.blocks = root.locator(".ab-block")

    # ---- looking -----------------------------------------------------------

    def node(self, id: str) -> Locator:
        return self.root.locator(f'.react-flow__node[data-id="{id}"]')

    def state(self, id: str) -> Locator:
        """What a node's head says of the run."""
        return self.node(id).locator(".ab-node-head .ab-status")

    def preview(self, id: str) -> Locator:
        return self.node(id).locator(".ab-node-preview")

    def handle(self, node: str, port: str, side: str) -> Locator:
        kind = {"input": "target", "output": "source"}[side]
        return self.node(node).locator(f'.{kind}[data-handleid="{port}"]')

    def field(self, node: str, port: str) -> Locator:
        row = self.node(node).locator(f'.ab-row[data-port="{port}"]')
        return row.locator("input, textarea, select").first

    def button(self, name: str) -> Locator:
        toolbar = self.root.get_by_role("toolbar")
        return toolbar.get_by_role("button", name=name, exact=True)

    def block(self, title: str) -> Locator:
        """A block of the palette."""
        return self.blocks.filter(has=self.page.get_by_text(title, exact=True))

    def value(self, port: str) -> Locator:
        """What the inspector shows of a port."""
        return self.inspector.locator(f'.ab-value[data-port="{port}"] .ab-value-body')

    def wait_until_still(self, *, moves: bool = False) -> None:
        """Waits until the canvas is drawn and has come to rest.

        `moves`: what was done moves it, but perhaps only in a moment.
        """
        self.canvas.wait_for()
        self.page.evaluate("() => document.fonts.ready")
        self.root.evaluate(STILL, MOVES if moves else 0)

    def comes_to(self, holds: Callable[[], bool]) -> bool:
        """Whether something holds before long: the canvas may still be on its way."""
        return self._last(holds, True)

    def expect_that(self, read: Callable[[], object], wanted: object) -> None:
        """Waits until something that is no part of the page is so.

        What the page shows may be ahead of the kernel; what the kernel has, ahead of it.
        """
        last = self._last(read, wanted)
        assert last == wanted, f"{last!r} instead of {wanted!r}"

    def _last(self, read: Callable[[], Any], wanted: object) -> Any:
        end = time.monotonic() + COMES_WITHIN
        while True:
            try:
                last = read()
            except (AgentbenchError, AssertionError, LookupError, Error):
                last = None  # it is not there yet
                if time.monotonic() > end:
                    raise
            if last == wanted or time.monotonic() > end:
                return last
            self.page.wait_for_timeout(50)

    def expect_selected(self, *ids: str) -> None:
        """Waits until these nodes are selected and no others."""
        chosen = self.root.locator(".react-flow__node.selected")
        ids_of = "all => all.map((it) => it.dataset.id).sort()"
        self.expect_that(lambda: chosen.evaluate_all(ids_of), sorted(ids))

    def expect_at(self, id: str, x: float, y: float) -> None:
        """Waits until a node is drawn where it was put."""
        place = re.compile(rf"translate\({x:g}px,\s*{y:g}px\)")
        expect(self.node(id)).to_have_attribute("style", place)

    # ---- doing -------------------------------------------------------------

    def fold_palette(self, *, is_folded: bool = True) -> None:
        """Hides the blocks or shows them, unless that is so already."""
        button = self.button("Hide blocks" if is_folded else "Show blocks")
        if button.count():
            button.click()

    def unfold(self, node: str) -> None:
        """Shows the inputs of a node that say nothing."""
        self.node(node).get_by_role("button", name="more setting").click()

    def add(self, title: str) -> None:
        """Finds a block by its title and presses it."""
        self.fold_palette(is_folded=False)
        before = self.drawn_nodes.count()
        search = self.root.get_by_role("combobox", name="Search blocks")
        search.fill(title)
        self.block(title).click()
        expect(self.drawn_nodes).to_have_count(before + 1)
        search.fill("")
        self.wait_until_still(moves=True)

    def drag_in(self, title: str, x: float, y: float) -> None:
        """Drags a block to a spot of the canvas."""
        self.fold_palette(is_folded=False)
        before = self.drawn_nodes.count()
        self.block(title).drag_to(self.canvas, target_position={"x": x, "y": y})
        expect(self.drawn_nodes).to_have_count(before + 1)

    def choose(self, words: str) -> None:
        """Types into the search that was just opened and takes the first that it finds."""
        search = self.root.get_by_role("dialog").get_by_role("combobox")
        expect(search).to_be_focused()
        self.page.keyboard.type(words)
        expect(search).to_have_value(words)
        self.page.keyboard.press("Enter")

    def drag(self, start: Point, end: Point) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=3)
        mouse.move(*end, steps=5)
        mouse.up()

    def link(self, source: str, target: str) -> None:
        """Draws a link from `node.output` to `node.input`."""
        start = self.handle(*_ends(source), "output")
        end = self.handle(*_ends(target), "input")
        start.wait_for()
        end.wait_for()
        self.wait_until_still()
        self.drag(middle(start), middle(end))

    def pick_up(self, source: str) -> None:
        """Begins a link at `node.output` and holds it over the middle of the canvas.

        Near its edge the canvas scrolls, and what is measured there moves away.
        """
        self.wait_until_still()
        self.page.mouse.move(*middle(self.handle(*_ends(source), "output")))
        self.page.mouse.down()
        self.page.mouse.move(*middle(self.canvas), steps=4)

    def inspect(self, id: str) -> Locator:
        """Opens the inspector of a node by the keyboard: panels may cover the node."""
        self.node(id).press("Enter")
        return self.inspector

    def run(self) -> None:
        self.button("Run").click()

    def stop(self) -> None:
        self.button("Stop").click()

    def save(self) -> None:
        self.button("Save").click()

    def wait_until(self, status: str) -> None:
        """Waits until the toolbar gives a run's status, as `Done`."""
        expect(self.status).to_contain_text(status, timeout=1000 * RUNS_WITHIN)


def editor_under(notebook: Notebook, index: int) -> Editor:
    """The editor in a cell's output, drawn and at rest."""
    editor = Editor(notebook.cell(index).locator(".ab-editor"))
    editor.wait_until_still()
    return editor


def show(notebook: Notebook, index: int) -> Editor:
    """Runs every cell up to one that shows a graph; returns the editor under that."""
    for cell in range(index + 1):
        notebook.run(cell)
    assert notebook.errors() == []
    return editor_under(notebook, index)


def box_of(locator: Locator) -> FloatRect:
    """Where an element stands on the page."""
    box = locator.bounding_box()
    assert box, "it is not to be seen"
    return box


def middle(locator: Locator) -> Point:
    """The middle of an element on the page."""
    box = box_of(locator)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _ends(text: str) -> tuple[str, str]:
    node, _, port = text.partition(".")
    return node, port
