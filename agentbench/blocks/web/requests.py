"""A request of any kind, and answers that come in pages."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urljoin

import pydantic

from agentbench.blocks.base import about, block
from agentbench.blocks.base.answers import Refused, body_of, pause_of, shown
from agentbench.blocks.base.parts import ABSENT, picked_or
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.outbound import Response

Method = Literal["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]
_Url = Annotated[str, about("Where: https://… or http://…", title="URL")]
_Headers = Annotated[dict[str, str], about("Headers to send along.", advanced=True)]
_Credential = Annotated[
    str,
    CredentialName(),
    about("The name of a credential, sent to its own hosts only; empty for none."),
]
_MOST_BODY = 10_000_000
_LONGEST_PAUSE = 300.0


@block(
    id="web.request",
    title="Send web request",
    keywords=("http", "api", "get", "post", "put", "delete", "patch", "rest", "upload"),
    effects="sends",
    outputs={
        "response": Annotated[
            Any, about("The answer, when it says success (2xx, 3xx).")
        ],
        "client_error": Annotated[
            Any, about("The answer, when the request was wrong (4xx).")
        ],
        "server_error": Annotated[
            Any, about("The answer, when the server failed (5xx).")
        ],
        "status": Annotated[int, about("The status, such as 200.")],
    },
    examples=[
        Example(
            inputs={
                "url": "https://example.com/echo",
                "method": "POST",
                "body": {"a": 1},
            },
            outputs={"status": [200]},
        ),
        Example(
            inputs={"url": "https://example.com/json", "method": "GET"},
            outputs={"response": [{"ok": [1, 2]}], "status": [200]},
        ),
    ],
)
async def request(
    url: _Url,
    method: Annotated[Method, about("What is done there.", shown=True)] = "POST",
    body: Annotated[Any, about("A dictionary or list goes as JSON or as a form, text as it is.", shown=True)] = None,
    *,
    headers: _Headers = {},  # noqa: B006 - read, never changed
    params: Annotated[dict[str, Any], about("Added to the URL after a `?`.")] = {},  # noqa: B006
    as_json: Annotated[bool, about("As JSON; otherwise as a form.")] = True,
    files: Annotated[list[Any], about("Files to upload: paths, data: URIs, addresses.")] = [],  # noqa: B006
    files_name: Annotated[str, about("What the form calls them.", advanced=True)] = "file",
    credential: _Credential = "",
    patience: Annotated[
        float, pydantic.Field(ge=0, le=_LONGEST_PAUSE),
        about("Seconds that it waits, when the server says to come back later.", advanced=True),
    ] = 0,
    timeout: Annotated[float, about("Seconds until it is given up.", advanced=True)] = 30,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Asks something of a web address, by any method, and sorts the answer by its status.

    What is secret is no header here: add it as a credential, and give its name.
    """
    content, kind = await _content(
        body, files, files_name, as_json=as_json, context=context
    )
    sent = {**({"content-type": kind} if kind else {}), **headers}
    for attempt in (1, 2, 3):
        response = await context.outbound.request(
            method, url, headers=sent, params=params, body=content,
            credential=credential, timeout=timeout,
        )  # fmt: skip
        pause = pause_of(response)
        if pause is None or not 0 < pause <= patience or attempt == 3:
            break
        context.log(f"{shown(response.url)} asked to come back after {pause:g} s.")
        await asyncio.sleep(pause)
    output = {4: "client_error", 5: "server_error"}.get(
        response.status // 100, "response"
    )
    return {output: body_of(response, strict=False), "status": response.status}


async def _content(
    body: Any, files: list[Any], name: str, *, as_json: bool, context: Context
) -> tuple[Any, str]:
    """What is sent, and its content type where that does not follow from it."""
    if isinstance(body, str) and as_json and body.lstrip()[:1] in ("{", "["):
        if len(body) > _MOST_BODY:
            raise ValueError(f"'body' has more than {_MOST_BODY} letters.")
        with contextlib.suppress(ValueError, RecursionError):  # it may only begin so
            body = json.loads(body)
    if files:
        return await _uploaded(body, files, name, context)
    if not as_json and isinstance(body, Mapping):
        from urllib.parse import urlencode

        form = {key: value for key, value in body.items() if value is not None}
        return urlencode(form, doseq=True), "application/x-www-form-urlencoded"
    return body, ""


