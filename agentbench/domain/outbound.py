"""Outbound: the one door through which blocks reach the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
    ) -> Response:
        """Sends one request and reads the whole answer; a `body` that is no text or bytes goes as JSON.

        Raises:
            ConnectionRefusedError: the address is not allowed; the message says how to allow it.
            ConnectionError: the request could not be completed.
        """
        ...
