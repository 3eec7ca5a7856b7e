"""Dictionaries and lists, as a tree that opens and closes."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    JsonForm,
    as_json,
    count,
    in_order,
    is_hinted,
    plain,
    short,
)

PREVIEW_MEMBERS = 4


class JsonTreeRenderer(BaseRenderer):
    """Shows dictionaries, lists, tuples and sets, and text that the hints call JSON."""

    name = "json tree"
    priority = 30
    file, mime = "output.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if isinstance(value, str):
            return is_hinted(hints, "application/json", suffixes=(".json",))
        return isinstance(value, (Mapping, list, tuple, set, frozenset))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        held = _parsed(value)
        tree = JsonForm().of(held)
        return MimeBundle({"application/json": tree, "text/plain": plain(held)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        held = _parsed(value)
        if not isinstance(held, (Mapping, list, tuple, set, frozenset)):
            return MimeBundle({"text/plain": short(held)})
        line = short(held, 60)
        if not line.endswith("…"):
            return MimeBundle({"text/plain": line})
        return MimeBundle({"text/plain": "\n".join(_condensed(held))})

    def copy(self, value: Any, hints: Hints) -> str | None:
        held = _parsed(value)
        text = as_json(held)
        return text if text is not None else as_json(JsonForm().of(held))


def _condensed(held: Any) -> Iterator[str]:
    """A tree in a few lines: how many members, and the first of them."""
    is_mapping = isinstance(held, Mapping)
    yield count(len(held), "key" if is_mapping else "item")
    members = held.items() if is_mapping else held
    members = in_order(held) if isinstance(held, (set, frozenset)) else members
    for member in itertools.islice(members, PREVIEW_MEMBERS):
        label, item = (
            (f"{short(member[0], 24)}: ", member[1]) if is_mapping else ("", member)
        )
        yield label + short(item, 60 - len(label))
    if len(held) > PREVIEW_MEMBERS:
        yield f"… {len(held) - PREVIEW_MEMBERS:,} more"


def _parsed(value: Any) -> Any:
    """JSON text as what it says; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
