"""Any value as Python writes it: bounded, without addresses, sets in order."""

import dataclasses
import inspect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from agentbench.domain.kind import TABLE
from agentbench.renderers.base.text import TEXT_LIMIT, TIMES, clean, cut, fit, stable

_WIDTH, _DEPTH, _ITEMS, _STRING = 88, 6, 100, 2_000


def is_a(value: Any, *classes: str) -> bool:
    """Whether the value's class, or a base of it, has one of these dotted names."""
    return any(
        f"{base.__module__}.{base.__qualname__}" in classes
        for base in type(value).__mro__
    )


def plain(value: Any, limit: int = TEXT_LIMIT) -> str:
    """The value as text, whatever it is and whatever its repr does."""
    try:
        return cut(value, limit) if type(value) is str else outline(value, limit)
    except Exception as error:  # noqa: BLE001 - a container may raise anything
        return _broken(value, error)


def _broken(value: Any, error: Exception) -> str:
    name = fit(type(value).__name__, 60)
    return f"<{name} that cannot be shown: {type(error).__name__}>"


def short(value: Any, width: int = 80) -> str:
    """The value in one line."""
    try:
        if TABLE.matches(type(value)):
            return f"table, {value.shape[0]:,} rows {TIMES} {value.shape[1]:,} columns"
        pieces: list[str] = []
        length = 0
        for piece in _pieces(value, 6, ()):
            pieces.append(piece)
            length += len(piece)
            if length > width:
                break
        return fit("".join(pieces), width)
    except Exception:  # noqa: BLE001 - a repr may raise anything
        return fit(plain(value, 4 * width), width)


def outline(value: Any, limit: int = TEXT_LIMIT) -> str:
    """The value as Python writes it, over several lines where one is too short.

    Long texts, many items and deep nests are cut with their numbers.
    """
    lines, length = [], 0
    for line in _lines(value, _DEPTH, (), ""):
        lines.append(line)
        length += len(line) + 1
        if length > limit:
            lines.append("… the rest is not shown")
            break
    return clean("\n".join(lines))


def _lines(
    value: Any, depth: int, above: tuple[int, ...], indent: str
) -> Iterator[str]:
    """The value line by line; only the first line lacks its indent."""
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value, depth, above):
        pieces.append(piece)
        length += len(piece)
        if length + len(indent) > _WIDTH:
            break
    else:
        yield "".join(pieces)
        return
    parts = _parts(value)
    if parts is None or depth <= 0 or id(value) in above:
        yield "".join(_pieces(value, depth, above))
        return
    start, items, end = parts
    yield start
    inner = indent + "  "
    if isinstance(value, (list, tuple, Set)) and fields_of(value) is None:
        items = _packed(items, inner)
    for label, item in items:
        last = inner + label
        for number, line in enumerate(
            _lines(item, depth - 1, (*above, id(value)), inner)
        ):
            if number:
                yield last
            last = line if number else last + line
        yield last if isinstance(item, _More) else last + ","
    yield indent + end


def _packed(items: Iterable[tuple[str, Any]], indent: str) -> Iterator[tuple[str, Any]]:
    """The items, those that are short gathered so that they share a line."""
    line: list[str] = []
    for label, item in items:
        text = "" if _parts(item) or isinstance(item, _More) else _scalar(item)
        is_full = sum(len(part) + 2 for part in line) + len(text) + len(indent) > _WIDTH
        if line and (not text or is_full):
            yield "", _Written(", ".join(line))
            line = []
        if text:
            line.append(text)
        else:
            yield label, item
    if line:
        yield "", _Written(", ".join(line))


class _Written:
    """Text that stands for itself in an outline."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _pieces(value: Any, depth: int, above: tuple[int, ...]) -> Iterator[str]:
    parts = _parts(value)
    if parts is None:
        yield _scalar(value)
        return
    start, items, end = parts
    yield start
    if id(value) in above or depth <= 0:
        yield "…" + end
        return
    comma = ""
    for label, item in items:
        yield comma + label
        yield from _pieces(item, depth - 1, (*above, id(value)))
        comma = ", "
    is_single = type(value) is tuple and len(value) == 1
    yield ("," if is_single else "") + end


class _More(_Written):
    """How many items are not written."""


def _parts(value: Any) -> tuple[str, Iterator[tuple[str, Any]], str] | None:
    """A container's opening, its labelled items and its closing; None for others."""
    fields = fields_of(value)
    if fields is not None:
        labelled = ((f"{name}=", item) for name, item in fields.items())
        return f"{type(value).__name__}(", labelled, ")"
    if isinstance(value, Mapping):
        pairs = itertools.islice(value.items(), _ITEMS)
        named = ((f"{short(key, 60)}: ", item) for key, item in pairs)
        return "{", _with_more(named, len(value)), "}"
    if isinstance(value, (list, tuple)):
        start, end = ("[", "]") if isinstance(value, list) else ("(", ")")
        unnamed = (("", item) for item in itertools.islice(value, _ITEMS))
        return start, _with_more(unnamed, len(value)), end
    if isinstance(value, (set, frozenset)) and value:
        ordered = in_order(value)[:_ITEMS]
        return "{", _with_more((("", item) for item in ordered), len(value)), "}"
    return None


def _with_more(
    items: Iterable[tuple[str, Any]], size: int
) -> Iterator[tuple[str, Any]]:
    yield from items
    if size > _ITEMS:
        yield "", _More(f"… {size - _ITEMS:,} more")


def in_order(values: Set[Any]) -> list[Any]:
    """The members of a set in an order that does not change between processes."""
    return sorted(values, key=lambda item: (type(item).__name__, short(item, 200)))


def fields_of(value: Any) -> dict[str, Any] | None:
    """The fields of a dataclass, pydantic model or named tuple that its repr shows.

    A field kept out of the repr is kept out here: it may be a secret. So is the
    whole of a class that writes its own repr.
    """
    cls = type(value)
    if dataclasses.is_dataclass(cls) and _is_generated(cls.__repr__):
        names = [f.name for f in dataclasses.fields(cls) if f.repr]
        return {name: getattr(value, name) for name in names if hasattr(value, name)}
    if getattr(cls.__repr__, "__module__", "") == "pydantic.main":
        return {str(k): v for k, v in value.__repr_args__() if k is not None}
    if isinstance(value, tuple) and hasattr(cls, "_fields"):
        return {name: getattr(value, name) for name in cls._fields}
    return None


def _is_generated(method: Any) -> bool:
    """Whether `dataclass` wrote the method: such code comes from no file."""
    code = getattr(inspect.unwrap(method), "__code__", None)
    return code is not None and code.co_filename == "<string>"


def unboxed(value: Any) -> Any:
    """A numpy scalar as the Python value it holds; anything else as it is."""
    return value.item() if is_a(value, "numpy.generic") else value


def _scalar(value: Any) -> str:
    if isinstance(value, _Written):
        return value.text
    value = unboxed(value)
    if isinstance(value, str):
        more = len(value) - _STRING
        return repr(value[:_STRING]) + (f" (+{more:,} characters)" if more > 0 else "")
    if isinstance(value, (bytes, bytearray)):
        start = repr(bytes(value[:64]))
        return start if len(value) <= 64 else f"{start}… ({len(value):,} bytes)"
    if type(value) is int and abs(value).bit_length() > 10_000:
        return f"a whole number of {value.bit_length():,} bits"
    if TABLE.matches(type(value)):
        return f"<{short(value)}>"
    try:
        return fit(stable(repr(value)[:8_000]), 1_000)
    except Exception as error:  # noqa: BLE001 - a repr may raise anything
        return _broken(value, error)
