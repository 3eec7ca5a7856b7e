"""Blocks that cut lists into batches and groups, take samples, and count."""

import heapq
import math
import random
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.parts import identity, picked
from agentbench.domain.example import Example

_LETTERS_PER_TOKEN = 4
_By = Annotated[
    str, about("What of each item counts, such as `city` or `address.zip`.")
]


@block(
    id="lists.batch",
    title="Batch",
    keywords=("chunk", "group", "split", "pages", "bulk", "create list", "windows"),
    outputs={"batch": Annotated[list[Any], about("Each batch, one by one.")]},
    examples=[
        Example(
            inputs={"items": [1, 2, 3], "size": 2}, outputs={"batch": [[1, 2], [3]]}
        ),
        Example(inputs={"items": ["a", "b"]}, outputs={"batch": [["a", "b"]]}),
        Example(inputs={"items": []}, outputs={}, note="No items, no batch."),
    ],
)
async def batch(
    items: Annotated[list[Any], about("What is cut up.")],
    *,
    size: Annotated[
        int | None, pydantic.Field(ge=1), about("Items in a batch, at most.", shown=True)
    ] = None,
    tokens: Annotated[
        int | None,
        pydantic.Field(ge=1),
        about("Tokens of a model in a batch, at most; four letters are about one."),
    ] = None,
    keep_empty: Annotated[
        bool, about("Of no items, give one empty batch.", advanced=True)
    ] = False,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Gives a list in parts; without a limit, all of it at once.

    An item that is too long by itself is a batch of its own.
    """
    current: list[Any] = []
    length = 0
    for item in items:
        weight = math.ceil(len(str(item)) / _LETTERS_PER_TOKEN)
        is_full = size is not None and len(current) >= size
        is_long = tokens is not None and length + weight > tokens
        if current and (is_full or is_long):
            yield "batch", current
            current, length = [], 0
        current.append(item)
        length += weight
    if current or (keep_empty and not items):
        yield "batch", current


@block(
    id="lists.group",
    title="Group items",
    keywords=("group by", "bucket", "partition", "classify", "split by", "category"),
    examples=[
        example(
            {"items": [{"k": "a", "n": 1}, {"k": "b"}, {"k": "a", "n": 2}], "by": "k"},
            result={"a": [{"k": "a", "n": 1}, {"k": "a", "n": 2}], "b": [{"k": "b"}]},
        )
    ],
)
def group(
    items: Annotated[list[Any], about("What is grouped.")], by: _By = ""
) -> Annotated[dict[str, Any], about("Lists by value; `null` for items without one.")]:
    """Puts items that have a value in common into one list each."""
    groups: dict[str, Any] = {}
    for item in items:
        found = picked(item, by) if by else item
        name = found if isinstance(found, str) else identity(found)
        groups.setdefault(name, []).append(item)
    return groups


@block(
    id="lists.tally",
    title="Count by value",
    keywords=("frequency", "histogram", "count", "occurrences", "most frequent"),
    examples=[
        example(
            {"items": ["b", "a", "b"]},
            result=[{"value": "b", "count": 2}, {"value": "a", "count": 1}],
        )
    ],
)
def tally(
    items: Annotated[list[Any], about("What is counted.")], by: _By = ""
) -> Annotated[list[dict[str, Any]], about("`value` and `count`, most often first.")]:
    """Says how often each value is in a list."""
    counts: dict[str, list[Any]] = {}
    for item in items:
        found = picked(item, by) if by else item
        counts.setdefault(identity(found), [found, 0])[1] += 1
    rows = sorted(counts.values(), key=lambda pair: -pair[1])
    return [{"value": value, "count": count} for value, count in rows]


Method = Literal[
    "random",
    "systematic",
    "top",
    "bottom",
    "stratified",
    "weighted",
    "reservoir",
    "cluster",
]


@block(
    id="lists.sample",
    title="Sample",
    keywords=("random", "choose", "pick", "subset", "shuffle", "stratified", "draw"),
    outputs={
        "result": Annotated[list[Any], about("The items that were chosen.")],
        "places": Annotated[list[int], about("Their places in the list.")],
    },
    examples=[
        example({"items": [5, 6, 7], "size": 2, "method": "top"}, result=[5, 6], places=[0, 1]),
        example({"items": [5, 6, 7], "size": 1, "method": "bottom"}, result=[7], places=[2]),
        example({"items": [1, 2, 3], "size": 3, "method": "systematic"}, result=[1, 2, 3]),
    ],
)  # fmt: skip
def sample(
    items: Annotated[
        list[Any] | dict[str, Any], about("What is chosen from; of a dictionary, pairs.")
    ],
    size: Annotated[int, pydantic.Field(ge=0), about("How many.")] = 10,
    *,
    method: Annotated[Method, about("How they are chosen.", shown=True)] = "random",
    seed: Annotated[int | None, about("The same number, the same choice.")] = None,
    by: Annotated[str | None, about("`stratified`: the key whose values keep their shares.", advanced=True)] = None,
    weight: Annotated[str | None, about("`weighted`: the key of the weights.", advanced=True)] = None,
    cluster: Annotated[str | None, about("`cluster`: the key that whole groups share.", advanced=True)] = None,
) -> dict[str, Any]:  # fmt: skip
    """Chooses some items of a list.

    `systematic` takes every so manyth, `weighted` may take an item twice, `cluster`
    takes whole groups.
    """
    given = (
        [{key: value} for key, value in items.items()]
        if isinstance(items, dict)
        else items
    )
    if size > len(given):
        raise ValueError(
            f"'size' is {size}, and 'items' holds {len(given)}: there are not enough."
        )
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    keys = {"stratified": by, "weighted": weight, "cluster": cluster}
    key = keys.get(method) or ""
    if method in keys and not key:
        port = {"stratified": "by"}.get(method, method.removesuffix("ed"))
        raise ValueError(f"'method' is {method!r}, so {port!r} must name a key.")
    places = _places(method, given, size, key, draw)
    return {"result": [given[at] for at in places], "places": places}


def _places(
    method: Method, items: list[Any], size: int, key: str, draw: random.Random
) -> list[int]:
    everything = range(len(items))
    match method:
        case "top":
            return list(everything[:size])
        case "bottom":
            return list(everything[len(items) - size :])
        case "systematic":
            step = len(items) // size if size else 1
            return list(everything[draw.randrange(step) :: step][:size])
        case "weighted":
            return _weighted(items, size, key, draw)
        case "cluster":
            return _clusters(items, size, key, draw)
        case "stratified":
            return _strata(items, size, key, draw)
        case "reservoir":
            return sorted(draw.sample(everything, size))
    return draw.sample(everything, size)


def _weighted(items: list[Any], size: int, key: str, draw: random.Random) -> list[int]:
    weights = []
    for place, item in enumerate(items):
        found = picked(item, key)
        if not isinstance(found, (int, float)) or found < 0:
            raise ValueError(f"item {place} has no weight 0 or more under {key!r}.")
        weights.append(found)
    if size and not sum(weights):
        raise ValueError(f"every weight under {key!r} is 0.")
    return draw.choices(range(len(items)), weights, k=size) if size else []


def _groups(items: list[Any], key: str) -> list[list[int]]:
    groups: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        groups.setdefault(identity(picked(item, key)), []).append(place)
    return list(groups.values())


def _clusters(items: list[Any], size: int, key: str, draw: random.Random) -> list[int]:
    groups = _groups(items, key)
    draw.shuffle(groups)
    chosen: list[int] = []
    for places in groups:
        if len(chosen) >= size:
            break
        chosen += places
    return chosen[:size]


def _strata(items: list[Any], size: int, key: str, draw: random.Random) -> list[int]:
    """So many of each group as its share asks for; what is left over goes to the largest rests."""
    groups = _groups(items, key)
    shares = [size * len(places) / len(items) for places in groups]
    counts = [int(share) for share in shares]
    rests = _by_rest(shares, counts)
    for at in rests:
        if sum(counts) >= size:
            break
        if counts[at] < len(groups[at]):
            counts[at] += 1
    return [
        place
        for places, count in zip(groups, counts, strict=True)
        for place in draw.sample(places, count)
    ]


def _by_rest(shares: list[float], counts: list[int]) -> Iterator[int]:
    rests = [
        (count - share, at)
        for at, (share, count) in enumerate(zip(shares, counts, strict=True))
    ]
    heapq.heapify(rests)
    while rests:
        yield heapq.heappop(rests)[1]