async def _uploaded(
    body: Any, files: list[Any], name: str, context: Context
) -> tuple[bytes, str]:
    """A form with files in it; their contents are read here, never their names there."""
    mark = f"agentbench-{secrets.token_hex(12)}"
    parts = []
    for key, value in (body or {}).items() if isinstance(body, Mapping | None) else ():
        text = value if isinstance(value, str) else json.dumps(value)
        parts.append((f'name="{_quoted(key)}"', "", text.encode()))
    for number, file in enumerate(files, 1):
        found = await source_of(file, context, port="files")
        named = _quoted(found.name or f"file-{number}")
        head = f'name="{_quoted(name)}"; filename="{named}"'
        parts.append((head, f"Content-Type: {found.kind}\r\n", found.data))
    data = b"".join(
        f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n{kind}\r\n".encode() + content + b"\r\n"
        for head, kind, content in parts
    )  # fmt: skip
    return data + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def _quoted(text: Any) -> str:
    said = str(text)
    for sign, code in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):
        said = said.replace(sign, code)
    return said


@block(
    id="web.pages",
    title="Fetch all pages",
    keywords=(
        "pagination",
        "paging",
        "next page",
        "cursor",
        "api",
        "list",
        "all items",
    ),
    effects="reads",
    outputs={
        "item": Annotated[Any, about("Each item of each page.")],
        "items": Annotated[list[Any], about("All of them.")],
        "pages": Annotated[int, about("How many pages there were.")],
    },
    examples=[
        Example(
            inputs={
                "url": "https://example.com/pages",
                "items": "items",
                "next": "next",
            },
            outputs={"item": [1, 2, 3], "items": [[1, 2, 3]], "pages": [2]},
        )
    ],
)
async def pages(
    url: _Url,
    items: Annotated[str, about("Where the items are in an answer: a key or path; empty for the answer itself.")] = "",
    *,
    next: Annotated[  # noqa: A002
        str, about("Where the next address or the cursor is; empty for the header `Link`.")
    ] = "",
    cursor: Annotated[str, about("The parameter that takes a cursor; empty where `next` is an address.")] = "",
    page: Annotated[str, about("Or a parameter that counts pages up from 1, until one is empty.")] = "",
    params: Annotated[dict[str, Any], about("Added to the first address.")] = {},  # noqa: B006
    headers: _Headers = {},  # noqa: B006
    credential: _Credential = "",
    limit: Annotated[int, pydantic.Field(ge=1, le=1000), about("Pages, at most.")] = 50,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads an API that answers in pages, from the first to the last."""
    found: list[Any] = []
    place, more, count = url, dict(params), 0
    seen = set()
    while place and count < limit:
        if page:
            more[page] = count + 1
        response = await context.outbound.request(
            "GET", place, headers=headers, params=more or None, credential=credential
        )
        if not response.is_success:
            raise Refused("GET", response)
        count += 1
        answer = body_of(response)
        part = picked_or(answer, items) if items else answer
        part = [] if part is ABSENT or part is None else part
        if not isinstance(part, list):
            raise TypeError(
                f"'items' {items!r} names no list in the answer of page {count}."
            )
        for item in part:
            yield "item", item
        found += part
        if page:
            place = place if part else ""
            continue
        place, more = _next(
            response, answer, next=next, cursor=cursor, place=place, params=more
        )
        key = (place, json.dumps(more, sort_keys=True, default=str))
        if key in seen:
            raise ValueError(f"Page {count} leads back to one that was read already.")
        seen.add(key)
    yield "items", found
    yield "pages", count


def _next(
    response: Response,
    answer: Any,
    *,
    next: str,  # noqa: A002
    cursor: str,
    place: str,
    params: dict[str, Any],
) -> tuple[str, dict[str, Any]]:
    """The address of the next page and its parameters; no address at the end."""
    if not next:
        link = _link_next(response.headers)
        return (urljoin(response.url, link), {}) if link else ("", {})
    said = picked_or(answer, next)
    if said is ABSENT or not said:
        return "", {}
    if cursor:
        return place, {**params, cursor: said}
    return urljoin(response.url, str(said)), {}


def _link_next(headers: Mapping[str, str]) -> str:
    said = next(
        (value for name, value in headers.items() if name.lower() == "link"), ""
    )
    for one in said.split(","):
        address, _, rest = one.strip().partition(">")
        if 'rel="next"' in rest or "rel=next" in rest:
            return address.removeprefix("<")
    return ""
