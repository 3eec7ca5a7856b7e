"""Any value as JSON of bounded size; what is cut is said in its place."""

import dataclasses
import itertools
import json
import math
from collections.abc import Mapping, Set
from typing import Any

from agentbench.domain.annotation import type_name
from agentbench.renderers.base.literal import (
    fields_of,
    in_order,
    plain,
    short,
    unboxed,
)
from agentbench.renderers.base.text import TEXT_LIMIT, count, cut


@dataclasses.dataclass
class JsonForm:
    """Writes any value as JSON of bounded size; what is cut is said in its place."""

    depth: int = 12
    items: int = 500
    string: int = 5_000
    left: int = 20_000
    """How many values may still be written."""
    is_cut: bool = False
    """Whether something was left out."""

    def of(self, value: Any) -> Any:
        """The value as JSON."""
        return self._of(value, self.depth, ())

    def _of(self, value: Any, depth: int, above: tuple[int, ...]) -> Any:
        self.left -= 1
        fields = fields_of(value)
        held = value if fields is None else fields
        if not isinstance(held, (Mapping, list, tuple, set, frozenset)):
            self.is_cut |= type(held) is str and len(held) > self.string
            return _json_scalar(held, self.string)
        if id(value) in above:
            return "… a part of itself"
        if depth <= 0 or self.left <= 0:
            self.is_cut = True
            return f"… {count(len(held), 'item')} not shown"
        return self._container(held, depth - 1, (*above, id(value)))

    def _container(self, value: Any, depth: int, above: tuple[int, ...]) -> Any:
        more = len(value) - self.items
        self.is_cut |= more > 0
        if isinstance(value, Mapping):
            pairs = itertools.islice(value.items(), self.items)
            named = {
                k if type(k) is str else short(k): self._of(item, depth, above)
                for k, item in pairs
            }
            return {**named, "…": f"{more:,} more"} if more > 0 else named
        ordered = in_order(value) if isinstance(value, Set) else value
        written = [
            self._of(item, depth, above)
            for item in itertools.islice(ordered, self.items)
        ]
        return [*written, f"… {more:,} more"] if more > 0 else written


def _json_scalar(value: Any, string: int) -> Any:
    value = unboxed(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return cut(value, string)
    if isinstance(value, int) and abs(value) < 2**53:
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if type_name(type(value)) in ("date", "date and time", "time", "file", "number"):
        return str(value)
    return plain(value, string)


def as_json(value: Any) -> str | None:
    """The whole value as JSON text, or None where it is none or too much."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False, default=_for_json)
    except (TypeError, ValueError, RecursionError):
        return None


def _for_json(value: Any) -> Any:
    fields = fields_of(value)
    return fields if fields is not None else _json_scalar(value, TEXT_LIMIT)
