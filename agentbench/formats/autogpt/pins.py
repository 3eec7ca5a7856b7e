"""Pins: names of ports that lead inside a value, such as `values_#_city` or `rows_$_0`.

`_$_` names a place in a list, `_#_` a key of a dictionary, `_@_` a field of an object.
At an output they take a part out of what the block gives, at an input they put together
what it is given. An object is a dictionary here: nothing reads an attribute of a value.
"""

import re
from collections.abc import Mapping
from typing import Any

_DELIMITER = re.compile(r"_([$#@])_")
MOST_PLACES = 10_000
"""A list that is put together place by place is no longer than that."""
ABSENT = object()
"""Stands for a part that is not there."""

Path = tuple[tuple[str, str], ...]
"""The steps into a value: `$`, `#` or `@`, and the place or key."""


def base_of(name: str) -> str:
    """The port that a name belongs to: what stands before the first delimiter."""
    return _DELIMITER.split(name, maxsplit=1)[0]


def is_dynamic(name: str) -> bool:
    """Whether a name leads inside a value."""
    return _DELIMITER.search(name) is not None


def path_of(name: str) -> Path:
    """The steps that a name leads inside."""
    parts = _DELIMITER.split(name)[1:]
    return tuple(zip(parts[::2], parts[1::2], strict=True))


def taken(value: Any, path: Path) -> Any:
    """The part of a value, or `ABSENT`."""
    for step, key in path:
        if step == "$":
            is_place = key.isdecimal() and isinstance(value, (list, tuple))
            if not is_place or int(key) >= len(value):
                return ABSENT
            value = value[int(key)]
        elif isinstance(value, Mapping) and key in value:
            value = value[key]
        else:
            return ABSENT
    return value


def put(container: Any, path: Path, value: Any) -> Any:
    """The container with a value put at a path; made where it is not there yet.

    A container of the wrong kind gives way to one of the right kind, as in AutoGPT.

    Raises:
        ValueError: a place in a list is no number, or too far away.
    """
    if not path:
        return value
    (step, key), rest = path[0], path[1:]
    if step == "$":
        if not key.isdecimal() or int(key) >= MOST_PLACES:
            raise ValueError(
                f"{key!r} is no place in a list: give a number below {MOST_PLACES}."
            )
        items = list(container) if isinstance(container, (list, tuple)) else []
        place = int(key)
        items += [None] * (place + 1 - len(items))
        items[place] = put(items[place], rest, value)
        return items
    fields = dict(container) if isinstance(container, Mapping) else {}
    fields[key] = put(fields.get(key), rest, value)
    return fields
