"""Annotations: a type in the words that people read, and whether one fits another."""

import datetime
import decimal
import enum
import functools
import pathlib
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from agentbench.domain.kind import KINDS, Kind

_SCALARS: dict[Any, str] = {
    str: "text",
    bool: "boolean",
    int: "whole number",
    float: "number",
    decimal.Decimal: "number",
    bytes: "bytes",
    datetime.date: "date",
    datetime.datetime: "date and time",
    datetime.time: "time",
    pathlib.Path: "file",
    type(None): "nothing",
}
_WIDER: dict[str, tuple[str, ...]] = {"number": ("whole number",)}


def type_name(annotation: Any) -> str:
    """A type in words, as people read it."""
    kind = kind_of(annotation)
    if kind:
        return kind.name
    bare = bare_of(annotation)
    if bare is Any or bare is object:
        return "anything"
    if _is_union(bare):
        return " or ".join(dict.fromkeys(type_name(m) for m in _members(bare)))
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(repr(a) for a in get_args(bare))
    name = next(iter(names_of(bare)))
    inner = [a for a in get_args(bare) if a is not Ellipsis]
    if name == "list" and inner:
        return f"list of {type_name(inner[0])}"
    if name == "dictionary" and len(inner) > 1:
        return f"dictionary of {type_name(inner[1])}"
    return name


def fits(given: Any, wanted: Any) -> bool:
    """Whether every value of type `given` may be of type `wanted`.

    A union on the giving side fits when one of its members does: the rest is
    checked when the value arrives.
    """
    try:
        return _fits_cached(given, wanted)
    except TypeError:  # an annotation that cannot be hashed
        return _fits(given, wanted)


def _fits(given: Any, wanted: Any) -> bool:
    given_kind, wanted_kind = kind_of(given), kind_of(wanted)
    if wanted_kind or given_kind:
        return _kinds_fit(given, given_kind, wanted, wanted_kind)
    given, wanted = bare_of(given), bare_of(wanted)
    if Any in (given, wanted) or object in (given, wanted):
        return True
    if _is_union(given):
        return any(fits(member, wanted) for member in _members(given))
    if _is_union(wanted):
        return any(fits(given, member) for member in _members(wanted))
    if _is_kind_of(given, wanted):
        return True
    if not names_of(given) & _widened(names_of(wanted)):
        return False
    return _arguments_fit(given, wanted)


_fits_cached = functools.lru_cache(maxsize=4096)(_fits)


def _kinds_fit(given: Any, given_kind: Any, wanted: Any, wanted_kind: Any) -> bool:
    if given_kind and wanted_kind:
        return bool(given_kind.name == wanted_kind.name)
    bare = bare_of(wanted if given_kind else given)
    if bare is Any or bare is object:
        return True
    if _is_union(bare):
        pairs = [(given, m) if given_kind else (m, wanted) for m in _members(bare)]
        return any(fits(*pair) for pair in pairs)
    return False


def _is_kind_of(given: Any, wanted: Any) -> bool:
    are_classes = isinstance(given, type) and isinstance(wanted, type)
    return are_classes and given not in _SCALARS and issubclass(given, wanted)


def _arguments_fit(given: Any, wanted: Any) -> bool:
    plain = isinstance(given, type) and isinstance(wanted, type)
    if plain and not (names_of(given) & (set(_SCALARS.values()) | {"list"})):
        return issubclass(given, wanted) or names_of(wanted) == {"dictionary"}
    pairs = zip(get_args(given), get_args(wanted), strict=False)
    if get_origin(given) is Literal or get_origin(wanted) is Literal:
        return True
    return all(fits(a, b) for a, b in pairs if Ellipsis not in (a, b))


def kind_of(annotation: Any) -> Kind | None:
    """The kind that an annotation names, or that its class is of."""
    if get_origin(annotation) is Annotated:
        marks = [m for m in get_args(annotation)[1:] if isinstance(m, Kind)]
        return marks[0] if marks else kind_of(get_args(annotation)[0])
    if isinstance(annotation, type):
        return next((kind for kind in KINDS if kind.matches(annotation)), None)
    return None


def bare_of(annotation: Any) -> Any:
    """An annotation without what `Annotated` and `NewType` put around it."""
    if get_origin(annotation) is Annotated:
        return bare_of(get_args(annotation)[0])
    supertype = getattr(annotation, "__supertype__", None)
    return bare_of(supertype) if supertype is not None else annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _members(annotation: Any) -> list[Any]:
    rest = [a for a in get_args(annotation) if a is not type(None)]
    return rest or [type(None)]


def _widened(names: set[str]) -> set[str]:
    return names.union(*(_WIDER.get(name, ()) for name in names))


def names_of(annotation: Any) -> set[str]:
    """The plain type names of an annotation; empty for anything at all."""
    kind = kind_of(annotation)
    if kind:
        return {kind.name}
    bare = bare_of(annotation)
    if bare is Any or bare is object or isinstance(bare, typing.TypeVar):
        return set()
    if _is_union(bare):
        parts = [names_of(member) for member in _members(bare)]
        return set().union(*parts) if all(parts) else set()
    origin = get_origin(bare) or bare
    if origin is Literal:
        return set().union(*(names_of(type(value)) for value in get_args(bare)))
    return {_class_words(origin)}


def _class_words(cls: Any) -> str:
    if cls in _SCALARS:
        return _SCALARS[cls]
    if typing.is_typeddict(cls):
        return "dictionary"
    if not isinstance(cls, type):
        return str(getattr(cls, "__name__", cls))
    if issubclass(cls, enum.Enum):
        return "text"
    if issubclass(cls, Mapping):
        return "dictionary"
    if issubclass(cls, (list, tuple, set, frozenset)) or cls in _ITERABLES:
        return "list"
    scalar = next(
        (word for base, word in _SCALARS.items() if issubclass(cls, base)), ""
    )
    return scalar or cls.__name__


_ITERABLES: tuple[Any, ...] = (
    Iterable,
    typing.get_origin(typing.Sequence[int]),
    typing.get_origin(typing.Collection[int]),
)
