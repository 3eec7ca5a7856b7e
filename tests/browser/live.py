"""The playground page on the kernel's own half of the editor: real blocks, no Jupyter."""

import contextlib
import functools
import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydantic
from playwright.sync_api import Page, expect

from agentbench.domain.graph import Graph
from agentbench.widgets.canvas import follow
from agentbench.widgets.graph_editor import GraphEditor
from agentbench.workbench.workbench import Workbench
from tests.browser.editor import Editor
from tests.browser.lab import SCREENSHOTS
from tests.browser.playground import BUILT

PATIENCE = 20.0
"""Seconds for which a page waits for news before it asks again."""


class LiveEditor(GraphEditor):
    """An editor whose messages wait for a page to fetch them."""

    def __init__(self, graph: Graph, bench: Workbench) -> None:
        self.told: list[Any] = []
        self.news = threading.Condition()
        super().__init__(graph, bench)

    def _post(self, message: pydantic.BaseModel) -> None:
        with self.news:
            self.told.append(message.model_dump(mode="json", by_alias=True))
            self.news.notify_all()

    def after(self, number: int) -> list[Any]:
        """The messages after so many, as soon as there are any."""
        with self.news:
            self.news.wait_for(lambda: len(self.told) > number, PATIENCE)
            return self.told[number:]


class Served:
    """What the server shows: a test puts its editor here.

    Each has an address of its own: a page that was left may still have sent something.
    """

    def __init__(self) -> None:
        self._editors: dict[str, LiveEditor] = {}

    def put(self, editor: LiveEditor) -> str:
        """Serves an editor; returns its number."""
        number = str(len(self._editors))
        self._editors[number] = editor
        return number

    def at(self, path: str) -> LiveEditor | None:
        """The editor of an address like `/kernel/3`."""
        where, _, number = path.rpartition("/")
        return self._editors.get(number) if where == "/kernel" else None


class _Handler(http.server.SimpleHTTPRequestHandler):
    served: Served

    def __init__(self, *given: Any, served: Served, **more: Any) -> None:
        self.served = served
        super().__init__(*given, directory=str(BUILT), **more)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        editor = self.served.at(path)
        if editor is None:
            super().do_GET()
            return
        number = int(urllib.parse.parse_qs(query)["after"][0])
        self._answer(editor.after(number))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        message = json.loads(self.rfile.read(length))
        editor = self.served.at(self.path)
        assert editor is not None, self.path
        editor._heard(None, message, [])  # as Jupyter does
        self._answer(None)

    def _answer(self, given: Any) -> None:
        body = json.dumps(given).encode()
        with contextlib.suppress(ConnectionError):  # the page was left meanwhile
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


@contextmanager
def serving_live() -> Iterator[tuple[str, Served]]:
    """The address of the page, and where the editor is put that it shows."""
    served = Served()
    handler = functools.partial(_Handler, served=served)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html", served
        server.shutdown()
        thread.join()


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
        editor = LiveEditor(self.graph, self.bench)
        number = self._served.put(editor)
        self.graph._editor = editor  # type: ignore[attr-defined]  # as where it is shown
        if follow not in self.bench.on_start:
            self.bench.on_start.append(follow)
        self.page.goto(f"{self._address}?live={number}&theme={theme}")
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
        self.expect_selected(*ids)

    def select_frame(self, id: str) -> None:
        """Selects a frame alone, by its title."""
        self.focus()
        for _ in range(3):
            self.press("Escape")
        self.node(id).locator(".ab-frame-title").click(modifiers=["Control"])
        self.expect_selected(id)

    def keep_pictures(self, name: str) -> None:
        """Keeps pictures of the page, light and dark, for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        for theme in ("dark", "light"):
            self.page.evaluate("theme => playground.setTheme(theme)", theme)
            path = SCREENSHOTS / f"{name}-{theme}.png"
            self.page.screenshot(path=path, animations="disabled")

    def expect_links(self, *links: str) -> None:
        """Waits until the graph has these links, and the canvas as many."""
        self.expect_that(lambda: sorted(map(str, self.graph.links)), sorted(links))
        expect(self.drawn_links).to_have_count(len(links))

    def expect_nodes(self, *ids: str) -> None:
        """Waits until the graph has these nodes, and the canvas as many."""
        self.expect_that(lambda: sorted(self.graph.nodes), sorted(ids))
        expect(self.drawn_nodes).to_have_count(len(ids))
