"""The graph editor on a page, wherever it stands: in a notebook's cell or in the playground."""

import re

from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.lab import Notebook

Point = tuple[float, float]

LOAD = "%load_ext agentbench\nimport agentbench as ab"
"""The first cell of a notebook in which an editor is shown."""

# React Flow measures the nodes, then shows all of them: two frames at least.
STILL = """async editor => {
    const place = () => editor.querySelector('.react-flow__viewport')?.style.transform
    for (let last = null, same = 0; same < 4; ) {
        await new Promise(requestAnimationFrame)
        same = place() === last ? same + 1 : 0
        last = place()
    }
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

    def wait_until_still(self) -> None:
        """Waits until the canvas is drawn and has come to rest."""
        self.canvas.wait_for()
        self.page.evaluate("() => document.fonts.ready")
        self.root.evaluate(STILL)

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
        search = self.root.get_by_role("combobox", name="Search blocks")
        search.fill(title)
        self.block(title).click()
        search.fill("")
        self.page.wait_for_timeout(100)  # the canvas may move, to show the new node
        self.wait_until_still()

    def drag_in(self, title: str, x: float, y: float) -> None:
        """Drags a block to a spot of the canvas."""
        self.fold_palette(is_folded=False)
        self.block(title).drag_to(self.canvas, target_position={"x": x, "y": y})

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
        self.drag(middle(start), middle(end))

    def pick_up(self, source: str) -> None:
        """Begins a link at `node.output` and holds it over the middle of the canvas.

        Near its edge the canvas scrolls, and what is measured there moves away.
        """
        self.page.mouse.move(*middle(self.handle(*_ends(source), "output")))
        self.page.mouse.down()
        self.page.mouse.move(*middle(self.canvas), steps=4)

    def inspect(self, id: str) -> Locator:
        """Opens the inspector of a node by the keyboard: panels may cover the node."""
        self.node(id).focus()
        self.page.keyboard.press("Enter")
        return self.inspector

    def run(self) -> None:
        self.button("Run").click()

    def stop(self) -> None:
        self.button("Stop").click()

    def save(self) -> None:
        self.button("Save").click()

    def wait_until(self, status: str, *, seconds: float = 20) -> None:
        """Waits until the toolbar gives a run's status, as `Done`."""
        expect(self.status).to_contain_text(re.compile(status), timeout=seconds * 1000)


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
