"""JsonCodec: plain values, as deep as they go."""

import base64
import math
from typing import Any

import msgspec

from agentbench.codecs.base import Codecs, is_from, refusing
from agentbench.codecs.json.tags import (
    BIG_INT,
    INT_RANGE,
    NUMPY,
    ODD_FLOAT,
    READERS,
    TAGS,
    Tag,
    Unkept,
    check_text,
)
from agentbench.domain.errors import CodecError

MAX_DEPTH = 200

_CONTAINERS = frozenset({dict, list, tuple, set, frozenset})
_PLAIN = frozenset({bool, type(None)})
_NUMBERS = frozenset({int, float})


class JsonCodec:
    """Keeps dicts, lists, numbers and what else is plain, each as exactly what it was.

    Tuples, sets, times, decimals and dicts with any keys come back as such. A value
    inside that only another codec takes (a table in a dict) is kept by that one.
    """

    name = "json"

    def __init__(self, inner: Codecs | None = None) -> None:
        self._inner = inner

    def nesting(self, inner: Codecs) -> "JsonCodec":
        return JsonCodec(inner)

    def can_encode(self, value: Any) -> bool:
        kind = type(value)
        return (
            kind in _CONTAINERS
            or kind in _PLAIN
            or kind in _NUMBERS
            or (kind in TAGS and kind is not bytes)
        )

    def encode(self, value: Any) -> bytes:
        try:
            return msgspec.json.encode(_Writing(self._inner).write(value))
        except Unkept as error:
            raise CodecError(_complaint(error)) from error
        except RecursionError as error:
            raise CodecError("The value is nested too deeply to be kept.") from error

    def decode(self, data: bytes) -> Any:
        with refusing("The stored JSON"):
            return self._read(msgspec.json.decode(data))

    def _read(self, plain: Any) -> Any:
        if type(plain) is list:
            return [self._read(item) for item in plain]
        if type(plain) is not dict:
            return plain
        if len(plain) == 1:
            ((key, written),) = plain.items()
            if key.startswith("$"):
                return self._read_tag(key, written)
        return {key: self._read(item) for key, item in plain.items()}

    def _read_tag(self, name: str, written: Any) -> Any:
        if name == "$dict":
            return {self._read(key): self._read(item) for key, item in written}
        if name == "$tuple":
            return tuple(self._read(written))
        if name == "$set":
            return set(self._read(written))
        if name == "$frozenset":
            return frozenset(self._read(written))
        if name == "$value" and self._inner is not None:
            codec, text = written
            return self._inner.decode(codec, base64.b64decode(text, validate=True))
        if name not in READERS:
            raise CodecError(
                f"The stored JSON has a tag {name!r} that is unknown here."
            )
        return READERS[name](written)


class _Writing:
    """One value on its way into JSON; knows the containers that it is inside of."""

    def __init__(self, inner: Codecs | None) -> None:
        self._inner = inner
        self._around: set[int] = set()

    def write(self, value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return check_text(value)
        if kind in _PLAIN:
            return value
        if kind is int:
            return value if value in INT_RANGE else _tagged(BIG_INT, value)
        if kind is float:
            return value if math.isfinite(value) else _tagged(ODD_FLOAT, value)
        if kind in _CONTAINERS:
            return self._write_container(value)
        if kind in TAGS:
            return _tagged(TAGS[kind], value)
        if is_from(value, "numpy", "generic"):
            return _tagged(NUMPY, value)
        return self._write_other(value)

    def _write_container(self, value: Any) -> Any:
        if id(value) in self._around:
            raise Unkept("it holds itself")
        if len(self._around) >= MAX_DEPTH:
            raise Unkept(f"it is nested more than {MAX_DEPTH} deep")
        self._around.add(id(value))
        try:
            if type(value) is dict:
                return self._write_dict(value)
            items = self._write_items(value)
        finally:
            self._around.remove(id(value))
        if type(value) is list:
            return items
        if type(value) is not tuple:  # a set has no order of its own
            items.sort(key=msgspec.json.encode)
        return {f"${type(value).__name__}": items}

    def _write_items(self, items: Any) -> list[Any]:
        written = []
        for index, item in enumerate(items):
            try:
                written.append(self.write(item))
            except Unkept as error:
                is_set = isinstance(items, set | frozenset)
                error.path.append("{…}" if is_set else f"[{index}]")
                raise
        return written

    def _write_dict(self, value: dict[Any, Any]) -> Any:
        pairs: list[tuple[Any, Any]] = []
        is_object = True
        for key, item in value.items():
            try:
                pairs.append((self.write(key), self.write(item)))
            except Unkept as error:
                error.path.append(f"[{_short(key)}]")
                raise
            is_object = is_object and type(key) is str
        looks_like_tag = is_object and len(pairs) == 1 and pairs[0][0].startswith("$")
        return {"$dict": pairs} if looks_like_tag or not is_object else dict(pairs)

    def _write_other(self, value: Any) -> Any:
        try:
            kept = self._inner.encode(value) if self._inner else None
        except CodecError as error:
            raise Unkept(str(error)) from error
        if kept is None:
            kind = f"{type(value).__module__}.{type(value).__qualname__}"
            raise Unkept(f"no codec takes a {kind}")
        name, data = kept
        return {"$value": [name, base64.b64encode(data).decode()]}


def _tagged(tag: Tag, value: Any) -> dict[str, Any]:
    return {tag.name: tag.write(value)}


def _short(key: Any) -> str:
    """The key for an error message; only of plain keys, whose `repr` is ours to call."""
    if type(key) in {str, int, float, bool, type(None)}:
        text = ascii(key) if isinstance(key, str) else repr(key)
        return text if len(text) <= 40 else f"{text[:39]}…"
    return f"a {type(key).__name__}"


def _complaint(error: Unkept) -> str:
    steps = error.path[::-1]
    if len(steps) > 8:
        steps = [*steps[:5], "…", *steps[-2:]]
    where = f"The value at {''.join(steps)}" if steps else "The value"
    return f"{where} cannot be kept: {error.reason}."
