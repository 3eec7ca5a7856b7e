"""Outbound: the one door through which blocks reach the network."""

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol

Headers = tuple[tuple[str, str], ...]
"""Headers in their order, a name as often as it comes; names are in small letters."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What goes out: one hop, before the secret is put into it.

    `credential` is the name of the credential that goes along. Where a header holds its
    placeholder (see `agentbench.domain.credential.placeholder`), the secret takes that
    place; otherwise it goes where its kind says.
    """

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    credential: str = ""


@dataclass(frozen=True, kw_only=True)
class StreamedResponse:
    """What comes back, while it is coming: its content in parts, unpacked.

    Take `parts` once, and `close` it whether or not all were taken.
    """

    status: int
    url: str
    headers: Headers
    parts: AsyncIterator[bytes]
    close: Callable[[], Awaitable[None]]


Send = Callable[[Request], Awaitable[StreamedResponse]]
"""Sends one request, and gives the response once its headers are there."""


class Layer(Protocol):
    """Sits between whoever sends and the network: to record, to replay, to count.

    It sees each hop once, with the *name* of its credential and never the secret, and
    each response with the secrets in it masked. It may answer without calling `send`;
    then no name is resolved, no credential is read, and being offline does not matter.
    """

    async def carry(self, request: Request, send: Send) -> StreamedResponse:
        """The response to a request: from `send`, or from somewhere else."""
        ...


@dataclass(frozen=True, kw_only=True)
class Response:
    """What came back from a request."""

    status: int
    url: str
    headers: Mapping[str, str]
    content: bytes
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """The content as text; what cannot be decoded is replaced."""
        return self.content.decode(self.encoding, errors="replace")

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


class Outbound(Protocol):
    """Sends requests to public addresses only, unless a setting allows a host."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        credential: str = "",
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
    ) -> Response:
        """Sends one request and reads the whole answer; a `body` that is no text or bytes goes as JSON.

        `credential` is the name of one, which is sent along to its own hosts only.

        Raises:
            OutboundRefused: the address or the credential is not allowed; the message
                says how to allow it. It is a `ConnectionRefusedError`.
            UnknownCredential: there is no such credential.
            ConnectionError: the request could not be completed.
        """
        ...


class Door(Outbound, Protocol):
    """The whole door, as the workshops have it; a block in a worker has `request` only."""

    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        credential: str = "",
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
    ) -> AbstractAsyncContextManager[StreamedResponse]:
        """Like `request`, but gives the content part by part while it comes.

        `timeout` is the longest silence, in seconds, not the whole time.
        """
        ...

    def client(
        self,
        library: ModuleType,
        *,
        credential: str = "",
        timeout: float = 60.0,
        max_bytes: int = 100_000_000,
        **settings: Any,
    ) -> Any:
        """An `AsyncClient` of `library` (the module `httpx` or `httpx2`) that goes through this door.

        For libraries that take a client of their own. Give them
        `placeholder(credential)` as their key; the door puts the secret in its place. It
        keeps its connections, belongs to the event loop that uses it first, and follows
        no redirects unless told to; `settings` go to the client.
        """
        ...

    async def connect(
        self, host: str, port: int, *, tls: bool = False, timeout: float = 30.0
    ) -> tuple[StreamReader, StreamWriter]:
        """A connection for what is not HTTP, such as mail and databases; checked alike.

        Raises:
            OutboundRefused: the address is not allowed.
            ConnectionError: it could not be made.
        """
        ...

    async def addresses(self, host: str, port: int) -> list[str]:
        """The numeric addresses of a host that may be dialled, for clients that dial themselves.

        Raises:
            OutboundRefused: one of them is not allowed.
            ConnectionError: none is known.
        """
        ...

    def through(self, layer: Layer) -> "Door":
        """This door with a layer in front of it: every request passes the layer first."""
        ...
