"""The guarded HTTP client: what may be sent where, on every hop."""

import asyncio
import importlib
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from agentbench.domain.outbound import Response

if TYPE_CHECKING:  # pragma: no cover - httpx is loaded by the first request
    import httpx

    from agentbench.network.dial import Resolve

MAX_HOPS = 5
"""Redirects that are followed, at most."""

_HARMLESS = ("accept", "accept-language", "user-agent", "range")
"""The headers that go along to another host: any other may be a credential."""
_REDIRECTS = (301, 302, 303, 307, 308)
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


class HttpxOutbound:
    """Sends requests to public addresses, and to the hosts that are allowed.

    A host is resolved once, every address it has is checked, and one of those is
    dialled. Redirects are followed here, each checked like a first request. It keeps
    no connection and no cookie, uses no proxy, and works in any event loop.
    `allowed_hosts` holds entries like `127.0.0.1:8000` or `intranet.example`.
    """

    def __init__(
        self,
        allowed_hosts: Collection[str] = (),
        offline: bool = False,  # noqa: FBT001, FBT002 - the setting has that name
        *,
        resolve: "Resolve | None" = None,
    ) -> None:
        self._allowed = {host.strip().lower() for host in allowed_hosts}
        self._offline = offline
        self._resolve = resolve

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
        """Sends one request and follows where it leads."""
        if self._offline:
            raise ConnectionRefusedError(
                f"{method} {_cut(url)} was not sent: AGENTBENCH_OFFLINE is set."
                " Unset it to let blocks reach the network."
            )
        # The first import takes a tenth of a second, which is too long for a loop.
        await asyncio.to_thread(importlib.import_module, "agentbench.network.dial")
        request = _built(method, url, headers or {}, params, body)
        try:
            async with asyncio.timeout(timeout):
                return await self._followed(request, max_bytes)
        except TimeoutError:
            raise ConnectionError(
                f"{method} {_cut(url)} was not answered within {timeout:g} s;"
                " give it more time, or ask for less."
            ) from None

    async def _followed(self, request: "httpx.Request", max_bytes: int) -> Response:
        from agentbench.network.dial import CheckedDial, looked_up, send

        dial = CheckedDial(self._is_allowed, self._resolve or looked_up)
        for _ in range(MAX_HOPS + 1):
            status, headers, content = await send(request, dial, max_bytes)
            place = headers.get("location", "")
            if status not in _REDIRECTS or not place:
                return Response(
                    status=status,
                    url=str(request.url),
                    headers=dict(headers),
                    content=content,
                    encoding=_encoding(headers.get("content-type", "")),
                )
            request = _redirected(request, status, place)
        raise ConnectionError(
            f"{_cut(str(request.url))} is the end of more than {MAX_HOPS} redirects;"
            " they were not followed further."
        )

    def _is_allowed(self, host: str, port: int) -> bool:
        name = host.lower().rstrip(".")
        bracketed = f"[{name}]" if ":" in name else name
        return not self._allowed.isdisjoint({name, bracketed, f"{bracketed}:{port}"})


def _built(
    method: str,
    url: "str | httpx.URL",
    headers: Mapping[str, str],
    params: Mapping[str, Any] | None,
    body: Any,
) -> "httpx.Request":
    """The request, once its address is one that may be asked at all."""
    import httpx

    kind = "content" if isinstance(body, (str, bytes)) else "json"
    content: dict[str, Any] = {} if body is None else {kind: body}
    given = {"user-agent": "agentbench", "accept": "*/*", **_lower(headers)}
    given["accept-encoding"] = "gzip"
    try:
        address = httpx.URL(url)
        if params:
            address = address.copy_merge_params(dict(params))
        request = httpx.Request(method.upper(), address, headers=given, **content)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise ConnectionError(
            f"{_cut(str(url))!r} cannot be asked: {error}."
        ) from error
    reason = _why_not_asked(address)
    if reason:
        raise ConnectionRefusedError(f"{_cut(str(url))!r} was not asked: {reason}")
    return request


def _why_not_asked(address: "httpx.URL") -> str:
    if address.scheme not in ("http", "https"):
        return "only http:// and https:// addresses are."
    if not address.host:
        return "it names no host."
    if not 0 < (address.port or 80) < 65_536:
        return f"there is no port {address.port}."
    if address.userinfo:
        return "it holds a name or password; send them in an Authorization header."
    return ""


def _redirected(request: "httpx.Request", status: int, place: str) -> "httpx.Request":
    """The request that follows a redirect.

    Raises:
        ConnectionRefusedError: it would take a body elsewhere or leave https.
    """
    import httpx

    old = request.url
    try:
        new = old.join(place)
    except httpx.InvalidURL as error:
        message = f"{_cut(str(old))} redirects to no address: {error}."
        raise ConnectionError(message) from error
    is_same = (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)
    if old.scheme == "https" and new.scheme == "http":
        raise _not_followed(old, new, "it would leave https for http")
    method, body = request.method, request.read() or None
    if (status == 303 and method != "HEAD") or (status < 303 and method == "POST"):
        method, body = "GET", None
    if body is not None and not is_same:
        raise _not_followed(old, new, "it would take what was sent to another host")
    dropped = {"host", "content-length"} | (set() if body else {"content-type"})
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in dropped and (is_same or name in _HARMLESS)
    }
    return _built(method, new, headers, None, body)


def _not_followed(
    old: "httpx.URL", new: "httpx.URL", reason: str
) -> ConnectionRefusedError:
    return ConnectionRefusedError(
        f"{_cut(str(old))} redirects to {_cut(str(new))}, which was not followed:"
        f" {reason}. Ask the second address yourself if you trust it."
    )


def _encoding(content_type: str) -> str:
    named = _CHARSET.search(content_type)
    if named is None:
        return "utf-8"
    try:
        b"ab".decode(named[1], errors="replace")
    except LookupError:  # no encoding, or none of text
        return "utf-8"
    return named[1]


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _cut(url: str) -> str:
    """The URL as messages show it: without password or query, which may be secrets."""
    shown = url.partition("#")[0].partition("?")[0]
    scheme, separator, rest = shown.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"
