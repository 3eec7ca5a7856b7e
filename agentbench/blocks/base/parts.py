"""Parts of nested values: what is at a path, and whether two values are the same."""

import json
import re
from collections.abc import Mapping
from typing import Any

ABSENT = object()
"""Says that there is nothing at a path; None may be a value."""

_BRACKETS = re.compile(r"\[(-?\d+)\]")


def picked(value: Any, key: str | int) -> Any:
    """The item at a key, a place or a path (`a.b[0]`), or None."""
    found = picked_or(value, key)
    return None if found is ABSENT else found


def picked_or(value: Any, key: str | int) -> Any:
    """The item at a key, a place or a path, or `ABSENT`."""
    found = _one(value, key)
    if found is not ABSENT or not isinstance(key, str) or not key:
        return found
    for part in _BRACKETS.sub(r".\1", key).split("."):
        value = _one(value, part) if part else value
    return value


def _one(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(key, ABSENT)
    if isinstance(value, (list, tuple)):
        try:
            return value[int(key)]
        except (ValueError, IndexError):
            return ABSENT
    return ABSENT


def alike(left: Any, right: Any) -> bool:
    """Whether two values are the same, in kind as well: 1 is not yes."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    try:
        return bool(left == right)
    except (TypeError, ValueError):  # neither yes nor no: an array
        return left is right


def identity(value: Any) -> str:
    """Text that is the same for equal values; 1, 1.0 and True are three things."""
    return json.dumps(
        value, sort_keys=True, default=lambda o: [type(o).__name__, str(o)]
    )
