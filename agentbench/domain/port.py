"""Port: a named, typed input or output; and when two of them may be linked."""

import datetime
import decimal
import enum
import functools
import pathlib
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

import pydantic
import pydantic_core
from pydantic_core import core_schema

from agentbench.domain.errors import PortValueError


class Missing(enum.Enum):
    """The type of `MISSING`: no value was given."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing.MISSING


@dataclass(frozen=True)
class Kind:
    """Names the type of a port by the classes it takes, without importing them.

    `Annotated[Any, Kind("table", "pandas.DataFrame")]` takes data frames and shows
    as *table*; pandas is loaded only by whoever makes one. A class matches by the
    dotted name of it or of one of its bases.
    """

    name: str
    classes: tuple[str, ...]
    quotes: ClassVar[bool] = True
    """Whether a message may quote a value that is not of this kind."""

    def __init__(self, name: str, *classes: str) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "classes", classes)

    def matches(self, cls: type) -> bool:
        """Whether values of `cls` are of this kind."""
        return any(_class_name(base) in self.classes for base in cls.__mro__)

    def _check(self, value: Any) -> Any:
        if self.matches(type(value)):
            return value
        message = "Input should be a {kind}"
        raise pydantic_core.PydanticCustomError("kind", message, {"kind": self.name})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: pydantic.GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: pydantic.GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "object", "kind": self.name}


TABLE = Kind(
    "table",
    "pandas.DataFrame",
    "pandas.core.frame.DataFrame",
    "polars.dataframe.frame.DataFrame",
    "pyarrow.lib.Table",
)
IMAGE = Kind("image", "PIL.Image.Image")
CHART = Kind(
    "chart",
    "altair.vegalite.v5.api.TopLevelMixin",
    "altair.vegalite.v6.api.TopLevelMixin",
    "matplotlib.figure.Figure",
    "plotly.basedatatypes.BaseFigure",
)
KINDS = (TABLE, IMAGE, CHART)

Table = Annotated[Any, TABLE]
"""A data frame: pandas, polars or Arrow."""
Image = Annotated[Any, IMAGE]
"""A Pillow image."""
Chart = Annotated[Any, CHART]
"""An Altair, matplotlib or Plotly chart."""
Code = Annotated[str, pydantic.Field(json_schema_extra={"format": "code"})]
"""Text that is code: the editor gives it a monospaced field."""
LongText = Annotated[str, pydantic.Field(json_schema_extra={"format": "long-text"})]
"""Text of several lines."""

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
_PLAIN = frozenset((str, bool, int, float, bytes))
"""What is of such a type needs no further look."""
_WIDER: dict[str, tuple[str, ...]] = {"number": ("whole number",)}


@dataclass(frozen=True, kw_only=True)
class Port:
    """A named, typed input or output of a block.

    `annotation` is any type that pydantic can check. An input whose `default` is
    `MISSING` is required: it must be linked or be given a constant.
    """

    name: str
    annotation: Any = Any
    title: str = ""
    help: str = ""
    default: Any = field(default=MISSING, compare=False)
    advanced: bool = False

    @property
    def is_required(self) -> bool:
        """Whether an input needs a link or a constant."""
        return self.default is MISSING

    @property
    def label(self) -> str:
        """What people read: the title, or the name made readable."""
        return self.title or self.name.replace("_", " ")

    @property
    def type_name(self) -> str:
        """The type in words: `text`, `list of number`, `table`."""
        return type_name(self.annotation)

    @property
    def types(self) -> tuple[str, ...]:
        """The plain names of the types it may carry; the first gives the colour.

        A class brings the names of its bases, so that the canvas can offer what fits.
        """
        own = sorted(_names(self.annotation)) or ["any"]
        bare = _bare(self.annotation)
        is_own_class = isinstance(bare, type) and own == [bare.__name__]
        bases = [base.__name__ for base in bare.__mro__[1:-1]] if is_own_class else []
        return (*own, *bases)

    def schema(self) -> dict[str, Any]:
        """The JSON schema of its values, as the editor's fields need it."""
        try:
            return _adapter(self.annotation).json_schema(mode="validation")
        except (pydantic.PydanticUserError, TypeError):
            return {}

    @functools.cached_property
    def _validate(self) -> Callable[[Any], Any]:
        return _adapter(self.annotation).validator.validate_python

    def __getstate__(self) -> dict[str, Any]:
        """Without what was worked out: blocks travel to worker processes."""
        return {key: it for key, it in vars(self).items() if key != "_validate"}

    def check(self, value: Any, side: str) -> Any:
        """The value as the port's type.

        Raises:
            PortValueError: it is of another type.
        """
        annotation = self.annotation
        if annotation is Any or (type(value) is annotation and annotation in _PLAIN):
            return value
        try:
            return self._validate(value)
        except pydantic.ValidationError as error:
            kind = _kind(self.annotation)
            may_quote = kind is None or kind.quotes
            got = _said_of(value) if may_quote else type_name(type(value))
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            detail = f" ({where}: {first['msg']})" if where else f" ({first['msg']})"
            raise PortValueError(
                self.name, side, self.type_name, got + detail
            ) from error


