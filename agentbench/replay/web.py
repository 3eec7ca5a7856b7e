"""Web: the door to the network, with the requests that pass it recorded or replayed."""

import contextlib
import re
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from agentbench.domain.outbound import (
    Door,
    Headers,
    Layer,
    Request,
    Response,
    Send,
    StreamedResponse,
)
from agentbench.domain.replay import Asked, ReplayMode
from agentbench.replay.calls import Entry, FiringCalls, is_cut_off

SENT = ("accept", "accept-language", "content-type", "range")
"""Headers of a request that are recorded; of any other, which may be a secret, the name."""
IGNORED = (
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "traceparent",
    "user-agent",
)
"""Headers that no answer goes by: a newer library sends others."""
_OF_A_LIBRARY = "x-stainless-"
GIVEN = (
    "content-disposition",
    "content-language",
    "content-type",
    "link",
    "location",
    "mcp-session-id",
    "retry-after",
)
"""Headers of an answer that are recorded: those that a block may go by, and no clocks."""


class RecordingLayer:
    """Sits in front of the door. Each hop is a call of its own."""

    def __init__(self, calls: FiringCalls) -> None:
        self._calls = calls
        self._open: list[Entry] = []

    async def carry(self, request: Request, send: Send) -> StreamedResponse:
        """The response to a request, from the recording or from outside."""
        entry = await self._calls.begin(_asked(request))
        if entry.outcome is not None:
            return _replayed(entry)
        self._open.append(entry)
        try:
            response = await send(request)
        except Exception as error:
            await entry.save_error(error)
            raise
        return _kept(response, entry)

    async def broke_off(self, error: ConnectionError) -> None:
        """Keeps the error of a request that was given up from outside, as for its time."""
        for entry in self._open:
            if entry.is_open:
                await entry.save_error(error)


class RecordedDoor:
    """The door as a firing has it."""

    def __init__(self, calls: FiringCalls, door: Door) -> None:
        self._calls, self._door = calls, door

    async def request(self, method: str, url: str, **facts: Any) -> Response:
        """Sends one request, or gives what was recorded of it."""
        layer = RecordingLayer(self._calls)
        try:
            return await self._door.through(layer).request(method, url, **facts)
        except ConnectionError as error:
            await layer.broke_off(error)
            raise

    @contextlib.asynccontextmanager
    async def _streamed(
        self, method: str, url: str, **facts: Any
    ) -> AsyncIterator[StreamedResponse]:
        layer = RecordingLayer(self._calls)
        try:
            async with self._door.through(layer).stream(method, url, **facts) as given:
                yield given
        except ConnectionError as error:
            await layer.broke_off(error)
            raise

    def stream(
        self, method: str, url: str, **facts: Any
    ) -> AbstractAsyncContextManager[StreamedResponse]:
        """The same part by part."""
        return self._streamed(method, url, **facts)

    def client(self, library: ModuleType, **facts: Any) -> Any:
        """A client of a library whose requests are recorded as well."""
        return self._door.through(RecordingLayer(self._calls)).client(library, **facts)

    async def connect(
        self, host: str, port: int, *, tls: bool = False, timeout: float = 30.0
    ) -> tuple[StreamReader, StreamWriter]:
        """A connection for what is not HTTP, which is not recorded."""
        self._refuse(f"connect {host}:{port}")
        return await self._door.connect(host, port, tls=tls, timeout=timeout)

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, which are not recorded."""
        self._refuse(f"addresses of {host}:{port}")
        return await self._door.addresses(host, port)

    def through(self, layer: Layer) -> Door:
        """This door with a layer in front of it."""
        return self._door.through(RecordingLayer(self._calls)).through(layer)

    def _refuse(self, call: str) -> None:
        if self._calls.mode is ReplayMode.REPLAY:
            self._calls.refuse(call, "Only what goes over HTTP is ever recorded.")


def _asked(request: Request) -> Asked:
    facts: dict[str, Any] = {"method": request.method, "url": request.url}
    headers = _sent(request.headers)
    if headers:
        facts["headers"] = headers
    if request.credential:
        facts["credential"] = request.credential
    if request.body:
        facts["body"] = request.body
    place = urlsplit(request.url)
    where = (place.hostname or "").removeprefix("www.") + place.path.rstrip("/")
    return Asked(kind="web", label=f"{request.method} {where}", facts=facts)


def _sent(headers: Headers) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in sorted(headers):
        if name in SENT:
            kept[name] = value
        elif name not in IGNORED and not name.startswith(_OF_A_LIBRARY):
            kept[name] = "<hidden>"
    if kept.get("accept") == "*/*":
        del kept["accept"]
    return kept


def _kept(response: StreamedResponse, entry: Entry) -> StreamedResponse:
    """The response, which is recorded while it is read."""
    headers = tuple(pair for pair in response.headers if pair[0] in GIVEN)
    got: list[bytes] = []

    def answer() -> dict[str, Any]:
        return {
            "status": response.status,
            "url": response.url,
            "headers": [list(pair) for pair in headers],
            "content": _in_parts(b"".join(got), headers),
        }

    async def parts() -> AsyncIterator[bytes]:
        try:
            async for part in response.parts:
                got.append(part)
                yield part
        except Exception as error:
            await entry.save_error(error, answer=answer())
            raise
        await entry.save(answer=answer())

    async def close() -> None:
        await response.close()
        # A redirect is not read; what is given up for its time is told from outside.
        if entry.is_open and not is_cut_off():
            await entry.save(answer=answer(), cut=True)

    return StreamedResponse(
        status=response.status,
        url=response.url,
        headers=headers,
        parts=parts(),
        close=close,
    )


def _replayed(entry: Entry) -> StreamedResponse:
    """The response as it was recorded."""
    answer: Any = (entry.outcome or {}).get("answer")
    if answer is None:
        entry.raise_error()
    content = answer["content"]

    async def parts() -> AsyncIterator[bytes]:
        for part in content if isinstance(content, list) else [content]:
            yield part
        entry.raise_error()
        entry.raise_cut()

    async def close() -> None:
        """Nothing is open."""

    return StreamedResponse(
        status=answer["status"],
        url=answer["url"],
        headers=tuple((name, value) for name, value in answer["headers"]),
        parts=parts(),
        close=close,
    )


def _in_parts(content: bytes, headers: Headers) -> bytes | list[bytes]:
    """A stream of events, or of lines of JSON, one by one; any other content whole.

    How the network cut it up is chance, and would change the file with every recording.
    """
    kind = dict(headers).get("content-type", "").partition(";")[0].strip().lower()
    if kind == "text/event-stream":
        found = re.findall(rb".+?(?:\r?\n\r?\n|\Z)", content, re.DOTALL)
    elif kind in ("application/x-ndjson", "application/jsonl"):
        found = content.splitlines(keepends=True)
    else:
        return content
    return [part for part in found if part]
