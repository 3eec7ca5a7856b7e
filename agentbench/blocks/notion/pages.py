"""Blocks that find, read and write pages of Notion."""

import functools
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import BaseUrl
from agentbench.blocks.notion.api import (
    API,
    CredentialOf,
    Limit,
    PageName,
    all_of,
    id_of,
    plain_of,
    text_of,
    title_of,
)
from agentbench.domain.context import Context
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_MARKS = {
    "heading_1": "# ", "heading_2": "## ", "heading_3": "### ", "bulleted_list_item": "- ",
    "numbered_list_item": "1. ", "quote": "> ", "callout": "> ",
}  # fmt: skip
_LONGEST = 2000
_MOST_BLOCKS = 100


@block(
    id="notion.search",
    title="Search Notion",
    keywords=("pages", "databases", "find", "wiki", "notes", "workspace"),
    effects="reads",
    outputs={
        "result": Annotated[dict[str, Any], about("Each: `id`, `kind`, `title`, `url`.")],
        "results": Annotated[list[dict[str, Any]], about("All of them.")],
        "ids": Annotated[list[str], about("Their ids.")],
        "count": Annotated[int, about("How many there are.")],
    },
    examples=[
        Example(
            inputs={"query": "plan", "credential": "notion"},
            outputs={
                "result": [{"id": "1" * 32, "kind": "page", "title": "Plan", "url": "https://notion.so/plan"}],
                "count": [1],
            },
        )
    ],
)  # fmt: skip
async def search(
    query: Annotated[str, about("Words of a title; empty for everything.")],
    credential: CredentialOf,
    *,
    kind: Annotated[Literal["page", "database"] | None, about("Only these.")] = None,
    limit: Limit = 20,
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Finds pages and databases of Notion by their title."""
    body: dict[str, Any] = {"query": query}
    if kind:
        body["filter"] = {"property": "object", "value": kind}
    got = await all_of(
        context, "POST", "/v1/search", limit, credential=credential, base_url=base_url, body=body
    )  # fmt: skip
    results = [
        {
            "id": one.get("id", ""),
            "kind": one.get("object", ""),
            "title": text_of(one.get("title")) or title_of(one.get("properties") or {}),
            "url": one.get("url", ""),
        }
        for one in got
    ]
    for result in results:
        yield "result", result
    yield "results", results
    yield "ids", [one["id"] for one in results]
    yield "count", len(results)


@block(
    id="notion.read_page",
    title="Read Notion page",
    keywords=("markdown", "content", "text", "wiki", "document", "get page"),
    effects="reads",
    outputs={
        "markdown": Annotated[str, about("What the page says.")],
        "title": Annotated[str, about("Its title.")],
        "properties": Annotated[
            dict[str, Any], about("Its properties as plain values.")
        ],
    },
    examples=[
        example(
            {"page": "1" * 32, "credential": "notion"},
            markdown="# Plan\n\nFirst **this**.\n- [x] done",
            title="Plan",
        )
    ],
)
async def read_page(
    page: PageName,
    credential: CredentialOf,
    *,
    include_title: Annotated[bool, about("The title as a first heading.")] = True,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Reads a page of Notion as Markdown; what is folded in deeper than five levels is left out."""
    id = id_of(page, "page")
    facts = await API.call(
        context, "GET", f"/v1/pages/{id}", credential=credential, base_url=base_url
    )
    properties = facts.get("properties") or {}
    title = title_of(properties)
    lines = await _lines(context, id, credential, base_url, level=0)
    body = "\n".join(lines)
    shown = f"# {title}\n\n{body}" if include_title and title else body
    return {
        "markdown": shown.strip(),
        "title": title,
        "properties": {name: plain_of(one) for name, one in properties.items()},
    }


async def _lines(
    context: Context, id: str, credential: str, base_url: str, *, level: int
) -> list[str]:
    found = await all_of(
        context, "GET", f"/v1/blocks/{id}/children", 1000, credential=credential, base_url=base_url
    )  # fmt: skip
    lines = []
    for one in found:
        lines.append("  " * level + _line(one))
        if one.get("has_children") and level < 5:
            inner = id_of(one["id"], "page")
            lines += await _lines(context, inner, credential, base_url, level=level + 1)
    return lines


def _line(one: Mapping[str, Any]) -> str:
    kind = one.get("type", "")
    inner = one.get(kind) or {}
    text = "".join(_marked(part) for part in inner.get("rich_text") or [])
    match kind:
        case "to_do":
            return f"- [{'x' if inner.get('checked') else ' '}] {text}"
        case "code":
            plain = text_of(inner.get("rich_text"))
            return f"```{inner.get('language', '')}\n{plain}\n```"
        case "divider":
            return "---"
        case "child_page":
            return f"[{inner.get('title', '')}]"
    return _MARKS.get(kind, "") + text


def _marked(part: Mapping[str, Any]) -> str:
    text = str(part.get("plain_text", ""))
    marks = part.get("annotations") or {}
    for name, sign in (("code", "`"), ("bold", "**"), ("italic", "*")):
        text = f"{sign}{text}{sign}" if marks.get(name) and text.strip() else text
    return f"[{text}]({part['href']})" if part.get("href") else text


@block(
    id="notion.create_page",
    title="Create Notion page",
    keywords=("add", "new", "write", "note", "database entry", "document"),
    effects="sends",
    outputs={
        "id": Annotated[str, about("Its id.")],
        "url": Annotated[str, about("Where it is.")],
    },
    examples=[
        example(
            {"page": "1" * 32, "title": "New", "content": "# Head\ntext", "credential": "notion"},
            id="3" * 32,
            url="https://notion.so/new",
        )
    ],
)  # fmt: skip
async def create_page(
    title: Annotated[str, about("Its title.")],
    content: Annotated[LongText | None, about("What it says: Markdown with headings, lists, code.")] = None,
    *,
    page: Annotated[str | None, about("The page it stands under, by id or address.", shown=True)] = None,
    database: Annotated[str | None, about("Or the database that it is an entry of.")] = None,
    properties: Annotated[dict[str, Any] | None, about("Properties as Notion has them.", advanced=True)] = None,
    icon: Annotated[str | None, about("A single emoji.", advanced=True)] = None,
    credential: CredentialOf,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Creates a page in Notion, under a page or in a database."""
    if bool(page) == bool(database):
        raise ValueError("Say either 'page' or 'database': where the new page belongs.")
    kind, above = ("database_id", database) if database else ("page_id", page)
    name = "Name" if database else "title"
    body: dict[str, Any] = {
        "parent": {kind: id_of(above or "", "database" if database else "page")},
        "properties": {name: {"title": _rich(title)}, **(properties or {})},
        "children": (children := _blocks(content or ""))[:_MOST_BLOCKS],
    }
    if icon:
        body["icon"] = {"type": "emoji", "emoji": icon}
    ask = functools.partial(API.call, context, credential=credential, base_url=base_url)
    found = await context.once("page", lambda: ask("POST", "/v1/pages", body=body))
    id = found.get("id", "")
    for at in range(_MOST_BLOCKS, len(children), _MOST_BLOCKS):
        more = {"children": children[at : at + _MOST_BLOCKS]}
        add = functools.partial(ask, "PATCH", f"/v1/blocks/{id}/children", body=more)
        await context.once(f"from {at}", add)
    return {"id": id, "url": found.get("url", "")}


def _rich(text: str) -> list[dict[str, Any]]:
    parts = [text[at : at + _LONGEST] for at in range(0, len(text), _LONGEST)]
    return [{"type": "text", "text": {"content": part}} for part in parts]


def _blocks(markdown: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    lines = iter(markdown.splitlines())
    for line in lines:
        if line.startswith("```"):
            inside = []
            for inner in lines:
                if inner.startswith("```"):
                    break
                inside.append(inner)
            made.append(_block("code", "\n".join(inside), language="plain text"))
        elif line.strip():
            kind = next(
                (one for one, mark in _MARKS.items() if line.startswith(mark)), ""
            )
            made.append(
                _block(kind or "paragraph", line.removeprefix(_MARKS.get(kind, "")))
            )
    return made


def _block(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"object": "block", "type": kind, kind: {"rich_text": _rich(text), **more}}
