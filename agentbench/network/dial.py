"""One request on the wire: the connection goes to an address that was checked."""

import asyncio
import functools
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import httpcore
import httpx

from agentbench.network.addresses import why_not_public

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives the numeric addresses of a host."""

_WIRE_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
)


class CheckedDial(httpcore.AsyncNetworkBackend):
    """Resolves a host once, checks every address it has, and dials one of them.

    It sits under the TLS layer, so that the certificate and the `Host` header are
    still those of the name that was asked for.
    """

    def __init__(self, is_allowed: Callable[[str, int], bool], resolve: Resolve):
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._wire = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception | None = None
        for address in await self._checked(host, port):
            try:
                return await self._wire.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self._wire.sleep(seconds)

    async def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"no address is known for {host}") from error
        if self._is_allowed(host, port):
            return addresses
        for address in addresses:
            reason = why_not_public(address)
            if reason:
                raise refusal(host, port, address, reason)
        return addresses


def refusal(host: str, port: int, address: str, reason: str) -> ConnectionRefusedError:
    """What is said of an address that is not public."""
    name = f"[{host}]" if ":" in host else host
    known = name if address == host else f"{name} ({address})"
    return ConnectionRefusedError(
        f"{known} was not contacted: it is {reason}, and only public addresses are"
        " reached. If you trust it, allow it with"
        f" AGENTBENCH_ALLOWED_HOSTS={name}:{port} (commas between several)."
    )


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver gives."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def send(
    request: httpx.Request, dial: CheckedDial, max_bytes: int
) -> tuple[int, httpx.Headers, bytes]:
    """Sends one request; gives the status, the headers and the unpacked content.

    Raises:
        ConnectionRefusedError: the address is not allowed.
        ConnectionError: it could not be completed.
    """
    url = request.url
    target = httpcore.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )
    context = await asyncio.to_thread(_tls) if url.scheme == "https" else None
    try:
        async with (
            httpcore.AsyncConnectionPool(context, network_backend=dial) as pool,
            pool.stream(
                request.method,
                target,
                headers=request.headers.raw,
                content=request.read(),
            ) as answer,
        ):
            headers = httpx.Headers(answer.headers)
            unpack = _unpacking(headers.get("content-encoding", ""), max_bytes)
            parts = [unpack(part) async for part in answer.aiter_stream()]
    except (ConnectionRefusedError, AnswerRefused):
        raise
    except _WIRE_ERRORS as error:
        reason = str(error) or type(error).__name__
        raise ConnectionError(
            f"{request.method} {shown(url)} failed: {reason}."
        ) from error
    return answer.status, headers, b"".join(parts)


class AnswerRefused(ConnectionError):
    """The answer is larger than allowed, or packed in a way nobody asked for."""


def shown(url: httpx.URL) -> str:
    """The URL as messages show it: without password or query, which may be secrets."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _unpacking(encoding: str, max_bytes: int) -> Callable[[bytes], bytes]:
    """A function that unpacks part after part, and stops at a limit.

    The limit is on what comes out, so that a small answer cannot unpack to a huge one.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise AnswerRefused(
            f"The answer is packed as {encoding!r}; gzip was asked for."
        )
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16) if encoding == "gzip" else None
    left = max_bytes

    def unpack(part: bytes) -> bytes:
        nonlocal left
        try:
            given = unzip.decompress(part, left + 1) if unzip else part
        except zlib.error as error:
            raise AnswerRefused(f"The answer is no proper gzip: {error}.") from error
        left -= len(given)
        if left < 0:
            raise AnswerRefused(
                f"The answer is larger than {max_bytes} bytes and was cut off;"
                " ask for less of it."
            )
        return given

    return unpack
