"""One request on the wire: the connection goes to an address that was checked."""

import asyncio
import functools
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpcore
import httpx

from agentbench.domain.outbound import Headers, Request, StreamedResponse
from agentbench.domain.redaction import Redaction
from agentbench.network.bearing import Bearing
from agentbench.network.policy import Policy, not_asked
from agentbench.network.unpack import ACCEPTED, Unpacking

_WIRE_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    OSError,
)
_OURS_TO_SAY = (
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
)
"""Headers that follow from the request itself."""
_WITH_BODY = ("PATCH", "POST", "PUT")
KEPT_CONNECTIONS = 20


class TooSilent(ConnectionError):
    """Nothing came for longer than was to be waited."""


class CheckedDial(httpcore.AsyncNetworkBackend):
    """Resolves a host once, checks every address it has, and dials one of them.

    It sits under the TLS layer, so that the certificate and the `Host` header are
    still those of the name that was asked for.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
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
        for address in await self._policy.addresses(host, port):
            try:
                return await self._wire.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self._wire.sleep(seconds)


class Wire:
    """Sends requests, one hop each; puts the secret in, and masks what comes back.

    With `keeps` it keeps its connections, and belongs to one event loop; otherwise each
    request has one of its own, and any loop will do.
    """

    def __init__(
        self,
        policy: Policy,
        bearing: Bearing,
        redaction: Redaction,
        *,
        timeout: float | None,
        max_bytes: int,
        keeps: bool = False,
    ) -> None:
        """`timeout` is the longest silence in seconds, None for any."""
        self._policy, self._bearing, self._redaction = policy, bearing, redaction
        self._timeout, self._max_bytes, self._keeps = timeout, max_bytes, keeps
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def send(self, request: Request) -> StreamedResponse:
        """Sends a request; gives the response once its headers are there.

        Raises:
            OutboundRefused: the address, or the credential, is not allowed.
            ConnectionError: it could not be completed.
        """
        url = httpx.URL(request.url)
        self._policy.admit(f"{request.method} {shown(url)}")
        reason = why_not_asked(url)
        if reason:
            raise not_asked(request.url, reason)
        headers = _on_the_wire(await self._bearing.borne(request), url, request)
        pool = await self._pool_for(url)
        try:
            answer = await self._asked(pool, request, url, headers)
        except BaseException:
            if not self._keeps:
                await pool.aclose()
            raise
        return self._streamed(answer, pool, request, url)

    async def aclose(self) -> None:
        """Closes the connections that were kept."""
        if self._pool is not None:
            await self._pool.aclose()

    async def _pool_for(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        context = None
        if self._pool is None and (self._keeps or url.scheme == "https"):
            context = await asyncio.to_thread(tls)
        if self._pool is not None:  # since the first, or another came first meanwhile
            return self._pool
        pool = httpcore.AsyncConnectionPool(
            context,
            max_keepalive_connections=KEPT_CONNECTIONS if self._keeps else 0,
            keepalive_expiry=30.0,
            network_backend=CheckedDial(self._policy),
        )
        if self._keeps:
            self._pool = pool
        return pool

    async def _asked(
        self,
        pool: httpcore.AsyncConnectionPool,
        request: Request,
        url: httpx.URL,
        headers: "_Unshown",
    ) -> httpcore.Response:
        seconds = self._timeout
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme,
                host=url.raw_host,
                port=url.port,
                target=url.raw_path,
            ),
            headers=headers,
            content=request.body,
            extensions={"timeout": timeouts},
        )
        try:
            return await pool.handle_async_request(asked)
        except _WIRE_ERRORS as error:
            # Without its chain: frames below hold the request with its secret.
            raise _said(request, url, error, seconds) from None

    def _streamed(
        self,
        answer: httpcore.Response,
        pool: httpcore.AsyncConnectionPool,
        request: Request,
        url: httpx.URL,
    ) -> StreamedResponse:
        async def close() -> None:
            try:
                await answer.aclose()
            finally:
                if not self._keeps:
                    await pool.aclose()

        return StreamedResponse(
            status=answer.status,
            url=request.url,
            headers=self._seen(answer.headers),
            parts=self._parts(answer, request, url),
            close=close,
        )

    async def _parts(
        self, answer: httpcore.Response, request: Request, url: httpx.URL
    ) -> AsyncIterator[bytes]:
        encoding = httpx.Headers(answer.headers).get("content-encoding", "")
        unpacking = Unpacking(encoding, self._max_bytes)
        masking = self._redaction.parts()
        try:
            async for packed in answer.aiter_stream():
                if part := masking.masked(unpacking.part(packed)):
                    yield part
        except _WIRE_ERRORS as error:
            if isinstance(error, ConnectionError):  # ours
                raise
            raise _said(request, url, error, self._timeout) from None
        unpacking.end()
        if rest := masking.rest():
            yield rest

    def _seen(self, headers: Iterable[tuple[bytes, bytes]]) -> Headers:
        """The headers of a response as they are shown: what was packed is unpacked by us."""
        given = [
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in headers
        ]
        gone = {"content-encoding", "transfer-encoding"}
        if any(name == "content-encoding" for name, _ in given):
            gone.add("content-length")
        mask = self._redaction.text
        return tuple((name, mask(value)) for name, value in given if name not in gone)


def _on_the_wire(headers: Headers, url: httpx.URL, request: Request) -> "_Unshown":
    kept = [(name, value) for name, value in headers if name not in _OURS_TO_SAY]
    own = [("host", url.netloc.decode("ascii")), ("accept-encoding", ACCEPTED)]
    if request.body or request.method in _WITH_BODY:
        own.append(("content-length", str(len(request.body))))
    return _Unshown(
        (n.encode("latin-1", "replace"), _written(v)) for n, v in (*own, *kept)
    )


class _Unshown(list[tuple[bytes, bytes]]):
    """Headers that no traceback shows, whatever it shows of its frames."""

    def __repr__(self) -> str:
        return f"<{len(self)} headers>"


def _written(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def _said(
    request: Request, url: httpx.URL, error: Exception, seconds: float | None
) -> ConnectionError:
    """What is said of a failure; what the door says itself stays as it is."""
    where = f"{request.method} {shown(url)}"
    if isinstance(error, ConnectionRefusedError) and type(error).__module__.startswith(
        "agentbench."
    ):
        return error
    if isinstance(error, httpcore.TimeoutException) and seconds is not None:
        return TooSilent(f"{where} failed: nothing came for {seconds:g} s.")
    reason = str(error) or type(error).__name__
    if isinstance(error, httpcore.LocalProtocolError):
        reason = reason.partition(" b'")[0].partition(' b"')[0]  # a header's value
    return ConnectionError(f"{where} failed: {reason}.")


def shown(url: httpx.URL) -> str:
    """The URL as messages show it: without password or query, which may be secrets."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def why_not_asked(url: httpx.URL) -> str:
    """Why an address cannot be asked at all, in words; empty when it can."""
    if url.scheme not in ("http", "https"):
        return "only http:// and https:// addresses are."
    if not url.host:
        return "it names no host."
    if not 0 < (url.port or 80) < 65_536:
        return f"there is no port {url.port}."
    if url.userinfo:
        return (
            "it holds a name or password; send them as a credential, or in an"
            " Authorization header."
        )
    return ""


def tls() -> ssl.SSLContext:
    """What certificates are checked against: made once, as it takes a while."""
    return _tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@functools.lru_cache(maxsize=4)
def _tls(*_places: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()


async def connected(
    policy: Policy, host: str, port: int, *, with_tls: bool
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection to one of the addresses of a host, each of them checked."""
    context = await asyncio.to_thread(tls) if with_tls else None
    failure: OSError | None = None
    for address in await policy.addresses(host, port):
        try:
            return await asyncio.open_connection(
                address,
                port,
                ssl=context,
                server_hostname=host if with_tls else None,
            )
        except (OSError, socket.gaierror) as error:
            failure = error
    raise ConnectionError(f"{host}:{port} could not be reached: {failure}.") from None
