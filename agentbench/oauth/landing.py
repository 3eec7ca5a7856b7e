"""Landing: where the browser comes back to, on this machine's own address, for a while."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import h11

from agentbench.oauth.consent import fields_of

HOST = "127.0.0.1"
PATH = "/callback"
PATIENCE = 5.0
"""Seconds that a request may take to arrive: a page that stalls holds nothing open."""
MOST = 16_000
"""Bytes of a request, at most; what providers send back is a tenth of it."""

_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Connection", "close"),
]
_PAGE = (
    '<!doctype html><meta charset="utf-8"><title>agentbench</title>'
    "<style>body{{font:16px/1.5 system-ui;margin:20vh auto;max-width:26em}}"
    "@media(prefers-color-scheme:dark){{body{{background:#111;color:#eee}}}}</style>"
    "<p>{words}</p>"
)
"""Nothing of what was asked is repeated in it."""
_WORDS = {
    200: "Thank you. You can close this page and go on in your notebook or terminal.",
    400: "This answers no question that is open. Open the newest address.",
    403: "This is only for who comes by its own address.",
    404: "There is nothing here.",
    405: "There is nothing here for you to change.",
}


class Landing:
    """Waits for one answer; whoever comes with another is told so, and not heard."""

    def __init__(self, is_awaited: Callable[[Mapping[str, str]], bool]) -> None:
        self._is_awaited = is_awaited
        self._answer: asyncio.Future[Mapping[str, str]] = (
            asyncio.get_running_loop().create_future()
        )
        self.port = 0

    @property
    def redirect(self) -> str:
        """Where the provider is to send the browser back to."""
        return f"http://{HOST}:{self.port}{PATH}"

    async def answer(self) -> Mapping[str, str]:
        """What came back, once it has."""
        return await self._answer

    @contextlib.asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["Landing"]:
        """Listens on a port, or on one that is free; to nobody any more on leaving.

        Raises:
            OSError: the port is taken.
        """
        server = await asyncio.start_server(self._received, HOST, port, limit=MOST)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _received(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with contextlib.suppress(OSError, TimeoutError, h11.ProtocolError):
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._replied(reader, writer)
            finally:
                writer.close()

    async def _replied(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        line = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST)
        while (event := line.next_event()) is h11.NEED_DATA:
            line.receive_data(await reader.read(4096))
        if not isinstance(event, h11.Request):
            return
        answer = fields_of(event.target.partition(b"?")[2].decode("latin-1"))
        status = self._status(event, answer)
        page = _PAGE.format(words=_WORDS[status]).encode()
        length = ("Content-Length", str(len(page)))
        head = h11.Response(status_code=status, headers=[*_HEADERS, length])
        for said in (head, h11.Data(data=page), h11.EndOfMessage()):
            writer.write(line.send(said) or b"")
        await writer.drain()
        if status == 200 and not self._answer.done():
            self._answer.set_result(answer)

    def _status(self, event: Any, answer: Mapping[str, str]) -> int:
        """What a request is told; a name that was made to point here is no way in."""
        hosts = [value for name, value in event.headers if name == b"host"]
        if hosts != [f"{HOST}:{self.port}".encode()]:
            return 403
        if event.target.partition(b"?")[0] != PATH.encode():
            return 404
        if event.method != b"GET":
            return 405
        return 200 if self._is_awaited(answer) else 400
