"""The editor: the built one, on a fake kernel, in a headless Chromium; and what an edit
costs on the line, with a real one."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.editor import Editor
from tests.browser.playground import serving
from tests.notebook_kernel import running_kernel

ROOT = Path(__file__).parents[2]
SCRIPT = (Path(__file__).parent / "editor.js").read_text()
SIZES = (200, 1_000, 2_000)
ROUNDS = 5
SECONDS = 3.0
RATE = 1_000
KEYS = "a sentence typed at a brisk pace"
SIZE = {"width": 1280, "height": 800}


def editor(rounds: int = ROUNDS) -> dict[str, Any]:
    """Everything, the middle of so many rounds; times in seconds, or as their names say."""
    found = subprocess.run(
        [sys.executable, ROOT / "scripts" / "chromium.py"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    with sync_playwright() as playwright, serving() as address:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            bench = _Bench(browser, address, rounds)
            return {
                "first_paint_s": {str(size): bench.first_paint(size) for size in SIZES},
                **bench.thousand(),
                "edit_bytes": edit_bytes(),
            }
        finally:
            browser.close()


class _Bench:
    def __init__(self, browser: Browser, address: str, rounds: int) -> None:
        self._browser, self._address, self._rounds = browser, address, rounds

    def first_paint(self, size: int) -> float:
        """From the making of the model until the whole graph is drawn."""

        def measured() -> float:
            page = self._page(size)
            took: float = page.evaluate("bench.firstPaint()")
            page.close()
            return took / 1000

        return self._middle(measured)

    def thousand(self) -> dict[str, Any]:
        """What is measured on one graph of a thousand nodes."""
        page = self._page(1_000)
        page.evaluate("bench.firstPaint()")
        editor = Editor(page.locator(".ab-editor"))
        found: dict[str, Any] = {}
        editor.root.get_by_role("button", name="Show all").click()
        editor.wait_until_still()
        found["pan_whole_fps"] = self._middle(lambda: _pan(page))
        storms = [
            page.evaluate(f"bench.storm({SECONDS}, {RATE})")
            for _ in range(self._rounds)
        ]
        found["storm_fps"] = statistics.median(storm["fps"] for storm in storms)
        found["storm_lost"] = max(storm["lost"] for storm in storms)
        _zoom_in(editor)
        found["pan_near_fps"] = self._middle(lambda: _pan(page))
        found["typing_ms"] = self._middle(lambda: _typing(page, editor))
        page.close()
        return found

    def _middle(self, measure: Callable[[], float]) -> float:
        return statistics.median(measure() for _ in range(self._rounds))

    def _page(self, size: int) -> Page:
        page = self._browser.new_page(viewport=SIZE)
        page.add_init_script(SCRIPT)
        page.goto(f"{self._address}?graph=crowd&nodes={size}", wait_until="commit")
        page.wait_for_function("performance.getEntriesByName('editor-begins').length")
        return page


def _pan(page: Page) -> float:
    fps: float = page.evaluate(f"bench.pan({SECONDS})")
    return fps


def _zoom_in(editor: Editor) -> None:
    """Until the middle of the graph is seen at its own size."""
    editor.root.locator(".ab-zoom").click()
    editor.wait_until_still()


def _typing(page: Page, editor: Editor) -> float:
    """The middle of the keys of a sentence."""
    fields = editor.root.locator(".react-flow__node textarea:visible")
    if not fields.count():  # every fifth node has one: five columns are in sight then
        editor.fold_palette()
        for _ in range(2):
            editor.root.get_by_role("button", name="Zoom out", exact=True).click()
            editor.wait_until_still()
    fields.first.click()
    page.evaluate("bench.keys = bench.listenToKeys()")
    page.keyboard.type(KEYS, delay=40)
    page.wait_for_function(f"bench.keys.length >= {len(KEYS)}")
    took: list[float] = page.evaluate("bench.keys")
    return statistics.median(took[: len(KEYS)])


def edit_bytes() -> dict[str, int]:
    """The largest message of each edit of a graph of a thousand nodes, either way."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as home,
        running_kernel(Path(home), AGENTBENCH_HOME=str(Path(home) / "h")) as kernel,
    ):
        shown = kernel.run(_BUILD, timeout=60)
        if shown.error:
            raise RuntimeError(shown.error)
        kernel.ask(shown.editor, op="sync", since=-1, timeout=60)
        sizes = {}
        # The first edit of what Python built puts every node in its place, once.
        for name, edit in [("", _EDITS["move"]), *_EDITS.items()]:
            kernel.heard.clear()
            kernel.ask(shown.editor, op="edit", edits=[edit], timeout=60)
            sizes[name] = max(len(_json(it)) for it in [edit, *kernel.heard])
        del sizes[""]
        return sizes


_BUILD = """\
%load_ext agentbench
import agentbench as ab
graph = ab.new("crowd")
for n in range(1000):
    graph.add("text.template", f"n{n}", template="Number {a} of {b}")
graph
"""
_EDITS: dict[str, dict[str, Any]] = {
    "move": {"edit": "move_node", "id": "n500", "position": [10, 20]},
    "type": {
        "edit": "set_constant",
        "id": "n500",
        "port": "template",
        "value": "a {text}",
    },
    "link": {
        "edit": "add_link",
        "source": "n500",
        "output": "text",
        "target": "n501",
        "input": "values",
    },
    "title": {"edit": "set_title", "id": "n500", "title": "A title"},
    "remove": {"edit": "remove_node", "id": "n999"},
}


def _json(message: Any) -> bytes:
    return json.dumps(message).encode()
