"""Sealed: JSON schemas that travel through pydantic's own unread, references and all.

Pydantic follows every `$ref` of the schemas that it puts together, and knows only its own.
"""

import json
from collections.abc import Mapping
from typing import Any

_SEAL = "x-agentbench-sealed"
_DEFINITIONS = ("$defs", "definitions")


def sealed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema as one that asks for nothing, with the whole of it inside."""
    return {_SEAL: json.dumps(schema, ensure_ascii=False)}


def unsealed(document: dict[str, Any]) -> dict[str, Any]:
    """A document with every sealed schema in its place, its definitions with the others."""
    found: dict[str, dict[str, Any]] = {}
    opened: dict[str, Any] = _opened(document, found)
    for word, definitions in found.items():
        opened[word] = {**definitions, **opened.get(word, {})}
    return opened


def _opened(part: Any, found: dict[str, dict[str, Any]]) -> Any:
    if isinstance(part, list):
        return [_opened(one, found) for one in part]
    if not isinstance(part, dict):
        return part
    if _SEAL not in part:
        return {key: _opened(one, found) for key, one in part.items()}
    schema = json.loads(part[_SEAL])
    for word in _DEFINITIONS:
        if isinstance(schema.get(word), dict):
            found.setdefault(word, {}).update(schema.pop(word))
    beside = {key: one for key, one in part.items() if key != _SEAL}
    return {**schema, **beside}
