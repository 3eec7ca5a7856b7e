"""Losses: what of a file does not come out again when its agent is written back."""

from collections.abc import Mapping
from typing import Any

MOST = 100


def losses(before: Any, after: Any) -> list[str]:
    """The places where two JSON values differ, as paths; none when they are equal."""
    found: list[str] = []
    _compare(before, after, "", found)
    return found[:MOST]


def _compare(before: Any, after: Any, where: str, found: list[str]) -> None:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key, value in before.items():
            if key in after:
                _compare(value, after[key], f"{where}/{key}", found)
            else:
                found.append(f"{where}/{key}")
        found += [f"{where}/{key} (added)" for key in after if key not in before]
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            found.append(f"{where} ({len(before)} items, {len(after)} come out)")
        for place, (one, other) in enumerate(zip(before, after, strict=False)):
            _compare(one, other, f"{where}/{place}", found)
    elif type(before) is not type(after) or before != after:
        found.append(where or "/")
