"""The door: what may be sent where, on every hop."""

import asyncio
import contextlib
import functools
import importlib
from collections.abc import AsyncIterator, Collection, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from agentbench.domain.credential import Credentials
from agentbench.domain.outbound import (
    Layer,
    Request,
    Response,
    Send,
    StreamedResponse,
)
from agentbench.domain.redaction import Redaction
from agentbench.network.bearing import Bearing
from agentbench.network.logs import mask_logs
from agentbench.network.policy import Policy, Resolve, cut, looked_up

if TYPE_CHECKING:  # pragma: no cover - httpx is loaded by the first request
    from agentbench.network.dial import Wire

MAX_HOPS = 5
"""Redirects that are followed, at most."""


class HttpxOutbound:
    """Sends requests to public addresses, and to the hosts that are allowed.

    A host is resolved once, every address it has is checked, and one of those is
    dialled. Redirects are followed here, each checked like a first request. It keeps
    no connection (its clients do) and no cookie, uses no proxy, and works in any event
    loop. `allowed_hosts` holds entries like `127.0.0.1:8000` or `intranet.example`.
    """

    def __init__(
        self,
        allowed_hosts: Collection[str] = (),
        offline: bool = False,  # noqa: FBT001, FBT002 - the setting has that name
        *,
        credentials: Credentials | None = None,
        redaction: Redaction | None = None,
        resolve: Resolve = looked_up,
        layers: tuple[Layer, ...] = (),
    ) -> None:
        self._redaction = redaction or Redaction()
        mask_logs(self._redaction)
        self._policy = Policy(allowed_hosts, offline=offline, resolve=resolve)
        self._bearing = Bearing(self._policy, credentials, self._redaction)
        self._layers = layers

    def through(self, layer: Layer) -> "HttpxOutbound":
        """This door with a layer in front of it."""
        other = object.__new__(type(self))
        vars(other).update(vars(self), _layers=(layer, *self._layers))
        return other

    def unmasked(self) -> "HttpxOutbound":
        """This door for who gets secrets by it: nothing that comes back is masked.

        The hosts that may be reached stay the same. No credential goes along, and what
        is sent is not searched for any: the caller says where its own secrets go.
        """
        other = object.__new__(type(self))
        vars(other).update(vars(self), _layers=())
        other._redaction = Redaction()
        other._bearing = Bearing(self._policy, None, other._redaction)
        return other

    def allow(self, host: str) -> None:
        """Lets a host be reached whatever its addresses, here and by every layer's door."""
        self._policy.allow(host)

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
        """Sends one request, follows where it leads, and reads the whole answer."""
        try:
            async with (
                asyncio.timeout(timeout),
                self._opened(
                    method,
                    url,
                    headers=headers,
                    params=params,
                    body=body,
                    credential=credential,
                    silence=None,
                    max_bytes=max_bytes,
                ) as answer,
            ):
                content = b"".join([part async for part in answer.parts])
        except TimeoutError:
            raise ConnectionError(
                f"{method} {cut(url)} was not answered within {timeout:g} s;"
                " give it more time, or ask for less."
            ) from None
        from agentbench.network.hops import encoding_of

        told = _joined(answer)
        return Response(
            status=answer.status,
            url=answer.url,
            headers=told,
            content=content,
            encoding=encoding_of(told.get("content-type", "")),
        )

    @contextlib.asynccontextmanager
    async def stream(
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
    ) -> AsyncIterator[StreamedResponse]:
        """Like `request`, but gives the content part by part while it comes."""
        async with self._opened(
            method,
            url,
            headers=headers,
            params=params,
            body=body,
            credential=credential,
            silence=timeout,
            max_bytes=max_bytes,
        ) as answer:
            yield answer

    def client(
        self,
        library: ModuleType,
        *,
        credential: str = "",
        timeout: float = 60.0,
        max_bytes: int = 100_000_000,
        **settings: Any,
    ) -> Any:
        """An `AsyncClient` of `httpx` or `httpx2` that goes through this door."""
        from agentbench.network.clients import client

        wire = self._wire(timeout, max_bytes, keeps=True)
        return client(
            library,
            self._layered(wire.send),
            wire.aclose,
            credential=credential,
            timeout=timeout,
            **settings,
        )

    async def connect(
        self, host: str, port: int, *, tls: bool = False, timeout: float = 30.0
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A checked connection for what is not HTTP."""
        await asyncio.to_thread(importlib.import_module, "agentbench.network.dial")
        from agentbench.network.dial import connected

        try:
            async with asyncio.timeout(timeout):
                return await connected(self._policy, host, port, with_tls=tls)
        except TimeoutError:
            raise ConnectionError(
                f"{host}:{port} was not reached within {timeout:g} s."
            ) from None

    async def addresses(self, host: str, port: int) -> list[str]:
        """The numeric addresses of a host that may be dialled."""
        return await self._policy.addresses(host, port)

    @contextlib.asynccontextmanager
    async def _opened(
        self,
        method: str,
        url: str,
        *,
        headers: Any,
        params: Any,
        body: Any,
        credential: str,
        silence: float | None,
        max_bytes: int,
    ) -> AsyncIterator[StreamedResponse]:
        """The answer at the end of the redirects, open; closed on leaving."""
        if not self._layers:
            self._policy.admit(f"{method} {cut(str(url))}")
        # The first import takes a tenth of a second, which is too long for a loop.
        await asyncio.to_thread(importlib.import_module, "agentbench.network.hops")
        from agentbench.network.hops import built

        request = built(
            method,
            url,
            headers=headers,
            params=params,
            body=body,
            credential=credential,
        )
        wire = self._wire(silence, max_bytes)
        answer = await self._followed(request, self._layered(wire.send))
        try:
            yield answer
        finally:
            await answer.close()

    async def _followed(self, request: Request, send: Send) -> StreamedResponse:
        from agentbench.network.hops import REDIRECTS, redirected

        for _ in range(MAX_HOPS + 1):
            answer = await send(request)
            place = _joined(answer).get("location", "")
            if answer.status not in REDIRECTS or not place:
                return answer
            await answer.close()
            request = redirected(request, answer.status, place)
        raise ConnectionError(
            f"{cut(request.url)} is the end of more than {MAX_HOPS} redirects;"
            " they were not followed further."
        )

    def _wire(
        self, silence: float | None, max_bytes: int, *, keeps: bool = False
    ) -> "Wire":
        from agentbench.network.dial import Wire

        return Wire(
            self._policy,
            self._bearing,
            self._redaction,
            timeout=silence,
            max_bytes=max_bytes,
            keeps=keeps,
        )

    def _layered(self, send: Send) -> Send:
        for layer in reversed(self._layers):
            send = functools.partial(layer.carry, send=send)
        return send


def _joined(answer: StreamedResponse) -> dict[str, str]:
    """The headers by name; what comes several times is put behind commas."""
    joined: dict[str, str] = {}
    for name, value in answer.headers:
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined
