"""What the blocks for Notion share: its API, ids, and values as plain as can be."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about
from agentbench.blocks.base.api import Api
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

API = Api("https://api.notion.com", headers={"notion-version": "2022-06-28"})
CredentialOf = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("api.notion.com",)),
    about("The credential: an integration's token."),
]
PageName = Annotated[str, about("A page by its id or address.")]
Limit = Annotated[int, pydantic.Field(ge=1, le=1000), about("How many, at most.")]
_ID = re.compile(
    r"([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?:[?#].*)?$"
)


def id_of(text: str, port: str) -> str:
    """The id in a text or an address, without its dashes."""
    found = _ID.search(text.strip().lower())
    if not found:
        raise ValueError(
            f"{port!r} {text!r:.80} holds no id of Notion (32 signs, 0-9 a-f)."
        )
    return found[1].replace("-", "")


def text_of(parts: Any) -> str:
    """Rich text as plain text."""
    return "".join(
        one.get("plain_text", "") for one in parts or [] if isinstance(one, dict)
    )


def title_of(properties: Mapping[str, Any]) -> str:
    """The title among the properties of a page."""
    for one in properties.values():
        if isinstance(one, dict) and one.get("type") == "title":
            return text_of(one.get("title"))
    return ""


def plain_of(value: Any) -> Any:
    """A property of a page as a plain value."""
    if not isinstance(value, Mapping):
        return value
    kind = value.get("type", "")
    inner = value.get(kind)
    match kind:
        case "title" | "rich_text":
            return text_of(inner)
        case "select" | "status":
            return (inner or {}).get("name")
        case "multi_select":
            return [one.get("name") for one in inner or []]
        case "date":
            return (inner or {}).get("start")
        case "people":
            return [one.get("name") or one.get("id") for one in inner or []]
        case "relation":
            return [one.get("id") for one in inner or []]
        case "formula":
            return plain_of(inner)
    return inner


async def all_of(
    context: Context, method: str, path: str, limit: int, *, credential: str, base_url: str,
    body: dict[str, Any] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """The results of all pages of an answer, so many at most."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while len(found) < limit:
        part: dict[str, Any] = {"page_size": min(100, limit - len(found))}
        if cursor:
            part["start_cursor"] = cursor
        is_get = method == "GET"
        got = await API.call(
            context, method, path, credential=credential, base_url=base_url,
            params=part if is_get else None, body=None if is_get else {**(body or {}), **part},
        )  # fmt: skip
        found += got.get("results") or []
        cursor = got.get("next_cursor") if got.get("has_more") else None
        if not cursor:
            break
    return found[:limit]
