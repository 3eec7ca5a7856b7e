"""Listening on this machine's own address, to nobody without the token."""

import hmac
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class TokenNeeded:
    """An ASGI application that lets only those through who send the token.

    The address alone protects nobody: every program and every web page of this
    machine's user can reach it.
    """

    def __init__(self, app: App, token: str) -> None:
        self._app, self._wanted = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._has_token(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            headers = [
                (b"www-authenticate", b"Bearer"),
                (b"content-type", b"text/plain"),
            ]
            start = {"type": "http.response.start", "status": 401, "headers": headers}
            await send(start)
            await send({"type": "http.response.body", "body": b"A token is needed.\n"})
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

    def _has_token(self, scope: Scope) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        return len(given) == 1 and hmac.compare_digest(given[0], self._wanted)


def bound(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1.

    Raises:
        OSError: the port is taken.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening
