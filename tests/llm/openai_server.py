"""A server that speaks OpenAI's protocol and says what a test told it to, word by word."""

import base64
import http.server
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass(kw_only=True)
class Reply:
    """One reply: a status with a body, or the events of a stream; `pause` is before each."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = "application/json"
    events: list[Any] | None = None
    pause: float = 0.0
    is_cut: bool = False


def words(text: str, *, pause: float = 0.0, finish: str | None = "stop") -> Reply:
    parts = [part + " " for part in text.split(" ")]
    parts[-1] = parts[-1][:-1]
    events = [_chunk({"role": "assistant", "content": ""})]
    events += [_chunk({"content": part}) for part in parts]
    return _stream(events, finish, pause)


def calls(*tools: tuple[str, str]) -> Reply:
    """Calls tools, each with its arguments as they are written, in pieces of five letters."""
    events = []
    for at, (name, arguments) in enumerate(tools):
        start = {"name": name, "arguments": ""}
        facts = {"index": at, "id": f"call_{at}", "type": "function"}
        events.append(_chunk({"tool_calls": [facts | {"function": start}]}))
        for cut in range(0, len(arguments), 5):
            piece = {"index": at, "function": {"arguments": arguments[cut : cut + 5]}}
            events.append(_chunk({"tool_calls": [piece]}))
    return _stream(events, "tool_calls", 0.0)


def cut_off(text: str) -> Reply:
    """Some words, and then the line goes dead."""
    reply = words(text, finish=None)
    reply.is_cut = True
    return reply


def refusal(status: int, said: str, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": said, "type": "some_error"}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=body, headers=named)


def gives(body: Any, kind: str = "application/json") -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(body=raw, kind=kind)


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [choice],
    }


def _stream(events: list[Any], finish: str | None, pause: float) -> Reply:
    if finish is not None:
        events = [*events, _chunk({}, finish)]
        events.append(_chunk({}) | {"choices": [], "usage": USAGE})
    return Reply(events=events, kind="text/event-stream", pause=pause)


@dataclass
class Asked:
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class OpenAIServer:
    """Replies in order; each reply is taken once."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.address = f"127.0.0.1:{port}"
        self.replies: deque[Reply] = deque()
        self.asked: list[Asked] = []
        self.heard = threading.Event()
        """Set when something was asked."""
        self.gone = threading.Event()
        """Set when a client left in the middle of a reply."""

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)


@contextmanager
def serving() -> Iterator[OpenAIServer]:
    http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    http_server.daemon_threads = True
    server = OpenAIServer(http_server.server_port)
    http_server.openai = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http_server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        http_server.shutdown()
        thread.join()
        http_server.server_close()


class _Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        server: OpenAIServer = self.server.openai  # type: ignore[attr-defined]
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.asked.append(Asked(self.path, headers, raw))
        server.heard.set()
        if not server.replies:
            self._whole(refusal(500, "the test gave me nothing more to say"))
            return
        reply = server.replies.popleft()
        if reply.events is None:
            time.sleep(reply.pause)
            self._whole(reply)
        else:
            self._streamed(reply, server)

    do_GET = do_POST  # noqa: N815

    def _whole(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _streamed(self, reply: Reply, server: OpenAIServer) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for event in reply.events or []:
                time.sleep(reply.pause)
                self._piece(f"data: {json.dumps(event)}\n\n".encode())
            if reply.is_cut:
                self.close_connection = True
                return
            self._piece(b"data: [DONE]\n\n")
            self._piece(b"")
        except OSError:
            server.gone.set()
            self.close_connection = True

    def _piece(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        pass


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