def why_not(source: Port, target: Port) -> str | None:
    """The reason why output `source` may not be linked to input `target`, or None."""
    if fits(source.annotation, target.annotation):
        return None
    return (
        f"{source.name!r} gives {source.type_name},"
        f" {target.name!r} takes {target.type_name}."
    )


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
    given_kind, wanted_kind = _kind(given), _kind(wanted)
    if wanted_kind or given_kind:
        return _kinds_fit(given, given_kind, wanted, wanted_kind)
    given, wanted = _bare(given), _bare(wanted)
    if Any in (given, wanted) or object in (given, wanted):
        return True
    if _is_union(given):
        return any(fits(member, wanted) for member in _members(given))
    if _is_union(wanted):
        return any(fits(given, member) for member in _members(wanted))
    if _is_kind_of(given, wanted):
        return True
    if not _names(given) & _widened(_names(wanted)):
        return False
    return _arguments_fit(given, wanted)


_fits_cached = functools.lru_cache(maxsize=4096)(_fits)


def type_name(annotation: Any) -> str:
    """A type in words, as people read it."""
    kind = _kind(annotation)
    if kind:
        return kind.name
    bare = _bare(annotation)
    if bare is Any or bare is object:
        return "anything"
    if _is_union(bare):
        return " or ".join(dict.fromkeys(type_name(m) for m in _members(bare)))
    if get_origin(bare) is Literal:
        return "one of " + ", ".join(repr(a) for a in get_args(bare))
    name = next(iter(_names(bare)))
    inner = [a for a in get_args(bare) if a is not Ellipsis]
    if name == "list" and inner:
        return f"list of {type_name(inner[0])}"
    if name == "dictionary" and len(inner) > 1:
        return f"dictionary of {type_name(inner[1])}"
    return name


def _kinds_fit(given: Any, given_kind: Any, wanted: Any, wanted_kind: Any) -> bool:
    if given_kind and wanted_kind:
        return bool(given_kind.name == wanted_kind.name)
    bare = _bare(wanted if given_kind else given)
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
    if plain and not (_names(given) & (set(_SCALARS.values()) | {"list"})):
        return issubclass(given, wanted) or _names(wanted) == {"dictionary"}
    pairs = zip(get_args(given), get_args(wanted), strict=False)
    if get_origin(given) is Literal or get_origin(wanted) is Literal:
        return True
    return all(fits(a, b) for a, b in pairs if Ellipsis not in (a, b))


def _kind(annotation: Any) -> Kind | None:
    if get_origin(annotation) is Annotated:
        marks = [m for m in get_args(annotation)[1:] if isinstance(m, Kind)]
        return marks[0] if marks else _kind(get_args(annotation)[0])
    if isinstance(annotation, type):
        return next((kind for kind in KINDS if kind.matches(annotation)), None)
    return None


def _bare(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    supertype = getattr(annotation, "__supertype__", None)
    return _bare(supertype) if supertype is not None else annotation


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType)


def _members(annotation: Any) -> list[Any]:
    rest = [a for a in get_args(annotation) if a is not type(None)]
    return rest or [type(None)]


def _widened(names: set[str]) -> set[str]:
    return names.union(*(_WIDER.get(name, ()) for name in names))


def _names(annotation: Any) -> set[str]:
    """The plain type names of an annotation; empty for anything at all."""
    kind = _kind(annotation)
    if kind:
        return {kind.name}
    bare = _bare(annotation)
    if bare is Any or bare is object or isinstance(bare, typing.TypeVar):
        return set()
    if _is_union(bare):
        parts = [_names(member) for member in _members(bare)]
        return set().union(*parts) if all(parts) else set()
    origin = get_origin(bare) or bare
    if origin is Literal:
        return set().union(*(_names(type(value)) for value in get_args(bare)))
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


@functools.lru_cache(maxsize=4096)
def _cached_adapter(annotation: Any) -> pydantic.TypeAdapter[Any]:
    return _new_adapter(annotation)


def _new_adapter(annotation: Any) -> pydantic.TypeAdapter[Any]:
    try:
        return pydantic.TypeAdapter(
            annotation, config=pydantic.ConfigDict(arbitrary_types_allowed=True)
        )
    except pydantic.PydanticUserError:  # a model brings its own configuration
        return pydantic.TypeAdapter(annotation)


def _adapter(annotation: Any) -> pydantic.TypeAdapter[Any]:
    try:
        return _cached_adapter(annotation)
    except TypeError:  # an annotation that cannot be hashed
        return _new_adapter(annotation)


def _class_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def _said_of(value: Any) -> str:
    words = type_name(type(value))
    if isinstance(value, (str, int, float, bool)):
        shown = repr(value)
        return f"{words} {shown if len(shown) <= 60 else shown[:57] + '…'}"
    return words
