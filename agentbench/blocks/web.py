"""Blocks that reach the web, through the one guarded door."""

import http
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.outbound import Response

_OUTPUTS = {
    "body": Annotated[
        Any, about("JSON as values, text as text, anything else as bytes.")
    ],
    "status": Annotated[int, about("The status, such as 200.")],
    "headers": Annotated[dict[str, str], about("The answer's headers, in small type.")],
}
_Url = Annotated[str, about("Where: https://… or http://…", title="URL")]
_Headers = Annotated[dict[str, str], about("Headers to send along.", advanced=True)]
_Params = Annotated[
    dict[str, Any], about("Added to the URL after a `?`.", title="Query parameters")
]
_Timeout = Annotated[
    float, about("Seconds until it is given up.", title="Time limit", advanced=True)
]
_Credential = Annotated[
    str,
    CredentialName(),
    about("The name of a credential, sent to its own hosts only; empty for none."),
]
_AnyStatus = Annotated[
    bool,
    about("Go on with whatever status comes, instead of failing.", advanced=True),
]


class HttpStatusError(ConnectionError):
    """The server answered, but not with success."""

    def __init__(self, method: str, response: Response) -> None:
        self.status = response.status
        known = {status.value: status.phrase for status in http.HTTPStatus}
        words = f"{response.status} {known.get(response.status, '')}".strip()
        start = " ".join(response.text[:200].split())
        super().__init__(
            f"{method} {_shown(response.url)} answered {words}"
            f"{': ' + start if start else '.'}"
        )


@block(
    id="web.fetch",
    title="Fetch from the web",
    keywords=("http", "get", "url", "download", "api", "request", "json", "page"),
    effects="reads",
    outputs=_OUTPUTS,
)
async def fetch(
    url: _Url,
    *,
    method: Annotated[Literal["GET", "HEAD"], about("GET reads it.")] = "GET",
    params: _Params = {},  # noqa: B006 - read, never changed
    headers: _Headers = {},  # noqa: B006
    credential: _Credential = "",
    timeout: _Timeout = 30,
    accept_any_status: _AnyStatus = False,
    context: Context,
) -> dict[str, Any]:
    """Reads a web address: a page, a file or an API.

    Only public addresses are reached, unless `AGENTBENCH_ALLOWED_HOSTS` names the
    host. A status other than 2xx fails with the beginning of the answer. What is secret
    is no header here: add it as a credential, and give its name.
    """
    response = await context.outbound.request(
        method,
        url,
        headers=headers,
        params=params,
        credential=credential,
        timeout=timeout,
    )
    return _given(method, response, accept_any_status=accept_any_status)


@block(
    id="web.send",
    title="Send to the web",
    keywords=("http", "post", "put", "delete", "api", "request", "webhook", "call"),
    effects="sends",
    outputs=_OUTPUTS,
)
async def send(
    url: _Url,
    body: Annotated[
        Any, about("Text goes as it is, lists and dictionaries as JSON.")
    ] = None,
    *,
    method: Annotated[
        Literal["POST", "PUT", "PATCH", "DELETE"], about("What is done there.")
    ] = "POST",
    params: _Params = {},  # noqa: B006
    headers: _Headers = {},  # noqa: B006
    credential: _Credential = "",
    timeout: _Timeout = 30,
    accept_any_status: _AnyStatus = False,
    context: Context,
) -> dict[str, Any]:
    """Sends something to a web address, such as an API that stores or does things.

    Only public addresses are reached, unless `AGENTBENCH_ALLOWED_HOSTS` names the
    host. A status other than 2xx fails with the beginning of the answer. What is secret
    is no header here: add it as a credential, and give its name.
    """
    response = await context.outbound.request(
        method,
        url,
        headers=headers,
        params=params,
        body=body,
        credential=credential,
        timeout=timeout,
    )
    return _given(method, response, accept_any_status=accept_any_status)


def _given(
    method: str, response: Response, *, accept_any_status: bool
) -> dict[str, Any]:
    if not (response.is_success or accept_any_status):
        raise HttpStatusError(method, response)
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = _body(response, headers)
    return {"body": body, "status": response.status, "headers": headers}


def _body(response: Response, headers: Mapping[str, str]) -> Any:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json" or kind.endswith("+json"):
        if not response.content:
            return None
        try:
            return json.loads(response.text)
        except (json.JSONDecodeError, RecursionError) as error:
            if not response.is_success:
                return response.text
            raise ValueError(
                f"{_shown(response.url)} says its answer is JSON, but it is not:"
                f" {error}. It begins {response.text[:60]!r}."
            ) from error
    is_text = kind.startswith("text/") or kind.endswith(("xml", "javascript", "csv"))
    return response.text if is_text or not kind else response.content


def _shown(url: str) -> str:
    """The URL without its query, which may hold a secret."""
    return url.partition("?")[0]
