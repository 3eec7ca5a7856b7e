"""A real server on loopback whose answers are told apart, and that counts who came."""

import contextlib
import http.server
import itertools
import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class Server(http.server.ThreadingHTTPServer):
    """Answers by its path; `count` is how many requests reached it."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.count = 0
        super().__init__(("127.0.0.1", 0), _Answers)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is what some tests are about."""


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.server.count += 1
        length = int(self.headers.get("content-length") or 0)
        self.sent = self.rfile.read(length)
        url = urlsplit(self.path)
        self.query = dict(parse_qsl(url.query))
        getattr(self, f"give_{url.path[1:]}")()

    do_POST = do_GET  # noqa: N815

    def give_count(self) -> None:
        number = next(self.server.numbers)
        self.answer(200, "application/json", json.dumps({"n": number}).encode())

    def give_page(self) -> None:
        self.answer(200, "text/html; charset=utf-8", "<p>né</p>\n<p>2</p>".encode())

    def give_image(self) -> None:
        self.answer(200, "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))

    def give_echo(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = {"body": self.sent.decode(), "headers": headers, "query": self.query}
        self.answer(200, "application/json", json.dumps(said).encode())

    def give_back(self) -> None:
        """What was sent, as JSON."""
        self.answer(200, "application/json", self.sent)

    def give_busy(self) -> None:
        """Twice too busy, then fine."""
        if next(self.server.numbers) < 3:
            self.answer(429, "text/plain", b"slowly", retry_after="0.01")
        else:
            self.answer(200, "text/plain", b"fine")

    def give_moved(self) -> None:
        self.answer(302, "text/plain", b"see there", location="/page")

    def give_slow(self) -> None:
        self.connection.settimeout(30)
        self.connection.recv(1)  # until whoever asks has gone

    def give_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def give_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        text = b'data: {"t": "He"}\n\ndata: {"t": "llo"}\n\ndata: [DONE]\n\n'
        for start in range(0, len(text), 10):  # not where the events end
            part = text[start : start + 10]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def answer(self, status: int, kind: str, content: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "session=abcdef123456")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """A server until the block of code is left."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
