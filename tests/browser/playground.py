"""The playground page in a real browser: the built editor on a fake kernel."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from playwright.sync_api import Locator, Page

from tests.browser.editor import Editor

BUILT = Path(__file__).parent.parent.parent / "widgets" / ".playground"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The address under which the built playground is served."""
    handler = functools.partial(_Quiet, directory=str(BUILT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/index.html"
        finally:
            server.shutdown()
            thread.join()


class Playground(Editor):
    """The first editor on the page, and the fake kernel behind it."""

    def __init__(self, page: Page, address: str) -> None:
        super().__init__(page.locator(".ab-editor").first)
        self._address = address

    def open(self, graph: str = "pair", **more: str) -> None:
        """Loads the page with one of the playground's graphs."""
        query = "&".join(f"{k}={v}" for k, v in {"graph": graph, **more}.items())
        self.page.goto(f"{self._address}?{query}")
        self.wait_until_still()

    def view(self, number: int = 0) -> Locator:
        return self.page.locator(".ab-editor").nth(number)

    def node(self, id: str, view: int = 0) -> Locator:
        """A node, in the first view or another one."""
        return Editor(self.view(view)).node(id) if view else super().node(id)

    def hold(self, *ids: str) -> None:
        """From now on only the firings of these nodes do not end, once they have begun."""
        self.page.evaluate("ids => { playground.kernel.held = ids }", list(ids))

    def links(self) -> list[str]:
        """The links that the kernel has."""
        said = """() => playground.kernel.links.map(
            (x) => `${x.source}.${x.output} -> ${x.target}.${x.input}`)"""
        return cast(list[str], self.page.evaluate(said))

    def nodes(self) -> dict[str, Any]:
        """The nodes that the kernel has."""
        said = "() => Object.fromEntries(playground.kernel.nodes)"
        return cast(dict[str, Any], self.page.evaluate(said))

    def leaked(self) -> list[str]:
        """Keys that left the editor."""
        return cast(list[str], self.page.evaluate("() => playground.leaked"))

    def edits(self) -> list[dict[str, Any]]:
        """The edits that the views have sent."""
        said = """() => playground.model.sent
            .filter((x) => x.op === 'edit').flatMap((x) => x.edits)"""
        return cast(list[dict[str, Any]], self.page.evaluate(said))
