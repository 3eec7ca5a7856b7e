"""Difference: what changed from a recorded call to one that was not found."""

import difflib
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

from agentbench.replay.folder import Call

MOST = 8
"""Changes that are told."""
LONGEST = 80
"""Characters that are shown of a value."""
_NONE = object()


def nearest(call: Call, recorded: Sequence[Call]) -> Call | None:
    """The recorded call that is most like one that was not found; of its kind only."""
    same = [one for one in recorded if one.kind == call.kind]
    if not same:
        return None
    text = _text(call)

    def likeness(one: Call) -> tuple[bool, bool, float]:
        matcher = difflib.SequenceMatcher(None, text, _text(one), autojunk=False)
        near = matcher.quick_ratio() if len(text) < 20_000 else 0.0
        return (one.caller == call.caller, one.label == call.label, near)

    return max(same, key=likeness)


def changes(before: Any, after: Any) -> list[str]:
    """What changed, in lines such as `body.model: "a" → "b"`."""
    found = list(_changes("", before, after))
    more = len(found) - MOST
    return found[:MOST] + ([f"… and {more} more"] if more > 0 else [])


def _changes(place: str, before: Any, after: Any) -> Iterator[str]:
    if type(before) is type(after) and before == after:
        return
    pairs: list[tuple[str, Any, Any]]
    if isinstance(before, dict) and isinstance(after, dict):
        pairs = [
            (
                f"{place}.{key}" if place else key,
                before.get(key, _NONE),
                after.get(key, _NONE),
            )
            for key in dict.fromkeys([*before, *after])
        ]
    elif isinstance(before, list) and isinstance(after, list):
        both = itertools.zip_longest(before, after, fillvalue=_NONE)
        pairs = [(f"{place}[{number}]", *pair) for number, pair in enumerate(both)]
    else:
        yield f"{place or 'it'}: {_compared(before, after)}"
        return
    for inner, old, new in pairs:
        if new is _NONE:
            yield f"{inner}: {_shown(old)} is gone"
        elif old is _NONE:
            yield f"{inner}: {_shown(new)} is new"
        else:
            yield from _changes(inner, old, new)


def _compared(before: Any, after: Any) -> str:
    """Two values, cut to where they part when they are long texts."""
    if isinstance(before, str) and isinstance(after, str):
        first = next(
            (i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
            min(len(before), len(after)),
        )
        start = max(0, first - LONGEST // 4) if first > LONGEST // 2 else 0
        if start:
            before, after = f"…{before[start:]}", f"…{after[start:]}"
    return f"{_shown(before)} → {_shown(after)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _text(call: Call) -> str:
    return json.dumps(call.asked, sort_keys=True)
