"""What every family of blocks stands on: the decorator, comparisons and tables."""

import datetime
import importlib
import math
import operator as operators
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.block import Effects
from agentbench.domain.errors import MissingLibrary, close_to
from agentbench.domain.example import Example
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.kind import TABLE
from agentbench.domain.limits import Limits
from agentbench.domain.option import Isolation
from agentbench.domain.port import Port

PortsOf = Callable[[Constants], Iterable[Port]]
BlockMaker = Callable[[Callable[..., Any]], FunctionBlock]


def block(
    *,
    id: str,
    title: str,
    keywords: Iterable[str],
    effects: Effects = "pure",
    carries_code: bool = False,
    cost: str = "",
    examples: Iterable[Example] = (),
    outputs: Mapping[str, Any] | None = None,
    sticky: bool = False,
    isolation: Isolation = "thread",
    limits: Limits | None = None,
    more_inputs: PortsOf | None = None,
    more_outputs: PortsOf | None = None,
    kind: type[FunctionBlock] = FunctionBlock,
) -> BlockMaker:
    """Makes a typed function a block; `kind` is the class of block it becomes.

    Say `carries_code` where a node holds a program: in an imported agent it then waits
    for consent.
    """

    def make(function: Callable[..., Any]) -> FunctionBlock:
        made = kind(
            function,
            id=id,
            title=title,
            keywords=keywords,
            effects=effects,
            cost=cost,
            examples=examples,
            outputs=outputs,
            sticky=sticky,
            isolation=isolation,
            limits=limits,
            more_inputs=more_inputs,
            more_outputs=more_outputs,
        )
        made.carries_code = carries_code
        return made

    return make


def example(
    inputs: Mapping[str, Any],
    *,
    note: str = "",
    files: Mapping[str, str] | None = None,
    answers: Sequence[Any] = (),
    **outputs: Any,
) -> Example:
    """An example in which each output gives one value; write an `Example` for streams."""
    given = {name: [value] for name, value in outputs.items()}
    return Example(
        inputs=inputs, outputs=given, note=note, files=files or {}, answers=answers
    )


def about(
    text: str,
    *,
    title: str | None = None,
    advanced: bool = False,
    shown: bool = False,
) -> Any:
    """What people read about a port; goes into its `Annotated[...]`.

    An input that is `shown` stands on the node at all times, though it has a default:
    the block is about it.
    """
    marks = {"advanced": advanced, "shown": shown}
    extra: dict[str, Any] | None = {k: True for k, on in marks.items() if on} or None
    return pydantic.Field(title=title, description=text, json_schema_extra=extra)


def ports_named(
    names: Any, text: str, *, besides: Iterable[str] = (), annotation: Any = Any
) -> list[Port]:
    """A required input for each name: no name twice, and none of `besides`."""
    wanted = dict.fromkeys(name for name in listed(names) if name.strip())
    return [
        Port(name=name, annotation=annotation, help=text.format(name=name))
        for name in wanted
        if name not in besides
    ]


def listed(names: Any) -> list[str]:
    """The texts in a constant that should be a list of them, or a single one."""
    given = names if isinstance(names, list) else [names]
    return [name for name in given if isinstance(name, str)]


