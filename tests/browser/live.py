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

from agentbench.domain.graph import Graph
from agentbench.widgets.graph_editor import GraphEditor
from agentbench.workbench.workbench import Workbench
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
    """What the server shows: a test puts its editor here."""

    editor: LiveEditor | None = None


class _Handler(http.server.SimpleHTTPRequestHandler):
    served: Served

    def __init__(self, *given: Any, served: Served, **more: Any) -> None:
        self.served = served
        super().__init__(*given, directory=str(BUILT), **more)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        editor = self.served.editor
        if path != "/kernel" or editor is None:
            super().do_GET()
            return
        number = int(urllib.parse.parse_qs(query)["after"][0])
        self._answer(editor.after(number))

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        message = json.loads(self.rfile.read(length))
        if self.served.editor is not None:
            self.served.editor._heard(None, message, [])  # as Jupyter does
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
