"""Port: a named, typed input or output; and when two of them may be linked."""

import enum
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

import pydantic

from agentbench.domain.annotation import bare_of, fits, kind_of, names_of, type_name
from agentbench.domain.errors import PortValueError
from agentbench.domain.kind import CHART, IMAGE, TABLE
from agentbench.domain.sealed import unsealed


class Missing(enum.Enum):
    """The type of `MISSING`: no value was given."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing.MISSING


Table = Annotated[Any, TABLE]
"""A data frame: pandas, polars or Arrow."""
Image = Annotated[Any, IMAGE]
"""A Pillow image."""
Chart = Annotated[Any, CHART]
"""An Altair, matplotlib or Plotly chart."""
Code = Annotated[str, pydantic.Field(json_schema_extra={"format": "code"})]
"""Text that is code: forms give it an editor; the two below it have words in colour."""
PythonCode = Annotated[Code, pydantic.Field(json_schema_extra={"language": "python"})]
SqlCode = Annotated[Code, pydantic.Field(json_schema_extra={"language": "sql"})]
LongText = Annotated[str, pydantic.Field(json_schema_extra={"format": "long-text"})]
"""Text of several lines."""

_PLAIN = frozenset((str, bool, int, float, bytes))
"""What is of such a type needs no further look."""


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
    is_shown: bool = False
    """Whether the block is about this input: it is never folded away."""

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
        own = sorted(names_of(self.annotation)) or ["any"]
        bare = bare_of(self.annotation)
        is_own_class = isinstance(bare, type) and own == [bare.__name__]
        bases = [base.__name__ for base in bare.__mro__[1:-1]] if is_own_class else []
        return (*own, *bases)

    def schema(self) -> dict[str, Any]:
        """The JSON schema of its values, as the editor's fields need it."""
        try:
            return unsealed(_adapter(self.annotation).json_schema(mode="validation"))
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
            kind = kind_of(self.annotation)
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


def _said_of(value: Any) -> str:
    words = type_name(type(value))
    if isinstance(value, (str, int, float, bool)):
        shown = repr(value)
        return f"{words} {shown if len(shown) <= 60 else shown[:57] + '…'}"
    return words
