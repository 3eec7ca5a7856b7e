"""A server that speaks the APIs of others, as they answer; what was asked of it is kept."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

ONES, TWOS, THREES, FOURS = "1" * 32, "2" * 32, "3" * 32, "4" * 32
PAGE = """<html><head><title>Tea</title></head><body><h1>Tea</h1>
<p>Hot <b>water</b>, see <a href="https://example.com/more">more</a>.</p>
<nav>Menu</nav><script>alert(1)</script></body></html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>
<item><title>First</title><link>https://example.com/1</link><description>Hello</description>
<pubDate>Wed, 31 Jan 2024 15:30:00 GMT</pubDate><author>Ada</author><category>a</category><guid>1</guid></item>
<item><description>No date</description></item></channel></rss>"""
ISSUE = {
    "number": 7, "title": "It stops", "html_url": "https://github.com/ada/engine/issues/7", "body": "At noon.",
    "state": "open", "user": {"login": "grace"}, "labels": [{"name": "bug"}],
}  # fmt: skip
FOUND = {"title": "Tea", "url": "https://example.com/tea", "content": "All about tea"}


def _rich(text: str, **marks: bool) -> dict[str, Any]:
    return {"plain_text": text, "annotations": marks, "href": None}


ANSWERS: dict[str, Any] = {
    "GET example.com/json": {"ok": [1, 2]},
    "GET example.com/page": PAGE,
    "GET example.com/feed": FEED,
    "GET en.wikipedia.org/api/rest_v1/page/summary/Oslo": {
        "title": "Oslo", "extract": "Oslo is the capital of Norway.",
        "content_urls": {"desktop": {"page": "https://en.wikipedia.org/wiki/Oslo"}},
    },
    "GET api.openweathermap.org/data/2.5/weather": {
        "main": {"temp": 21.5, "humidity": 40}, "weather": [{"description": "clear sky"}],
    },
    "GET s.jina.ai/tea": {"data": [FOUND]},
    "GET api.search.brave.com/res/v1/web/search": {
        "web": {"results": [{"title": "Tea", "url": "https://example.com/tea", "description": "All about tea"}]}
    },
    "POST api.tavily.com/search": {"results": [FOUND]},
    "POST google.serper.dev/search": {
        "organic": [{"title": "Tea", "link": "https://example.com/tea", "snippet": "All about tea"}]
    },
    "GET searx.example.com/search": {"results": [FOUND]},
    "POST api.jina.ai/v1/segment": {"chunks": ["One. ", "Two."], "tokens": [[["One", [3198]], [".", [13]]]]},
    "POST api.jina.ai/v1/embeddings": {
        "data": [{"index": 1, "embedding": [0.0, 0.25]}, {"index": 0, "embedding": [0.5, 1.0]}]
    },
    "POST deepsearch.jina.ai/v1/chat/completions": {"choices": [{"message": {"content": json.dumps({
        "factuality": 0.95, "result": True, "reason": "It burns.",
        "references": [{"url": "https://example.com/fire", "keyQuote": "Fire burns.", "isSupportive": True}],
    })}}]},
    "GET www.youtube.com/watch": '<html><script>{"INNERTUBE_API_KEY":"k1"}</script></html>',
    "POST www.youtube.com/youtubei/v1/player": {"captions": {"playerCaptionsTracklistRenderer": {"captionTracks": [
        {"baseUrl": "https://www.youtube.com/api/timedtext?v=1&fmt=srv3", "languageCode": "de"},
        {"baseUrl": "https://www.youtube.com/api/timedtext?v=2&fmt=srv3", "languageCode": "en", "kind": "asr"},
    ]}}},
    "GET www.youtube.com/api/timedtext": '<?xml version="1.0" encoding="utf-8" ?><transcript>'
    '<text start="0.5" dur="2">Tea &amp;amp; rain</text><text start="2.5" dur="1">again</text></transcript>',
    "GET www.wolframalpha.com/api/v1/llm-api": 'Query: "2 + 2"\nResult: 4',
    "POST places.googleapis.com/v1/places:searchText": {"places": [{
        "displayName": {"text": "Tea House", "languageCode": "en"}, "formattedAddress": "Oslo 1",
        "internationalPhoneNumber": "+47 1", "rating": 4.5, "userRatingCount": 12,
        "websiteUri": "https://example.com",
    }]},
    "GET api.pinecone.io/indexes/notes": {
        "name": "notes", "host": "notes-1.svc.aped-4627.pinecone.io", "status": {"ready": True, "state": "Ready"}
    },
    "POST notes-1.svc.aped-4627.pinecone.io/vectors/upsert": {"upsertedCount": 1},
    "POST notes-1.svc.aped-4627.pinecone.io/query": {
        "matches": [{"id": "a", "score": 0.9, "metadata": {"text": "tea"}}], "namespace": ""
    },
    "POST api.mem0.ai/v1/memories/": {"results": [{"id": "m1", "event": "ADD", "memory": "Likes tea"}]},
    "POST api.mem0.ai/v2/memories/search/": [{"id": "m1", "memory": "Likes tea", "categories": ["food"]}],
    "POST api.mem0.ai/v2/memories/": [{"id": "m1", "memory": "Likes tea", "categories": ["food"]}],
    "POST slack.com/api/chat.postMessage": {"ok": True, "ts": "1.5", "channel": "C1"},
    "GET slack.com/api/conversations.history": {
        "ok": True,
        "messages": [
            {"text": "Hello", "user": "U2", "ts": "2.0", "thread_ts": "1.0"},
            {"text": "Hi", "user": "U1", "ts": "1.0"},
        ],
    },
    "POST discord.com/api/v10/channels/42/messages": {"id": "99", "channel_id": "42"},
    "GET discord.com/api/v10/channels/42/messages": [
        {"id": "98", "content": "Hi", "author": {"username": "ada"}, "timestamp": "2024-01-31T15:30:00+00:00"}
    ],
    "POST api.telegram.org/botthe-secret-key/sendMessage": {"ok": True, "result": {"message_id": 12}},
    "POST api.telegram.org/botthe-secret-key/getUpdates": {
        "ok": True,
        "result": [
            {"update_id": 5, "message": {"message_id": 11, "text": "Hi", "chat": {"id": 7}, "from": {"username": "ada"}}}
        ],
    },
    "GET api.github.com/repos/ada/engine/issues/7": ISSUE,
    "GET api.github.com/repos/ada/engine/issues": [ISSUE, {**ISSUE, "number": 6, "pull_request": {}}],
    "POST api.github.com/repos/ada/engine/issues": {
        "number": 8, "html_url": "https://github.com/ada/engine/issues/8"
    },
    "POST api.github.com/repos/ada/engine/issues/7/comments": {
        "id": 70, "html_url": "https://github.com/ada/engine/issues/7#issuecomment-70"
    },
    "GET api.github.com/repos/ada/engine/contents/README.md": {
        "content": base64.b64encode(b"hello").decode() + "\n", "size": 5
    },
    "GET sheets.googleapis.com/v4/spreadsheets/sheet-1/values/A1%3AB2": {"values": [["name", "n"], ["Ada", "1"]]},
    "PUT sheets.googleapis.com/v4/spreadsheets/sheet-1/values/A1%3AB1": {
        "updatedCells": 2, "updatedRange": "A1:B1"
    },
    "POST sheets.googleapis.com/v4/spreadsheets/sheet-1/values/Sheet1:append": {
        "updates": {"updatedCells": 2, "updatedRange": "Sheet1!A9:B9"}
    },
    "POST api.notion.com/v1/search": {
        "results": [{
            "object": "page", "id": ONES, "url": "https://notion.so/plan",
            "properties": {"Name": {"type": "title", "title": [_rich("Plan")]}},
        }],
        "has_more": False,
    },
    f"GET api.notion.com/v1/pages/{ONES}": {
        "properties": {"title": {"type": "title", "title": [_rich("Plan")]}}
    },
    f"GET api.notion.com/v1/blocks/{ONES}/children": {
        "results": [
            {"id": TWOS, "type": "paragraph",
             "paragraph": {"rich_text": [_rich("First "), _rich("this", bold=True), _rich(".")]}},
            {"id": THREES, "type": "to_do", "to_do": {"rich_text": [_rich("done")], "checked": True}},
        ],
        "has_more": False,
    },
    "POST api.notion.com/v1/pages": {"id": THREES, "url": "https://notion.so/new"},
    f"GET api.notion.com/v1/databases/{TWOS}": {"title": [_rich("Drinks")], "properties": {}},
    f"POST api.notion.com/v1/databases/{TWOS}/query": {
        "results": [{
            "id": FOURS,
            "properties": {
                "Name": {"type": "title", "title": [_rich("Tea")]},
                "Price": {"type": "number", "number": 3},
                "Tags": {"type": "multi_select", "multi_select": [{"name": "hot"}]},
            },
        }],
        "has_more": False,
    },
}  # fmt: skip
KEYED = (
    "slack", "discord", "api.notion", "sheets", "api.tavily", "s.jina", "api.jina", "deepsearch.jina",
    "www.wolframalpha", "places.googleapis", "api.pinecone", "notes-1.svc", "api.mem0", "api.screenshotone",
)  # fmt: skip
"""Who answers nobody without the key."""


class Speaks(http.server.BaseHTTPRequestHandler):
    """Answers at `/HOST/PATH` as `HOST` does at `PATH`."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        sent = self.rfile.read(length)
        parts = urlsplit(self.path)
        host, _, path = parts.path.lstrip("/").partition("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = {
            "method": self.command, "host": host, "path": path, "query": query,
            "headers": {name.lower(): value for name, value in self.headers.items()}, "body": sent,
        }  # fmt: skip
        self.server.asked.append(asked)  # type: ignore[attr-defined]
        self._answer(*self._found(asked))

    def _found(self, asked: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        host, path, method = asked["host"], asked["path"], asked["method"]
        key = f"{method} {host}/{path}"
        planned = self.server.planned  # type: ignore[attr-defined]
        if planned.get(key):
            return planned[key].pop(0)
        if host.startswith(KEYED) and "the-secret-key" not in str(asked["headers"]):
            return 401, {"message": "no key"}, {}
        if path == "echo":
            body = asked["body"].decode("latin-1")
            return 200, {**asked, "body": body}, {}
        if path == "pages":
            if asked["query"].get("from"):
                return 200, {"items": [3]}, {}
            return 200, {"items": [1, 2], "next": "?from=3"}, {}
        if key.partition(" ")[2] == "example.com/json":
            return 200, ANSWERS["GET example.com/json"], {}
        if key in ANSWERS:
            return 200, ANSWERS[key], {}
        return 404, {"message": f"nothing at {key}"}, {}

    def _answer(self, status: int, answer: Any, headers: dict[str, str]) -> None:
        is_text = isinstance(answer, str)
        kind = "text/html" if is_text and "<html" in answer else "application/xml"
        text = answer if is_text else json.dumps(answer, default=repr)
        content = answer if isinstance(answer, bytes) else text.encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": kind if is_text else "application/json"} | headers
        ).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, *args: Any) -> None:
        pass


class Apis:
    """The server, what was asked of it, and what it is planned to answer."""

    def __init__(self, server: Any) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.asked: list[dict[str, Any]] = server.asked
        self.planned: dict[str, list[Any]] = server.planned

    def of(self, host: str) -> str:
        """The base URL under which it speaks as that host."""
        return f"{self.url}/{host}"


@contextmanager
def speaking() -> Iterator[Apis]:
    """The server, as long as it is needed."""
    server: Any = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Speaks)
    server.asked, server.planned = [], {}
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Apis(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Detour:
    """A layer before the door: what is meant for a host of others goes to our server."""

    def __init__(self, apis: Apis) -> None:
        self._apis = apis

    async def carry(self, request: Any, send: Any) -> Any:
        import dataclasses

        url = urlsplit(request.url)
        place = request.url
        if url.hostname != "127.0.0.1":
            query = f"?{url.query}" if url.query else ""
            place = f"{self._apis.url}/{url.netloc}{url.path}{query}"
        answer = await send(dataclasses.replace(request, url=place))
        return dataclasses.replace(answer, url=request.url)
