"""Blocks that reach the web, through the one guarded door."""

from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import Refused, body_of, headers_of
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


@block(
    id="web.fetch",
    title="Fetch from the web",
    keywords=("http", "get", "url", "download", "api", "request", "json", "page"),
    effects="reads",
    outputs=_OUTPUTS,
    examples=[
        example({"url": "https://example.com/json"}, body={"ok": [1, 2]}, status=200)
    ],
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
    examples=[
        example(
            {"url": "https://example.com/json", "body": {"a": 1}},
            body={"ok": [1, 2]},
            status=200,
        )
    ],
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
        raise Refused(method, response)
    return {
        "body": body_of(response),
        "status": response.status,
        "headers": headers_of(response),
    }
