"""Blocks that read databases of Notion."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block
from agentbench.blocks.base.api import BaseUrl
from agentbench.blocks.notion.api import (
    API,
    CredentialOf,
    Limit,
    all_of,
    id_of,
    plain_of,
    text_of,
)
from agentbench.domain.context import Context
from agentbench.domain.example import Example


@block(
    id="notion.query",
    title="Query Notion database",
    keywords=("entries", "rows", "table", "filter", "records", "read database"),
    effects="reads",
    outputs={
        "entry": Annotated[dict[str, Any], about("Each entry: its properties as plain values, and `_id`.")],
        "entries": Annotated[list[dict[str, Any]], about("All of them.")],
        "id": Annotated[str, about("Each entry's id.")],
        "ids": Annotated[list[str], about("All ids.")],
        "count": Annotated[int, about("How many there are.")],
        "title": Annotated[str, about("What the database is called.")],
    },
    examples=[
        Example(
            inputs={"database": "2" * 32, "credential": "notion"},
            outputs={
                "entry": [{"_id": "4" * 32, "Name": "Tea", "Price": 3, "Tags": ["hot"]}],
                "count": [1],
                "title": ["Drinks"],
            },
        )
    ],
)  # fmt: skip
async def query(
    database: Annotated[str, about("A database by its id or address.")],
    credential: CredentialOf,
    *,
    filter_property: Annotated[str | None, about("Only entries whose property …")] = None,
    filter_value: Annotated[str | None, about("… holds this text.")] = None,
    sort_property: Annotated[str | None, about("In the order of this property.")] = None,
    sort_direction: Annotated[Literal["ascending", "descending"] | None, about("Which way.")] = "ascending",
    filter: Annotated[dict[str, Any] | None, about("A filter as Notion has it.", advanced=True)] = None,  # noqa: A002
    limit: Limit = 100,
    base_url: BaseUrl = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads the entries of a database of Notion."""
    id = id_of(database, "database")
    facts = await API.call(
        context, "GET", f"/v1/databases/{id}", credential=credential, base_url=base_url
    )
    body: dict[str, Any] = {}
    if filter:
        body["filter"] = filter
    elif filter_property and filter_value is not None:
        kind = (
            (facts.get("properties") or {})
            .get(filter_property, {})
            .get("type", "rich_text")
        )
        body["filter"] = {
            "property": filter_property,
            kind: _holding(kind, filter_value),
        }
    if sort_property:
        body["sorts"] = [
            {"property": sort_property, "direction": sort_direction or "ascending"}
        ]
    got = await all_of(
        context, "POST", f"/v1/databases/{id}/query", limit,
        credential=credential, base_url=base_url, body=body,
    )  # fmt: skip
    entries = [
        {"_id": one.get("id", ""), **{name: plain_of(value) for name, value in (one.get("properties") or {}).items()}}
        for one in got
    ]  # fmt: skip
    for entry in entries:
        yield "entry", entry
        yield "id", entry["_id"]
    yield "entries", entries
    yield "ids", [entry["_id"] for entry in entries]
    yield "count", len(entries)
    yield "title", text_of(facts.get("title"))


def _holding(kind: str, value: str) -> dict[str, Any]:
    if kind == "number":
        return {"equals": float(value)}
    if kind == "checkbox":
        return {"equals": value.strip().lower() in ("true", "yes", "1")}
    return {"equals" if kind in ("select", "status") else "contains": value}
