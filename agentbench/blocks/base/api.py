"""Api: calls of the plain HTTP APIs of others, with a credential by its name.

A base URL can be set, for a server of one's own that speaks the same API; where it may
be is the door's to say, and the credential goes to its own hosts only.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from agentbench.blocks.base import about
from agentbench.blocks.base.answers import Refused, body_of, plain_headers
from agentbench.domain.context import Context
from agentbench.domain.credential import placeholder

BaseUrl = Annotated[
    str, about("Another server that speaks this API; empty for its own.", advanced=True)
]


class Api:
    """One API of somebody else."""

    def __init__(
        self,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        scheme: str = "Bearer",
        key_header: str = "authorization",
        detail: Iterable[str] = ("message", "error", "description", "detail"),
    ) -> None:
        """`scheme` stands before the secret; `detail` are where an answer says what is wrong."""
        self._base, self._headers = base, headers or {}
        self._scheme, self._detail = scheme, tuple(detail)
        self._key_header = key_header

    async def call(
        self,
        context: Context,
        method: str,
        path: str,
        *,
        credential: str,
        base_url: str = "",
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30,
    ) -> Any:
        """What the API answers, as values; given up after `timeout` seconds of silence.

        Raises:
            Refused: it answered, but not with success.
            ConnectionError: it did not answer, or may not be asked.
        """
        given = {**self._headers, **(headers or {})}
        if credential:
            secret = placeholder(credential)
            given[self._key_header] = f"{self._scheme} {secret}".strip()
        response = await context.outbound.request(
            method,
            (base_url or self._base).rstrip("/") + path,
            headers=plain_headers(given),
            params={k: v for k, v in (params or {}).items() if v not in (None, "")},
            body=body,
            credential=credential,
            timeout=timeout,
        )
        if not response.is_success:
            raise Refused(method, response, self._said(body_of(response, strict=False)))
        return body_of(response)

    def _said(self, answer: Any) -> str:
        if not isinstance(answer, Mapping):
            return ""
        for name in self._detail:
            said = answer.get(name)
            if isinstance(said, Mapping):
                said = said.get("message")
            if isinstance(said, str) and said:
                return said[:300]
        return ""


def texts(value: Any) -> str:
    """What is text in an answer; empty for anything else."""
    return value if isinstance(value, str) else ""
