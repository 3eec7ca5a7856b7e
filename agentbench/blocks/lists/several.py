"""Blocks that make one list of several, or of lists in lists."""

import itertools
from collections.abc import Iterable
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.parts import identity

_Lists = Annotated[list[Any], about("A list of lists.")]
_Length = Annotated[int, about("How many items it has.")]
_OUTPUTS: dict[str, Any] = {
    "result": Annotated[list[Any], about("The new list.")],
    "length": _Length,
}
MOST = 1_000_000
"""Items that a list may have here."""
DEEPEST = 1000


@block(
    id="lists.concatenate",
    title="Join lists",
    keywords=("concat", "append", "combine", "merge", "extend", "union"),
    outputs=_OUTPUTS,
    examples=[
        example({"lists": [[1, 2], [2, None]]}, result=[1, 2, 2, None], length=4),
        example(
            {"lists": [[1, 2], [2, None]], "deduplicate": True, "drop_none": True},
            result=[1, 2],
            length=2,
        ),
    ],
)
async def concatenate(
    lists: _Lists,
    *,
    deduplicate: Annotated[bool, about("Each value once, the first stays.")] = False,
    drop_none: Annotated[bool, about("Leave empty values out.")] = False,
) -> dict[str, Any]:
    """Puts lists one behind the other."""
    joined = list(itertools.chain(*_checked(lists)))
    if drop_none:
        joined = [item for item in joined if item is not None]
    return _counted(_once(joined) if deduplicate else joined)


@block(
    id="lists.flatten",
    title="Flatten list",
    keywords=("nested", "unnest", "ungroup", "expand", "depth"),
    outputs={**_OUTPUTS, "depth": Annotated[int, about("How deep it went before.")]},
    examples=[
        example({"items": [1, [2, [3]]]}, result=[1, 2, 3], length=3, depth=3),
        example({"items": [1, [2, [3]]], "max_depth": 1}, result=[1, 2, [3]]),
    ],
)
def flatten(
    items: Annotated[list[Any], about("A list with lists in it.")],
    *,
    max_depth: Annotated[
        int, pydantic.Field(ge=-1), about("So many levels; -1 for all, 0 for none.")
    ] = -1,
) -> dict[str, Any]:
    """Makes one list of lists in lists."""
    deepest = DEEPEST if max_depth < 0 else max_depth
    flat: list[Any] = []
    depth = 1
    waiting: list[tuple[Any, int]] = [(items, 0)]
    while waiting:
        one, level = waiting.pop()
        if not isinstance(one, list):
            flat.append(one)
            continue
        depth = max(depth, level + 1)
        if depth > DEEPEST:
            raise ValueError(f"'items' goes deeper than {DEEPEST} lists.")
        if level > deepest:
            flat.append(one)
        else:
            waiting.extend((inner, level + 1) for inner in reversed(one))
    return {**_counted(flat), "depth": depth}


@block(
    id="lists.interleave",
    title="Interleave lists",
    keywords=("alternate", "round robin", "mix", "merge", "riffle"),
    outputs=_OUTPUTS,
    examples=[example({"lists": [[1, 3, 5], [2, 4]]}, result=[1, 2, 3, 4, 5], length=5)],
)  # fmt: skip
async def interleave(lists: _Lists) -> dict[str, Any]:
    """Takes an item of each list in turn; when one is at its end the others go on."""
    gone = object()
    rows = itertools.zip_longest(*_checked(lists), fillvalue=gone)
    return _counted([item for row in rows for item in row if item is not gone])


@block(
    id="lists.zip",
    title="Pair up lists",
    keywords=("zip", "pair", "combine", "columns", "transpose", "parallel"),
    outputs=_OUTPUTS,
    examples=[
        example({"lists": [["a", "b"], [1, 2, 3]]}, result=[["a", 1], ["b", 2]], length=2),
        example(
            {"lists": [["a"], [1, 2]], "pad": True, "fill": "-"},
            result=[["a", 1], ["-", 2]],
        ),
    ],
)  # fmt: skip
async def zip_(
    lists: _Lists,
    *,
    pad: Annotated[bool, about("Go on to the end of the longest.")] = False,
    fill: Annotated[Any, about("What stands where a list has ended.")] = None,
) -> dict[str, Any]:
    """Puts the first items of several lists together, and so on."""
    given = _checked(lists)
    rows = (
        itertools.zip_longest(*given, fillvalue=fill)
        if pad
        else zip(*given, strict=False)
    )
    return _counted([list(row) for row in rows])


@block(
    id="lists.difference",
    title="Difference of lists",
    keywords=("minus", "except", "not in", "missing", "compare", "subtract", "diff"),
    outputs=_OUTPUTS,
    examples=[
        example({"first": [1, 2, 3], "second": [2]}, result=[1, 3], length=2),
        example({"first": [1, 2], "second": [2, 3], "symmetric": True}, result=[1, 3]),
    ],
)
async def difference(
    first: Annotated[list[Any], about("What is kept of this.")],
    second: Annotated[list[Any], about("What is in here goes.")],
    *,
    symmetric: Annotated[
        bool, about("Also what the second has alone, after it.")
    ] = False,
) -> dict[str, Any]:
    """Gives what the first list has and the second has not."""
    here, there = _known(first), _known(second)
    kept = [item for item in first if identity(item) not in there]
    if symmetric:
        kept += [item for item in second if identity(item) not in here]
    return _counted(kept)


@block(
    id="lists.intersection",
    title="What lists share",
    keywords=("intersect", "both", "overlap", "common to both", "in both", "compare"),
    outputs=_OUTPUTS,
    examples=[example({"first": [3, 1, 3, 2], "second": [2, 3]}, result=[3, 2], length=2)],
)  # fmt: skip
async def intersection(
    first: Annotated[list[Any], about("Its order counts.")],
    second: Annotated[list[Any], about("The other list.")],
) -> dict[str, Any]:
    """Gives what both lists have, each value once."""
    there = _known(second)
    return _counted(_once(item for item in first if identity(item) in there))


def _checked(lists: list[Any]) -> list[list[Any]]:
    given = []
    for place, one in enumerate(lists):
        if one is None:
            continue
        if not isinstance(one, list):
            raise TypeError(
                f"'lists' holds {type(one).__name__} at place {place}; each must be a"
                " list."
            )
        given.append(one)
    if sum(map(len, given)) > MOST:
        raise ValueError(f"'lists' hold more than {MOST} items together.")
    return given


def _once(items: Iterable[Any]) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in items:
        seen.setdefault(identity(item), item)
    return list(seen.values())


def _known(items: list[Any]) -> set[str]:
    return {identity(item) for item in items}


def _counted(items: list[Any]) -> dict[str, Any]:
    return {"result": items, "length": len(items)}