def library(module: str, what: str, *, package: str = "", extra: str = "data") -> Any:
    """The module, imported now.

    Raises:
        MissingLibrary: its package is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingLibrary(what, package or module, extra) from error


def _as_names(given: Any) -> Any:
    return [given] if isinstance(given, str) and given else given or []


Names = Annotated[list[str], pydantic.BeforeValidator(_as_names)]
"""A list of names; a single one may be given as text."""

Operator = Literal[
    "==",
    "!=",
    ">",
    ">=",
    "<",
    "<=",
    "contains",
    "starts with",
    "ends with",
    "is one of",
    "is empty",
    "is not empty",
]
"""How two values may be compared."""

_ORDER: Mapping[str, Callable[[Any, Any], Any]] = {
    ">": operators.gt,
    ">=": operators.ge,
    "<": operators.lt,
    "<=": operators.le,
}


def compare(left: Any, operator: Operator, right: Any) -> bool:
    """Whether the comparison holds.

    Text that looks like a number or a date counts as one beside a number or a date,
    and numbers written as text are put in the order of numbers.

    Raises:
        TypeError: the two cannot be compared in that way.
    """
    match operator:
        case "is empty" | "is not empty":
            return is_empty(left) is (operator == "is empty")
        case "contains":
            return _contains(left, right)
        case "is one of":
            return any(compare(left, "==", one) for one in _several(right))
        case "starts with":
            return str(left).startswith(str(right))
        case "ends with":
            return str(left).endswith(str(right))
        case "==" | "!=":
            first, second = _alike(left, right)
            return bool(first == second) is (operator == "==")
    first, second = _alike(left, right, ordered=True)
    try:
        return bool(_ORDER[operator](first, second))
    except TypeError:
        raise TypeError(
            f"{left!r} {operator} {right!r} cannot be answered:"
            f" {type(left).__name__} and {type(right).__name__} have no order."
            " Convert one of them first (`values.convert`)."
        ) from None


def is_empty(value: Any) -> bool:
    """Whether there is nothing in it: none, not-a-number, blank text, no items."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    if isinstance(value, str):
        return not value.strip()
    return hasattr(value, "__len__") and len(value) == 0


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, str):
        return str(right) in left
    if isinstance(left, (list, tuple, set, dict)):
        return any(compare(item, "==", right) for item in left)
    raise TypeError(
        f"'contains' looks into text, a list or a dictionary, not into {left!r}."
    )


def _several(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def _alike(left: Any, right: Any, *, ordered: bool = False) -> tuple[Any, Any]:
    if isinstance(left, str) and isinstance(right, str):
        numbers = _number(left), _number(right)
        return numbers if ordered and None not in numbers else (left, right)
    if isinstance(right, str):
        return _as_type_of(left, right)
    if isinstance(left, str):
        return _as_type_of(right, left)[::-1]
    if isinstance(left, datetime.datetime) != isinstance(right, datetime.datetime):
        return _as_moment(left), _as_moment(right)
    return left, right


def _as_type_of(value: Any, text: str) -> tuple[Any, Any]:
    """The value, and the text read as one of its kind where that is possible."""
    if isinstance(value, bool):
        known = {"true": True, "false": False}
        return value, known.get(text.strip().lower(), text)
    if isinstance(value, (int, float)):
        number = _number(text)
        return value, text if number is None else number
    if isinstance(value, datetime.date):
        try:
            moment = datetime.datetime.fromisoformat(text.strip())
        except ValueError:
            return value, text
        return _as_moment(value), moment
    return value, text


def _as_moment(value: Any) -> Any:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    return value


def _number(text: str) -> float | int | None:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def frame(table: Any, what: str) -> Any:
    """A table (pandas, polars or Arrow) as a pandas data frame; a named index is a column."""
    pandas = library("pandas", what)
    given = table if isinstance(table, pandas.DataFrame) else table.to_pandas()
    names = [name for name in given.index.names if name is not None]
    if names and not any(name in given.columns for name in names):
        given = given.reset_index()
    return given


def is_table(value: Any) -> bool:
    """Whether it is a data frame of any make."""
    return TABLE.matches(type(value))


def checked_column(table: Any, name: str, port: str) -> str:
    """The name, once the data frame is known to have such a column.

    Raises:
        UnknownColumn: it has none; the message lists what it has.
    """
    known = [str(one) for one in table.columns]
    if name in known:
        return name
    shown = ", ".join(known[:20]) + (" …" if len(known) > 20 else "")
    raise UnknownColumn(
        f"{port!r} names the column {name!r}, which the table does not have."
        f"{close_to(name, known)} Its columns: {shown or 'none'}."
    )


class UnknownColumn(ValueError):
    """The table has no such column."""


def plain_rows(table: Any) -> list[dict[str, Any]]:
    """The rows of a pandas data frame as dictionaries of plain values.

    Missing values are None. Dates are ISO text, without the time in columns of whole
    days.
    """
    names = [str(name) for name in table.columns]
    columns = [plain_values(table.iloc[:, at]) for at in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def plain_values(series: Any) -> list[Any]:
    """The values of a pandas column as plain Python values."""
    present = series.notna()
    values = series.astype(object).where(present, None).tolist()
    if series.dtype.kind == "M":
        days = series[present]
        is_days = bool((days == days.dt.normalize()).all())
        return [v and (v.date() if is_days else v).isoformat() for v in values]
    return [_plain(value) for value in values]


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value.item() if hasattr(value, "item") else value
