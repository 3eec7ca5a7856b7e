"""Hops: requests as they are asked for, and what follows from a redirect."""

import re
from collections.abc import Mapping
from typing import Any

import httpx

from agentbench.domain.errors import OutboundRefused
from agentbench.domain.outbound import Request
from agentbench.network.dial import why_not_asked
from agentbench.network.policy import cut, not_asked

REDIRECTS = (301, 302, 303, 307, 308)

_HARMLESS = ("accept", "accept-language", "user-agent", "range")
"""The headers that go along to another host: any other may be a credential."""
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)


def built(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None,
    params: Mapping[str, Any] | None,
    body: Any,
    credential: str,
) -> Request:
    """The request, once its address is one that may be asked at all.

    Raises:
        OutboundRefused: it may not.
        ConnectionError: it cannot be written as a request.
    """
    kind = "content" if isinstance(body, (str, bytes)) else "json"
    content: dict[str, Any] = {} if body is None else {kind: body}
    try:
        given = _encoded(headers or {})
        address = httpx.URL(url)
        if params:
            address = address.copy_merge_params(dict(params))
        made = httpx.Request(method.upper(), address, headers=given, **content)
    except (httpx.InvalidURL, ValueError, TypeError, AttributeError) as error:
        raise ConnectionError(f"{cut(str(url))!r} cannot be asked: {error}.") from error
    reason = why_not_asked(address)
    if reason:
        raise not_asked(str(url), reason)
    return Request(
        method=made.method,
        url=str(made.url),
        headers=tuple((name.lower(), value) for name, value in made.headers.items()),
        body=made.read(),
        credential=credential,
    )


def redirected(request: Request, status: int, place: str) -> Request:
    """The request that follows a redirect; to another host no credential goes along.

    Raises:
        OutboundRefused: it would take a body elsewhere or leave https.
        ConnectionError: it leads to no address.
    """
    old = httpx.URL(request.url)
    try:
        new = old.join(place)
    except httpx.InvalidURL as error:
        message = f"{cut(str(old))} redirects to no address: {error}."
        raise ConnectionError(message) from error
    is_same = (old.scheme, old.host, old.port) == (new.scheme, new.host, new.port)
    if old.scheme == "https" and new.scheme == "http":
        raise _not_followed(old, new, "it would leave https for http")
    method, body = request.method, request.body or None
    if (status == 303 and method != "HEAD") or (status < 303 and method == "POST"):
        method, body = "GET", None
    if body is not None and not is_same:
        raise _not_followed(old, new, "it would take what was sent to another host")
    dropped = {"host", "content-length"} | (set() if body else {"content-type"})
    headers = {
        name: value
        for name, value in request.headers
        if name not in dropped and (is_same or name in _HARMLESS)
    }
    credential = request.credential if is_same else ""
    return built(
        method,
        str(new),
        headers=headers,
        params=None,
        body=body,
        credential=credential,
    )


def encoding_of(content_type: str) -> str:
    """The encoding of text, by its content type."""
    named = _CHARSET.search(content_type)
    if named is None:
        return "utf-8"
    try:
        b"ab".decode(named[1], errors="replace")
    except LookupError:  # no encoding, or none of text
        return "utf-8"
    return named[1]


def _not_followed(old: httpx.URL, new: httpx.URL, reason: str) -> OutboundRefused:
    return OutboundRefused(
        f"{cut(str(old))} redirects to {cut(str(new))}, which was not followed:"
        f" {reason}. Ask the second address yourself if you trust it."
    )


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    given = {name.lower(): value for name, value in headers.items()}
    full = {"user-agent": "agentbench", "accept": "*/*", **given}
    return [(name.encode(), value.encode()) for name, value in full.items()]
