"""What n8n's nodes do to whole lists of items: order, sum up, tell apart, rename, step through.

Facts: docs.n8n.io/integrations/builtin/core-nodes.
"""

import copy
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from agentbench.formats.base import Native
from agentbench.formats.n8n.expressions import at, valued

Items = list[dict[str, Any]]
Given = Mapping[str, Items]
Parameters = Mapping[str, Any]


def sort(parameters: Parameters, given: Given) -> Any:
    """The items in another order: by fields; the last named field counts least."""
    if parameters.get("type", "simple") != "simple":
        raise ValueError(
            "Items are put in order by fields here, not at random or by a program."
        )
    items = list(given["main_0"])
    fields = (parameters.get("sortFieldsUi") or {}).get("sortField") or []
    for field in reversed(fields):
        path = str(field.get("fieldName", ""))
        items.sort(
            key=lambda it: _order(at(it, path)),
            reverse=field.get("order") == "descending",
        )
    yield 0, items


def _order(value: Any) -> tuple[int, Any]:
    """Numbers before texts before all else; nothing comes last."""
    if value is None:
        return 3, ""
    if isinstance(value, (bool, int, float)):
        return 0, value
    return (
        (1, value.lower())
        if isinstance(value, str)
        else (2, json.dumps(value, default=str))
    )


def remove_duplicates(parameters: Parameters, given: Given) -> Any:
    """The first of the items that are alike, in all fields or in some."""
    compare = parameters.get("compare", "allFields")
    named = _names(
        parameters.get(
            "fieldsToCompare" if compare == "selectedFields" else "fieldsToExclude"
        )
    )
    seen, kept = set(), []
    for item in given["main_0"]:
        if compare == "selectedFields":
            part: Any = [at(item, it) for it in named]
        else:
            part = {key: it for key, it in item.items() if key not in named}
        mark = json.dumps(part, sort_keys=True, default=str)
        if mark not in seen:
            seen.add(mark)
            kept.append(item)
    yield 0, kept


def _names(said: Any) -> list[str]:
    """Names of fields, in any of the ways that n8n has had for them."""
    if isinstance(said, str):
        return [it.strip() for it in said.split(",") if it.strip()]
    rows: Any = next(iter(said.values()), []) if isinstance(said, Mapping) else []
    return [str(it.get("fieldName", "")) for it in rows if isinstance(it, Mapping)]


def rename_keys(parameters: Parameters, given: Given) -> Any:
    """The items with some of their keys called otherwise."""
    rows = (parameters.get("keys") or {}).get("key") or []
    made = []
    for item in given["main_0"]:
        new = copy.deepcopy(item)
        for row in rows:
            *outer, last = str(row.get("currentKey", "")).split(".")
            place: Any = at(new, ".".join(outer)) if outer else new
            if isinstance(place, dict) and last in place:
                place[str(row.get("newKey", last)).rsplit(".", maxsplit=1)[-1]] = (
                    place.pop(last)
                )
        made.append(new)
    yield 0, made


_SUMS: Mapping[str, Callable[[list[Any]], Any]] = {
    "append": list,
    "average": lambda them: sum(map(float, them)) / len(them) if them else None,
    "count": len,
    "countUnique": lambda them: len(
        {json.dumps(it, sort_keys=True, default=str) for it in them}
    ),
    "max": lambda them: max(them, key=_order) if them else None,
    "min": lambda them: min(them, key=_order) if them else None,
    "sum": lambda them: sum(float(it) if isinstance(it, str) else it for it in them),
}


def summarize(parameters: Parameters, given: Given) -> Any:
    """An item for each group, with what its items come to."""
    fields = (parameters.get("fieldsToSummarize") or {}).get("values") or []
    by = _names(parameters.get("fieldsToSplitBy"))
    groups: dict[str, tuple[dict[str, Any], Items]] = {}
    for item in given["main_0"]:
        key = {it: at(item, it) for it in by}
        mark = json.dumps(key, sort_keys=True, default=str)
        groups.setdefault(mark, (key, []))[1].append(item)
    if not groups and not by:
        groups[""] = ({}, [])
    yield (
        0,
        [
            {**key, **dict(_summed(field, items) for field in fields)}
            for key, items in groups.values()
        ],
    )


def _summed(field: Mapping[str, Any], items: Items) -> tuple[str, Any]:
    how, path = str(field.get("aggregation", "count")), str(field.get("field", ""))
    values = [
        it
        for it in (at(item, path) for item in items)
        if it not in (None, "") or field.get("includeEmpty")
    ]
    name = path.replace(".", "_")
    if how == "concatenate":
        separator = field.get("separateBy", ", ")
        separator = (
            field.get("customSeparator", "") if separator == "other" else separator
        )
        return f"concatenated_{name}", separator.join(map(str, values))
    if how not in _SUMS:
        raise ValueError(f"There is no sum {how!r} here.")
    words = {"append": "appended", "countUnique": "unique_count"}
    return f"{words.get(how, how)}_{name}", _SUMS[how](values)


def stop(parameters: Parameters, given: Given) -> list[Any]:
    """Fails, and says what the node has to say.

    Raises:
        RuntimeError: always.
    """
    known = valued(parameters, (given["main_0"] or [{}])[0])
    said = known.get("errorMessage") or known.get("errorObject")
    raise RuntimeError(str(said or "The workflow stops here."))


async def step_through(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> AsyncIterator[tuple[int, Items]]:
    """The items in batches: the next each time it is come back to, and at last what came back.

    Where it stands is kept in the memory of the agent, for this run and node.
    """
    del credential
    memory, key = (
        native.context.memory,
        f"n8n {native.context.run_id} {native.context.node}",
    )
    size = max(1, int(parameters.get("batchSize", 1)))
    loop, done = (1, 0) if parameters.get("typeVersion", 3) >= 3 else (0, 1)
    stands = memory.get(key)
    if stands is None:
        rest, back = list(given["main_0"]), []
    else:
        rest, back = stands["rest"], [*stands["back"], *given["main_0"]]
    if rest:
        memory.put(key, {"rest": rest[size:], "back": back})
        yield loop, rest[:size]
    else:
        memory.forget(key)
        yield done, back
