"""Web: the door to the network, with its requests recorded or replayed."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from agentbench.domain.outbound import Outbound, Response
from agentbench.domain.replay import Asked, Calls
from agentbench.replay.secrets import HIDDEN

SENT = ("accept", "accept-language", "content-type", "range", "user-agent")
"""Headers of a request that are recorded; of any other, which may be a credential, the name."""
GIVEN = (
    "content-disposition",
    "content-language",
    "content-type",
    "link",
    "location",
    "retry-after",
)
"""Headers of an answer that are recorded: those that a block may go by, and no clocks."""


class RecordedOutbound:
    """Sends requests through the door that it is given, when they are to be sent."""

    def __init__(self, calls: Calls, outbound: Outbound) -> None:
        self._calls, self._outbound = calls, outbound

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
        **more: Any,
    ) -> Response:
        """Sends one request, or gives what was recorded of it."""

        async def live() -> dict[str, Any]:
            response = await self._outbound.request(
                method,
                url,
                headers=headers,
                params=params,
                body=body,
                timeout=timeout,
                max_bytes=max_bytes,
                **more,
            )
            return _answer(response)

        asked = _asked(method, url, headers or {}, params, body)
        answer = await self._calls.answered(asked, live)
        return Response(**answer)


def _asked(
    method: str,
    url: str,
    headers: Mapping[str, str],
    params: Mapping[str, Any] | None,
    body: Any,
) -> Asked:
    sent = {name.lower(): value for name, value in headers.items()}
    if params:
        url += ("&" if "?" in url else "?") + urlencode(dict(params), doseq=True)
    facts: dict[str, Any] = {"method": method.upper(), "url": url}
    if sent:
        facts["headers"] = {
            name: str(sent[name]) if name in SENT else HIDDEN for name in sorted(sent)
        }
    if body is not None:
        facts["body"] = body if isinstance(body, (str, bytes)) else _as_json(body)
    place = urlsplit(url)
    where = (place.hostname or "").removeprefix("www.") + place.path.rstrip("/")
    return Asked(kind="web", label=f"{method.upper()} {where}", facts=facts)


def _as_json(body: Any) -> Any:
    try:
        return json.loads(json.dumps(body))
    except (TypeError, ValueError):  # the door will say what is wrong with it
        return str(body)


def _answer(response: Response) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return {
        "status": response.status,
        "url": response.url,
        "headers": {name: headers[name] for name in GIVEN if name in headers},
        "content": response.content,
        "encoding": response.encoding,
    }
