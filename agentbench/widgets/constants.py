"""Constants in the form in which they cross to the front end, and back.

A browser reads whole numbers beyond 2**53 as the nearest one that it knows, so those
cross as text: `{"$int": "9007199254740993"}`. A live object only tells its type.
"""

from typing import Any

from agentbench.domain.document import is_json

_LARGEST = 2**53 - 1


def to_wire(value: Any) -> Any:
    """A constant as the front end gets it."""
    if not is_json(value):
        return {"$live": type(value).__name__}
    return _out(value)


def from_wire(value: Any) -> Any:
    """A constant as the kernel keeps it."""
    if isinstance(value, list):
        return [from_wire(item) for item in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["$int"] and _is_whole(value["$int"]):
        return int(value["$int"])
    return {key: from_wire(item) for key, item in value.items()}


def _out(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) <= _LARGEST else {"$int": str(value)}
    if isinstance(value, list):
        return [_out(item) for item in value]
    if isinstance(value, dict):
        return {key: _out(item) for key, item in value.items()}
    return value


def _is_whole(text: Any) -> bool:
    digits = text.removeprefix("-") if isinstance(text, str) else ""
    return digits.isascii() and digits.isdigit() and len(digits) <= 4_000
