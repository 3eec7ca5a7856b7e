"""Blocks that put items into a list, find them and take them out."""

from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.parts import alike

_Items = Annotated[list[Any], about("The list.")]
_New = Annotated[list[Any], about("The new list; the old one stays as it is.")]


@block(
    id="lists.add",
    title="Add to list",
    keywords=("append", "insert", "push", "extend", "item", "entry"),
    examples=[
        example({"items": [1, 2], "entry": 3}, result=[1, 2, 3]),
        example({"items": [1, 4], "entries": [2, 3], "position": 1}, result=[1, 2, 3, 4]),
    ],
)  # fmt: skip
async def add(
    items: _Items = [],  # noqa: B006 - read, never changed
    entry: Annotated[Any, about("What is added; nothing adds nothing.", shown=True)] = None,
    *,
    entries: Annotated[list[Any], about("Several, added one by one before it.", advanced=True)] = [],  # noqa: B006
    position: Annotated[int | None, about("Where: 0 puts it first; at the end when empty.")] = None,
) -> _New:  # fmt: skip
    """Adds one or several items to a list."""
    added = [*entries, *([] if entry is None else [entry])]
    if position is None:
        return [*items, *added]
    given = list(items)
    given[position:position] = added
    return given


@block(
    id="lists.find",
    title="Find in list",
    keywords=("index of", "position", "contains", "search", "lookup", "includes"),
    outputs={
        "index": Annotated[int, about("Its place; 0 is the first.")],
        "found": Annotated[bool, about("Whether it is there.")],
        "missing": Annotated[Any, about("The value, when it is not there.")],
    },
    examples=[
        example({"items": ["a", "b"], "value": "b"}, index=1, found=True),
        example({"items": ["a", "b"], "value": "z"}, found=False, missing="z"),
    ],
)
async def find(
    items: _Items, value: Annotated[Any, about("What is looked for.")]
) -> dict[str, Any]:
    """Says where in a list a value is; 1 and yes are two things."""
    for place, item in enumerate(items):
        if alike(item, value):
            return {"index": place, "found": True}
    return {"found": False, "missing": value}


@block(
    id="lists.item",
    title="Get list item",
    keywords=("element", "index", "nth", "first", "last", "pick", "at"),
    examples=[
        example({"items": ["a", "b", "c"], "index": 1}, result="b"),
        example({"items": ["a", "b", "c"], "index": -1}, result="c"),
    ],
)
async def item(
    items: _Items, index: Annotated[int, about("0 is the first, -1 the last.")] = 0
) -> Annotated[Any, about("The item.")]:
    """Takes the item at one place of a list."""
    return items[_place(items, index)]


@block(
    id="lists.remove",
    title="Remove from list",
    keywords=("delete", "drop", "pop", "take out", "item"),
    outputs={
        "result": _New,
        "removed": Annotated[Any, about("What was taken out, if that is wanted.")],
    },
    examples=[
        example({"items": [1, 2, 3, 2], "value": 2}, result=[1, 3, 2]),
        example({"items": [1, 2, 3], "index": 0, "return_item": True}, result=[2, 3], removed=1),
    ],
)  # fmt: skip
async def remove(
    items: _Items,
    value: Annotated[Any, about("What is taken out: its first occurrence.", shown=True)] = None,
    *,
    index: Annotated[int | None, about("Or its place, which counts more.")] = None,
    return_item: Annotated[bool, about("Also give what was taken out.")] = False,
) -> dict[str, Any]:  # fmt: skip
    """Takes an item out of a list, by its place or by what it is."""
    place = (
        _place(items, index)
        if index is not None
        else next((at for at, one in enumerate(items) if alike(one, value)), None)
    )
    if place is None:
        raise ValueError(f"'value' {value!r:.60} is not in the list.")
    given = list(items)
    removed = given.pop(place)
    return {"result": given, **({"removed": removed} if return_item else {})}


@block(
    id="lists.replace",
    title="Replace list item",
    keywords=("set", "change", "update", "index", "swap"),
    outputs={"result": _New, "old": Annotated[Any, about("What stood there before.")]},
    examples=[
        example({"items": ["a", "b"], "index": 1, "value": "c"}, result=["a", "c"], old="b")
    ],
)  # fmt: skip
async def replace(
    items: _Items,
    index: Annotated[int, about("Which one: 0 is the first, -1 the last.")],
    value: Annotated[Any, about("What stands there instead.")],
) -> dict[str, Any]:
    """Puts another value at one place of a list."""
    place = _place(items, index)
    return {"result": [*items[:place], value, *items[place + 1 :]], "old": items[place]}


@block(
    id="lists.slice",
    title="Part of a list",
    keywords=("first n", "last n", "limit", "head", "tail", "range", "skip", "take"),
    examples=[
        example({"items": [1, 2, 3, 4], "count": 2}, result=[1, 2]),
        example({"items": [1, 2, 3, 4], "start": -2}, result=[3, 4]),
        example({"items": [1, 2, 3, 4], "step": 2}, result=[1, 3]),
    ],
)
async def part(
    items: _Items,
    start: Annotated[int, about("Where it begins; -2 is the second to last.")] = 0,
    count: Annotated[
        int | None, pydantic.Field(ge=0), about("How many; to the end when empty.")
    ] = None,
    *,
    step: Annotated[
        int, pydantic.Field(ge=1), about("Every so manyth.", advanced=True)
    ] = 1,
) -> _New:
    """Takes some neighbouring items of a list."""
    rest = items[start:][::step]
    return rest if count is None else rest[:count]


@block(
    id="lists.reverse",
    title="Reverse list",
    keywords=("order", "backwards", "flip", "invert"),
    examples=[example({"items": [1, 2, 3]}, result=[3, 2, 1])],
)
async def reverse(items: _Items) -> _New:
    """Puts the last item first."""
    return items[::-1]


def _place(items: list[Any], index: int) -> int:
    place = index + len(items) if index < 0 else index
    if not 0 <= place < len(items):
        raise IndexError(
            f"'index' is {index}, out of range: the list has {len(items)} items."
        )
    return place
