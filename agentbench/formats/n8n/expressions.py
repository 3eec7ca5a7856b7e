"""Expressions: the part of n8n's that only names a place in an item.

`=Hello {{ $json.name }}` is text with a value in it, `={{ $json.address["zip code"] }}`
the value itself. `$('Fetch').first().json.id` is a value of what another node gave last,
which a node is handed along (`others`). All else in an expression is JavaScript, which does
not run here.
"""

import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

_PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STEP = re.compile(
    r"\.([A-Za-z_$][\w$]*)|\[\s*(?:(\d{1,9})|\"([^\"\\]*)\"|'([^'\\]*)')\s*\]"
)
_STARTS = ("$json", "$input.item.json")
_NAME = r"(?:\"(?P<double>[^\"\\]*)\"|'(?P<single>[^'\\]*)')"
_OTHERS = (
    re.compile(rf"\$\(\s*{_NAME}\s*\)\.(?P<which>first\(\)|last\(\)|item)\.json"),
    re.compile(rf"\$node\[\s*{_NAME}\s*\]\.(?P<which>)json"),
)

others: ContextVar[Mapping[str, list[Any]]] = ContextVar("others")
"""What the other nodes gave that the node of this firing names, by their names."""


def is_expression(value: Any) -> bool:
    """Whether a parameter is worked out anew for every item."""
    return isinstance(value, str) and value.startswith("=")


def is_plain(value: Any) -> bool:
    """Whether all expressions in a parameter, however deep, can be read here."""
    if isinstance(value, Mapping):
        return all(map(is_plain, value.values()))
    if isinstance(value, list):
        return all(map(is_plain, value))
    if not is_expression(value):
        return True
    return all(_steps(part) is not None for part in _PART.findall(_closed(value[1:])))


def named_in(value: Any) -> list[str]:
    """The other nodes that the expressions in a parameter name, in order."""
    return sorted(set(_named(value)))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, (Mapping, list)):
        for it in value.values() if isinstance(value, Mapping) else value:
            yield from _named(it)
    elif is_expression(value):
        for part in _PART.findall(_closed(value[1:])):
            if (other := _other(part.strip())) is not None:
                yield _name_of(other)


def _other(said: str) -> re.Match[str] | None:
    return next((it for form in _OTHERS if (it := form.match(said))), None)


def _name_of(other: re.Match[str]) -> str:
    return str(other["double"] if other["double"] is not None else other["single"])


def _item_of(other: re.Match[str]) -> Any:
    """The item of another node that is meant.

    Raises:
        ValueError: it gave several, and n8n would look for the one that this came from.
    """
    name, which = _name_of(other), other["which"]
    items = others.get({}).get(name) or [None]
    if len(items) > 1 and which not in ("first()", "last()"):
        raise ValueError(
            f"An expression names the item of {name!r}, which gave {len(items)}; here"
            f" $('{name}').first() or .last() says which."
        )
    return items[-1 if which == "last()" else 0]


def valued(value: Any, item: Mapping[str, Any]) -> Any:
    """A parameter with the item's values in the place of its expressions."""
    if isinstance(value, Mapping):
        return {key: valued(it, item) for key, it in value.items()}
    if isinstance(value, list):
        return [valued(it, item) for it in value]
    if not is_expression(value):
        return value
    text = value[1:]
    whole = _PART.fullmatch(text.strip())
    closed = _closed(text)
    if whole and len(_PART.findall(closed)) == 1:
        return _found(whole[1], item)
    filled = _PART.sub(lambda part: _text(_found(part[1], item)), closed)
    return filled + text[len(closed) :]


def _closed(text: str) -> str:
    """The text up to its last `}}`: what opens after it would be looked for to the end, each time."""
    return text[: text.rfind("}}") + 2] if "}}" in text else ""


def at(item: Any, path: str) -> Any:
    """What lies at a dotted path of an item; None where nothing does."""
    for key in path.split("."):
        item = item.get(key) if isinstance(item, Mapping) else None
    return item


def _found(expression: str, item: Mapping[str, Any]) -> Any:
    other = _other(expression.strip())
    value: Any = item if other is None else _item_of(other)
    for step in _steps(expression) or ():
        if isinstance(step, int):
            is_there = isinstance(value, list) and step < len(value)
            value = value[step] if is_there else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _steps(expression: str) -> list[str | int] | None:
    """The steps into the item, or None where the expression is a program."""
    said = expression.strip()
    other = _other(said)
    start = next((it for it in _STARTS if said.startswith(it)), other and other[0])
    if start is None:
        return None
    steps: list[str | int] = []
    place, rest = 0, said[len(start) :].strip()
    while place < len(rest):
        found = _STEP.match(rest, place)
        if found is None:
            return None
        key, number, double, single = found.groups()
        names = [it for it in (key, double, single) if it is not None]
        steps.append(int(number) if number is not None else names[0])
        place = found.end()
    return steps


def _text(value: Any) -> str:
    import json

    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
