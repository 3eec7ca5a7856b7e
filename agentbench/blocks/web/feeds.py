"""Feeds: the entries of RSS and Atom, whatever of them is lacking."""

import datetime
import email.utils
from typing import Any
from urllib.parse import urljoin

from agentbench.blocks.base.xml import XmlRefused, parsed

MOST_ENTRIES = 1000


def entries_of(content: bytes, address: str = "") -> list[dict[str, Any]]:
    """The entries of a feed, in its own order.

    Raises:
        ValueError: it is no feed.
    """
    try:
        [(name, root)] = parsed(content).items()
    except XmlRefused as error:
        raise ValueError(
            f"{address.partition('?')[0]} gave no feed: {error}"
        ) from error
    root = root if isinstance(root, dict) else {}
    kind = name.rpartition(":")[2].lower()
    channel = root.get("channel")
    if kind == "feed":
        found = root.get("entry")
    elif kind in ("rss", "rdf"):
        inside = channel if isinstance(channel, dict) else {}
        found = inside.get("item") or root.get("item")
    else:
        raise ValueError(
            f"{address.partition('?')[0]} is no feed: its root is <{name}>."
        )
    items = found if isinstance(found, list) else [found] if found else []
    return [
        _entry(item, address) for item in items[:MOST_ENTRIES] if isinstance(item, dict)
    ]


def _entry(item: dict[str, Any], address: str) -> dict[str, Any]:
    date = next((_text(item.get(name)) for name in _DATES if item.get(name)), "")
    said = next((_text(item.get(name)) for name in _SAID if item.get(name)), "")
    link = _link(item.get("link"))
    return {
        "title": _text(item.get("title")),
        "link": urljoin(address, link) if link else "",
        "description": said,
        "pub_date": _iso(date),
        "author": _author(item.get("author") or item.get("dc:creator")),
        "categories": _categories(item.get("category")),
        "id": _text(item.get("guid") or item.get("id")),
    }


_DATES = ("pubDate", "published", "updated", "dc:date")
_SAID = ("description", "summary", "content:encoded", "content")


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("#text", "")
    return str(value or "").strip()


def _link(value: Any) -> str:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and one.get("@rel", "alternate") == "alternate":
            return str(one.get("@href") or one.get("#text") or "")
        if isinstance(one, str):
            return one
    return ""


def _author(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_author, value)))
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("#text"))
    return _text(value)


def _categories(value: Any) -> list[str]:
    several = value if isinstance(value, list) else [value]
    names = [
        str(one.get("@term") or one.get("#text") or "")
        if isinstance(one, dict)
        else _text(one)
        for one in several
    ]
    return [name for name in names if name]


def _iso(date: str) -> str:
    """A date as ISO text with its zone; empty where it cannot be read."""
    if not date:
        return ""
    try:
        found = email.utils.parsedate_to_datetime(date)
    except (ValueError, TypeError):
        try:
            found = datetime.datetime.fromisoformat(date)
        except ValueError:
            return ""
    found = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return found.isoformat(timespec="seconds")
