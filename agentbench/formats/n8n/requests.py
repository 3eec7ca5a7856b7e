"""What n8n's node for HTTP does: a request for each item, through the one door."""

import functools
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from agentbench.formats.base import Native
from agentbench.formats.n8n.expressions import valued

Items = list[dict[str, Any]]
Given = Mapping[str, Items]
Parameters = Mapping[str, Any]


async def request(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> AsyncIterator[tuple[int, Items]]:
    """Asks a server for each item; each answer is an item, or a list of them."""
    native.refuse_off("web.request")
    answers: Items = []
    for number, item in enumerate(given["main_0"]):
        known = valued(parameters, item)
        body = known.get("jsonBody") or known.get("body") or None
        if isinstance(body, str):
            body = json.loads(body)
        if body is None and known.get("sendBody"):
            body = _named(known.get("bodyParameters"))
        method = known.get("method") or known.get("requestMethod") or "GET"
        ask = functools.partial(
            _asked,
            native,
            str(method).upper(),
            str(known.get("url", "")),
            headers=_named(known.get("headerParameters")),
            params=_named(known.get("queryParameters")),
            body=body,
            credential=credential,
        )
        # What was sent for an item is not sent again when that for a later one fails.
        is_sent = str(method).upper() not in ("GET", "HEAD")
        step = f"item {number}"
        answers += await (native.context.once(step, ask) if is_sent else ask())
    yield 0, answers


async def _asked(native: Native, method: str, url: str, **more: Any) -> Items:
    answer = await native.context.outbound.request(method, url, **more)
    if not answer.is_success:
        raise ConnectionError(f"The server answered {answer.status}.")
    return _items(answer)


def _items(answer: Any) -> Items:
    try:
        found = json.loads(answer.text)
    except (ValueError, RecursionError):
        return [{"data": answer.text}]
    found = found if isinstance(found, list) else [found]
    return [it if isinstance(it, dict) else {"data": it} for it in found]


def _named(given: Any) -> dict[str, Any]:
    rows = given.get("parameters") if isinstance(given, Mapping) else None
    return {str(it.get("name")): it.get("value") for it in rows or [] if it.get("name")}
