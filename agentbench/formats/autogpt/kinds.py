"""Kinds: how AutoGPT turns whatever arrives into what a port takes.

Its links join any two ports, and what arrives is converted, not refused: text that is no
number is 0, a list is its length where a number is wanted, anything becomes text as JSON.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import pydantic

from agentbench.domain.credential import CredentialName
from agentbench.domain.port import Port
from agentbench.formats.autogpt.catalogue import Pin

_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "format": "long-text"},
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "list": {"type": "array", "items": {}},
    "dictionary": {"type": "object"},
    "any": {},
}


def to_text(value: Any) -> str:
    """Text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def to_number(value: Any) -> float:
    """A number; the size of a collection, and 0 for text that is no number."""
    if isinstance(value, (list, tuple, dict, set)):
        return float(len(value))
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def to_whole(value: Any) -> int:
    """A whole number, cut off; likewise."""
    if isinstance(value, int):
        return int(value)
    number = to_number(value)
    return int(number) if abs(number) < 1e300 else 0


def to_boolean(value: Any) -> bool:
    """Whether it is true; of text, whether it says `true` or `1`."""
    return (
        value.strip().lower() in ("true", "1")
        if isinstance(value, str)
        else bool(value)
    )


def to_list(value: Any) -> list[Any]:
    """A list; of text what it holds as JSON, else the text alone in one."""
    if isinstance(value, (list, tuple, set)):
        return list(value)
    found = _parsed(value) if isinstance(value, str) else None
    return found if isinstance(found, list) else [value]


def to_dictionary(value: Any) -> dict[Any, Any]:
    """A dictionary; of a list its places and items, else the value under `value`."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (list, tuple)):
        return dict(enumerate(value))
    found = _parsed(value) if isinstance(value, str) else None
    return found if isinstance(found, dict) else {"value": value}


_TO: Mapping[str, Callable[[Any], Any]] = {
    "text": to_text,
    "number": to_number,
    "whole": to_whole,
    "boolean": to_boolean,
    "list": to_list,
    "dictionary": to_dictionary,
}


def port_of(pin: Pin, *, hosts: tuple[str, ...] = (), **more: Any) -> Port:
    """The port of a pin: any link fits, and what arrives is converted.

    `hosts` are those that a credential is for.
    """
    if pin.kind == "credential":
        name = Annotated[str, CredentialName(hosts=hosts)]
        return Port(name=pin.name, annotation=name, default="", advanced=True)
    kind = Annotated[
        Any,
        pydantic.AfterValidator(_converter(pin)),
        pydantic.Field(json_schema_extra=dict(_SCHEMAS[pin.kind])),
    ]
    return Port(**{"name": pin.name, "annotation": kind, "default": pin.default} | more)


def _converter(pin: Pin) -> Callable[[Any], Any]:
    to = _TO.get(pin.kind)
    passes_nothing = pin.takes_nothing or pin.default is None

    def convert(value: Any) -> Any:
        if to is None or (value is None and passes_nothing):
            return value
        return to(value)

    return convert


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
