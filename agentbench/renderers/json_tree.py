"""Dictionaries and lists, as a tree that opens and closes."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.domain.renderer import Brancher, Hints, MimeBundle
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
from agentbench.renderers.base.branches import Branches

PREVIEW_MEMBERS = 4
MOST_LOOKED_AT = 1_000_000


class JsonTreeRenderer(BaseRenderer):
    """Shows dictionaries, lists, tuples and sets, and text that is such in JSON."""

    name = "json tree"
    priority = 30
    joins = True
    file, mime = "output.json", "application/json"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if isinstance(value, str):
            if is_hinted(hints, "application/json", suffixes=(".json",)):
                return True
            return not hints.get("mime") and _is_json(value)
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

    def brancher(self, value: Any, hints: Hints) -> Brancher | None:
        """The tree branch by branch, where it is too large to be sent as a whole."""
        held, form = _parsed(value), JsonForm()
        form.of(held)
        return Branches(held) if form.is_cut and not isinstance(held, str) else None

    def copy(self, value: Any, hints: Hints) -> str | None:
        if isinstance(value, str):
            return str(value)
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


def _is_json(text: str) -> bool:
    """Whether a text is a dictionary in JSON, or a list of such; not of a huge one."""
    if len(text) > MOST_LOOKED_AT or len(text) < 3:
        return False
    ends = text[:40].lstrip()[:1] + text[-40:].rstrip()[-1:]
    if ends not in ("{}", "[]"):
        return False
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return False
    # `[1]` and `[a]` are what people write into texts; a list of records is not.
    are_records = isinstance(held, list) and all(type(i) in (dict, list) for i in held)
    return isinstance(held, dict) or (are_records and held != [])


def _parsed(value: Any) -> Any:
    """JSON text as what it says; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
