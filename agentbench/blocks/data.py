"""Blocks for lists, dictionaries and JSON."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from agentbench.blocks.base import (
    Operator,
    about,
    block,
    compare,
    example,
    is_empty,
    library,
    ports_named,
)
from agentbench.blocks.base.parts import ABSENT, identity, picked_or
from agentbench.domain.fenced import unfenced
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Code, LongText, Port

_MAX_ITEMS = 50

_By = Annotated[
    str, about("What of each item counts, such as `price` or `address.city`.")
]


@block(
    id="data.parse_json",
    title="Parse JSON",
    keywords=("json", "decode", "load", "text to dictionary", "api"),
    examples=[example({"text": '{"a": [1, 2]}'}, result={"a": [1, 2]})],
)
def parse_json(
    text: Annotated[LongText, about("JSON, also inside a Markdown code fence.")],
) -> Annotated[Any, about("The dictionary, list or value.")]:
    """Reads JSON text into a dictionary, a list or a value."""
    try:
        return json.loads(unfenced(text))
    except json.JSONDecodeError as error:
        near = error.doc[max(error.pos - 20, 0) : error.pos + 20]
        raise ValueError(
            f"'text' is no JSON: {error.msg} at line {error.lineno}, column"
            f" {error.colno}, near {near!r}."
        ) from error
    except (RecursionError, ValueError) as error:
        raise ValueError(f"'text' is JSON that cannot be read: {error}.") from error


@block(
    id="data.query",
    title="Query",
    keywords=("jmespath", "json", "extract", "pluck", "search", "path", "select"),
    examples=[
        example(
            {"value": [{"n": 1}, {"n": 5}], "expression": "[?n > `2`]"},
            result=[{"n": 5}],
        )
    ],
)
def query(
    value: Annotated[Any, about("A dictionary or list.")],
    expression: Annotated[
        Code, about("JMESPath, such as `stations[?open].name`, see jmespath.org.")
    ],
) -> Annotated[Any, about("What was found, or nothing.")]:
    """Picks and reshapes parts of nested data with a JMESPath expression."""
    jmespath = library("jmespath", "data.query")
    try:
        return jmespath.search(expression, value)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(
            f"'expression' {expression!r} cannot be answered: {error}"
        ) from error


@block(
    id="data.get",
    title="Get item",
    keywords=("key", "index", "lookup", "find", "field", "path", "element"),
    outputs={
        "result": Annotated[Any, about("The item, when it is there.")],
        "missing": Annotated[Any, about("The whole value, when it is not.")],
    },
    examples=[
        example({"value": {"a": [7]}, "key": "a[0]"}, result=7),
        example({"value": {}, "key": "a"}, missing={}),
    ],
)
async def get(
    value: Annotated[Any, about("A dictionary or list.")],
    key: Annotated[
        str | int,
        about("A key, a place (0 is the first, -1 the last) or a path: `a.b[0]`."),
    ],
) -> dict[str, Any]:
    """Takes one item out of a dictionary or list."""
    found = picked_or(value, key)
    return {"missing": value} if found is ABSENT else {"result": found}


@block(
    id="data.make_dictionary",
    title="Make dictionary",
    keywords=("dict", "object", "record", "build", "combine", "json", "fields"),
    more_inputs=lambda constants: ports_named(
        constants.get("names"), "The item {name!r}.", besides=("names", "values")
    ),
    examples=[
        example({"names": ["a"], "a": 1, "values": {"b": 2}}, result={"b": 2, "a": 1})
    ],
)
async def make_dictionary(
    *,
    names: Annotated[list[str], about("Its keys; each becomes an input.")] = [],  # noqa: B006 - read, never changed
    values: Annotated[
        dict[str, Any], about("Items to begin with.", advanced=True)
    ] = {},  # noqa: B006
    **items: Any,
) -> Annotated[dict[str, Any], about("The dictionary.")]:
    """Puts values together under names."""
    missing = [name for name in names if name not in items]
    if missing:
        raise ValueError(
            f"'names' lists {', '.join(map(repr, missing))}, which cannot be an input"
            " here; choose other words."
        )
    return {**values, **{name: items[name] for name in names}}


def _places(constants: Constants) -> list[Port]:
    size = constants.get("size", 2)
    count = min(size, _MAX_ITEMS) if isinstance(size, int) else 0
    return [
        Port(name=f"item_{place}", help=f"Item {place} of the list.")
        for place in range(1, count + 1)
    ]


@block(
    id="data.make_list",
    title="Make list",
    keywords=("array", "build", "collect", "combine", "gather", "several"),
    more_inputs=_places,
    examples=[example({"size": 2, "item_1": "a", "item_2": "b"}, result=["a", "b"])],
)
async def make_list(
    *,
    size: Annotated[int, about(f"How many inputs it has, at most {_MAX_ITEMS}.")] = 2,
    **items: Any,
) -> Annotated[list[Any], about("The list.")]:
    """Puts values together in a list."""
    if not 0 <= size <= _MAX_ITEMS:
        raise ValueError(f"'size' is {size}; it may be 0 to {_MAX_ITEMS}.")
    return [items[f"item_{place}"] for place in range(1, size + 1)]


@block(
    id="data.merge",
    title="Merge",
    keywords=("join", "combine", "concatenate", "append", "extend", "update", "add"),
    examples=[
        example({"first": {"a": 1}, "second": {"b": 2}}, result={"a": 1, "b": 2})
    ],
)
async def merge(
    first: Annotated[
        list[Any] | dict[str, Any], about("A list, or a dictionary to begin with.")
    ],
    second: Annotated[
        list[Any] | dict[str, Any], about("What is added; its keys win.")
    ],
    *,
    deep: Annotated[
        bool, about("Also merge dictionaries inside dictionaries.", advanced=True)
    ] = False,
) -> Annotated[list[Any] | dict[str, Any], about("Both together.")]:
    """Joins two lists, or two dictionaries."""
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    if isinstance(first, dict) and isinstance(second, dict):
        return _merged(first, second) if deep else {**first, **second}
    kinds = [
        "list" if isinstance(one, list) else "dictionary" for one in (first, second)
    ]
    raise TypeError(
        f"'first' is a {kinds[0]} and 'second' a {kinds[1]}: two of a kind are merged."
    )


@block(
    id="data.count",
    title="Count",
    keywords=("length", "len", "size", "number of", "how many", "rows"),
    examples=[example({"value": [1, 2, 3]}, result=3)],
)
async def count(
    value: Annotated[Any, about("A list, dictionary, text or table.")],
    *,
    otherwise: Annotated[
        int | None,
        about("For what has nothing to count; else that fails.", advanced=True),
    ] = None,
) -> Annotated[int, about("How many items, letters or rows.")]:
    """Counts items of a list, keys of a dictionary, letters of a text, rows of a table."""
    if not hasattr(value, "__len__"):
        if otherwise is not None:
            return otherwise
        raise TypeError(
            f"'value' is {type(value).__name__} {value!r:.60}, which has nothing to"
            " count; give a list, a dictionary, a text or a table."
        )
    return len(value)


@block(
    id="data.is_empty",
    title="Is empty",
    keywords=("blank", "nothing", "length", "check", "null", "none"),
    examples=[
        example({"value": []}, result=True),
        example({"value": {"a": 1}}, result=False),
        example({"value": "  "}, result=True),
    ],
)
async def is_empty_(
    value: Annotated[Any, about("A list, dictionary, text, table or anything.")],
) -> Annotated[bool, about("Whether there is nothing in it.")]:
    """Says whether there is nothing in a value; 0 and no are something."""
    return is_empty(value)


@block(
    id="data.sort",
    title="Sort",
    keywords=("order", "rank", "ascending", "descending", "top", "list"),
    examples=[
        example({"items": [2, 3, 1]}, result=[1, 2, 3]),
        example(
            {"items": [{"n": 1}, {"n": 2}], "by": "n", "descending": True},
            result=[{"n": 2}, {"n": 1}],
        ),
    ],
)
def sort(
    items: Annotated[list[Any], about("What to sort.")],
    by: _By = "",
    *,
    descending: Annotated[bool, about("The largest first.")] = False,
) -> Annotated[list[Any], about("The items in order; those without a value last.")]:
    """Sorts a list; equal items stay in the order in which they came."""
    keyed = [(picked_or(item, by) if by else item, item) for item in items]
    there = [pair for pair in keyed if not _is_missing(pair[0])]
    rest = [item for key, item in keyed if _is_missing(key)]
    try:
        there.sort(key=lambda pair: pair[0], reverse=descending)
    except TypeError as error:
        raise TypeError(
            f"'items' cannot be put in order{f' by {by!r}' if by else ''}: {error}."
            " Name what counts in 'by', or convert the values first."
        ) from error
    return [item for _, item in there] + rest


@block(
    id="data.filter",
    title="Filter list",
    keywords=("where", "select", "keep", "only", "search", "find"),
    outputs={
        "kept": Annotated[list[Any], about("The items for which it holds.")],
        "rest": Annotated[list[Any], about("All others.")],
    },
    examples=[
        example(
            {"items": [1, 2, 3], "operator": ">", "value": 1}, kept=[2, 3], rest=[1]
        )
    ],
)
def filter_items(
    items: Annotated[list[Any], about("What to filter.")],
    by: _By = "",
    *,
    operator: Annotated[Operator, about("How it is compared.", shown=True)] = "==",
    value: Annotated[Any, about("What it is compared with.", shown=True)] = None,
) -> dict[str, Any]:
    """Keeps the items for which a comparison holds.

    An item that lacks what `by` names is kept by `is empty` and `!=` alone.
    """
    kept: list[Any] = []
    rest: list[Any] = []
    for item in items:
        found = picked_or(item, by) if by else item
        found = None if found is ABSENT else found
        if found is None and operator in (">", ">=", "<", "<=", "contains"):
            holds = False
        else:
            holds = compare(found, operator, value)
        (kept if holds else rest).append(item)
    return {"kept": kept, "rest": rest}


@block(
    id="data.unique",
    title="Unique",
    keywords=("distinct", "deduplicate", "duplicates", "set", "once"),
    examples=[example({"items": [1, 2, 1]}, result=[1, 2])],
)
def unique(
    items: Annotated[list[Any], about("What to go through.")],
    by: _By = "",
) -> Annotated[list[Any], about("Each item once: the first of its kind.")]:
    """Drops items that came before."""
    seen: dict[str, Any] = {}
    for item in items:
        key = picked_or(item, by) if by else item
        seen.setdefault("" if key is ABSENT else identity(key), item)
    return list(seen.values())


def _is_missing(key: Any) -> bool:
    """Whether there is nothing to go by; what is unlike itself (nan) has no place either."""
    if key is None or key is ABSENT:
        return True
    try:
        return bool(key != key)  # noqa: PLR0124 - so is nan told, of every library
    except (TypeError, ValueError):  # neither yes nor no: an array, pandas' NA
        return type(key).__name__ == "NAType"


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(first)
    for key, value in second.items():
        old = both.get(key)
        is_deeper = isinstance(old, Mapping) and isinstance(value, Mapping)
        both[key] = _merged(old, value) if is_deeper else value  # type: ignore[arg-type]
    return both
