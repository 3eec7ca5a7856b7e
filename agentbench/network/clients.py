"""Clients of other libraries that go through our door.

`httpx` and its successor `httpx2` are the same to read and take no transport of each
other's, so the classes are made over the library that is given.
"""

import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import ModuleType
from typing import Any

from agentbench.domain.errors import OutboundRefused
from agentbench.domain.outbound import Request, Send, StreamedResponse
from agentbench.network.dial import TooSilent

Close = Callable[[], Awaitable[None]]


def client(
    library: ModuleType,
    send: Send,
    close: Close,
    *,
    credential: str,
    timeout: float,
    **settings: Any,
) -> Any:
    """An `AsyncClient` of the library; `close` is called when it is closed."""
    transport = _transports(library)(send, close, credential)
    return library.AsyncClient(
        transport=transport, timeout=timeout, trust_env=False, **settings
    )


@functools.cache
def _streams(library: Any) -> Any:
    """The class by which a library reads what comes."""

    class Stream(library.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, response: StreamedResponse, asked: Any) -> None:
            self._response, self._asked = response, asked

        async def __aiter__(self) -> AsyncIterator[bytes]:
            with _in_words_of(library, self._asked, library.ReadError):
                async for part in self._response.parts:
                    yield part

        async def aclose(self) -> None:
            await self._response.close()

    return Stream


@functools.cache
def _transports(library: Any) -> Any:
    """The class by which a library sends."""

    class Through(library.AsyncBaseTransport):  # type: ignore[misc]
        def __init__(self, send: Send, close: Close, credential: str) -> None:
            self._send, self._close, self._credential = send, close, credential

        async def handle_async_request(self, asked: Any) -> Any:
            request = Request(
                method=asked.method,
                url=str(asked.url),
                headers=tuple((n.lower(), v) for n, v in asked.headers.multi_items()),
                body=await asked.aread(),
                credential=self._credential,
            )
            with _in_words_of(library, asked, library.ConnectError):
                response = await self._send(request)
            return library.Response(
                response.status,
                headers=list(response.headers),
                stream=_streams(library)(response, asked),
                request=asked,
            )

        async def aclose(self) -> None:
            await self._close()

    return Through


@contextlib.contextmanager
def _in_words_of(library: Any, asked: Any, kind: Any) -> Iterator[None]:
    """Failures as the library's own, so that it tries again; a refusal stays one."""
    try:
        yield
    except OutboundRefused:
        raise
    except ConnectionError as error:
        kind = library.ReadTimeout if isinstance(error, TooSilent) else kind
        raise kind(str(error), request=asked) from error
