"""A real server on loopback that does what its path says, and counts who came."""

import contextlib
import dataclasses
import gzip
import http.server
import json
import shutil
import ssl
import subprocess
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@dataclasses.dataclass
class Web:
    """Where the server is, and every request that reached it."""

    port: int
    requests: list[dict[str, Any]]
    taken: threading.Event
    """Set it, and `/events` goes on."""
    is_left: Callable[[], bool]
    """Waits until every connection is closed; false when one stays open."""

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def to(self, place: str, *, status: int = 302, host: str = "127.0.0.1") -> str:
        """The address of a redirect to a place."""
        query = urllib.parse.urlencode({"status": status, "place": place})
        return self.url(f"/redirect?{query}", host)


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers by the last word of the path; any other path says what came."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        facts = {
            "method": self.command,
            "path": self.path,
            "body": self.rfile.read(length).decode(),
            "headers": {k.lower(): v for k, v in self.headers.items()},
        }
        self.server.requests.append(facts)
        url = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(url.query))
        answer = getattr(self, f"answer_{url.path[1:]}", None)
        if answer:
            answer(**asked)
        else:
            self.answer(200, {}, json.dumps(facts).encode())

    do_HEAD = do_POST = do_PUT = do_GET  # noqa: N815

    def answer_redirect(self, status: str, place: str) -> None:
        self.answer(int(status), {"Location": place})

    def answer_loop(self) -> None:
        self.answer(302, {"Location": "/loop"})

    def answer_slow(self) -> None:
        time.sleep(0.5)
        self.answer(200, {})

    def answer_echo(self) -> None:
        """Says the credential it got in a header, in a body, and in halves."""
        got = self.headers.get("authorization", "")
        self.send_response(401)
        self.send_header("X-Got", got)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(2 * len(got) + 1))
        self.end_headers()
        for part in (got, " ", got[:12], got[12:]):
            self.wfile.write(part.encode("latin-1"))
            self.wfile.flush()
            time.sleep(0.02)

    def answer_events(self) -> None:
        """Server-sent events, the second only when somebody has taken the first."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for number in range(3):
            self.wfile.write(f"data: {number}\n\n".encode())
            self.wfile.flush()
            self.server.taken.wait(60)
            self.server.taken.clear()
        self.close_connection = True

    def answer_bomb(self) -> None:
        self.answer(200, {"Content-Encoding": "gzip"}, BOMB)

    def answer_brotli(self) -> None:
        self.answer(200, {"Content-Encoding": "br"}, b"whatever")

    def answer_packed(self, how: str) -> None:
        """The same few bytes that unpack to many, said to be packed in that way."""
        packed = DEFLATED if how == "deflate" else BOMB
        self.answer(200, {"Content-Encoding": how}, packed)

    def answer_broken(self) -> None:
        self.answer(200, {"Content-Encoding": "gzip"}, b"whatever")

    def answer_gzip(self) -> None:
        self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(b"unpacked"))

    def answer_gzip_cut(self) -> None:
        packed = gzip.compress(b"not all of it " * 1000)[:-30]
        self.answer(200, {"Content-Encoding": "gzip"}, packed)

    def answer_gzip_twice(self) -> None:
        packed = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(8)
        self.answer(200, {"Content-Encoding": "gzip"}, packed)

    def answer_gzip_none(self) -> None:
        self.answer(204, {"Content-Encoding": "gzip"})

    def answer_drip(self) -> None:
        """Packed parts without end that hold nothing."""
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Connection", "close")
        self.end_headers()
        empty = gzip.compress(b"") * 500
        with contextlib.suppress(OSError):
            for _ in range(10_000):
                self.wfile.write(empty)
        self.close_connection = True

    def answer_charset(self, name: str) -> None:
        kind = {"Content-Type": f"text/plain; charset={name}"}
        self.answer(200, kind, "né".encode("latin-1"))

    def answer_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def answer(
        self, status: int, headers: dict[str, str], content: bytes = b""
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        pass


BOMB = gzip.compress(b"\0" * 30_000_000, 1)
DEFLATED = zlib.compress(b"\0" * 30_000_000, 1)


class Server(http.server.ThreadingHTTPServer):
    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.taken = threading.Event()
        self._open, self._closing = 0, threading.Condition()
        super().__init__(("127.0.0.1", 0), Answers)

    def process_request(self, *args: Any) -> None:
        with self._closing:
            self._open += 1
        super().process_request(*args)

    def shutdown_request(self, *args: Any) -> None:
        super().shutdown_request(*args)
        with self._closing:
            self._open -= 1
            self._closing.notify_all()

    def is_left(self) -> bool:
        with self._closing:
            return self._closing.wait_for(lambda: not self._open, timeout=5)

    def handle_error(self, *args: Any) -> None:
        """A client that hangs up is what some tests are about."""


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serving(Server())


@pytest.fixture
def secure_web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server with a certificate for `bench.example`, which this process trusts."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command, to make a certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
    made += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=bench.example"]
    made += ["-addext", "subjectAltName=DNS:bench.example"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *files], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = Server()
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from serving(server)


def serving(server: Server) -> Iterator[Web]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield Web(server.server_port, server.requests, server.taken, server.is_left)
    server.shutdown()
    thread.join()
    server.server_close()
