"""Blocks for dictionaries: keys put in, found, taken out, renamed."""

import json
from typing import Annotated, Any

from agentbench.blocks.base import about, block, example

_Dictionary = Annotated[dict[str, Any], about("The dictionary.")]
_New = Annotated[dict[str, Any], about("The new dictionary; the old one stays.")]
_Key = Annotated[str, about("The key.")]
_ABSENT = object()


@block(
    id="dictionaries.add",
    title="Add to dictionary",
    keywords=("set", "put", "key", "update", "insert", "entry", "object"),
    examples=[
        example({"dictionary": {"a": 1}, "key": "b", "value": 2}, result={"a": 1, "b": 2}),
        example({"entries": {"c": 3}}, result={"c": 3}),
    ],
)  # fmt: skip
async def add(
    dictionary: _Dictionary = {},  # noqa: B006 - read, never changed
    key: Annotated[str, about("The key of one value.", shown=True)] = "",
    value: Annotated[Any, about("That value; nothing adds nothing.", shown=True)] = None,
    *,
    entries: Annotated[dict[str, Any], about("Several at once.")] = {},  # noqa: B006
) -> _New:  # fmt: skip
    """Adds values to a dictionary; a key that is there gets the new value."""
    one = {key: value} if key and value is not None else {}
    return {**dictionary, **one, **entries}


@block(
    id="dictionaries.find",
    title="Find in dictionary",
    keywords=("lookup", "get", "key", "field", "pluck", "property", "json"),
    outputs={
        "output": Annotated[Any, about("What is there.")],
        "missing": Annotated[Any, about("The whole input, when it is not there.")],
    },
    examples=[
        example({"input": {"a": {"b": 1}}, "key": "a"}, output={"b": 1}),
        example({"input": [{"n": 1}, {"n": 2}, {}], "key": "n"}, output=[1, 2]),
        example({"input": '{"a": 5}', "key": "a"}, output=5, note="JSON text is read."),
        example({"input": {"a": 1}, "key": "z"}, missing={"a": 1}),
    ],
)
def find(
    input: Annotated[Any, about("A dictionary, a list, or JSON text of one.")],
    key: Annotated[str | int, about("A key, or a place of a list.")],
) -> dict[str, Any]:
    """Looks a key up in a dictionary, a place in a list, a key in each item of a list.

    The key is taken as it is, with its dots; for paths there is `data.get`.
    """
    value = input
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {"missing": input}
    found = _found(value, key)
    return {"missing": input} if found is _ABSENT else {"output": found}


def _found(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value[key] if key in value else value.get(str(key), _ABSENT)
    if not isinstance(value, list):
        return _ABSENT
    if isinstance(key, int) or key.isdecimal():
        place = int(key)
        return value[place] if 0 <= place < len(value) else _ABSENT
    inner = [one[key] for one in value if isinstance(one, dict) and key in one]
    return inner if inner or not value else _ABSENT


@block(
    id="dictionaries.remove",
    title="Remove from dictionary",
    keywords=("delete", "drop", "key", "pop", "unset", "without"),
    outputs={
        "result": _New,
        "removed": Annotated[Any, about("What was taken out, if that is wanted.")],
    },
    examples=[
        example({"dictionary": {"a": 1, "b": 2}, "key": "a"}, result={"b": 2}),
        example(
            {"dictionary": {"a": 1}, "key": "a", "return_value": True},
            result={},
            removed=1,
        ),
    ],
)
async def remove(
    dictionary: _Dictionary,
    key: Annotated[str | int, about("The key that goes.")],
    *,
    return_value: Annotated[bool, about("Also give what was there.")] = False,
) -> dict[str, Any]:
    """Takes a key out of a dictionary."""
    name = _known(dictionary, key)
    rest = {one: value for one, value in dictionary.items() if one != name}
    return {"result": rest, **({"removed": dictionary[name]} if return_value else {})}


@block(
    id="dictionaries.replace",
    title="Replace dictionary value",
    keywords=("set", "change", "update", "key", "overwrite"),
    outputs={"result": _New, "old": Annotated[Any, about("What was there before.")]},
    examples=[
        example({"dictionary": {"a": 1}, "key": "a", "value": 9}, result={"a": 9}, old=1)
    ],
)  # fmt: skip
async def replace(
    dictionary: _Dictionary,
    key: Annotated[str | int, about("A key that is there.")],
    value: Annotated[Any, about("Its new value.")],
) -> dict[str, Any]:
    """Gives a key another value; a key that is not there is a mistake."""
    name = _known(dictionary, key)
    return {"result": {**dictionary, name: value}, "old": dictionary[name]}


@block(
    id="dictionaries.keys",
    title="Keys and values",
    keywords=("list keys", "items", "entries", "fields", "columns", "object keys"),
    outputs={
        "keys": Annotated[list[Any], about("The keys, in order.")],
        "values": Annotated[list[Any], about("The values, in the same order.")],
        "pairs": Annotated[list[Any], about("Both: `key` and `value`.")],
    },
    examples=[
        example(
            {"dictionary": {"a": 1}},
            keys=["a"],
            values=[1],
            pairs=[{"key": "a", "value": 1}],
        )
    ],
)
async def keys(dictionary: _Dictionary) -> dict[str, Any]:
    """Takes a dictionary apart into lists."""
    pairs = [{"key": key, "value": value} for key, value in dictionary.items()]
    return {
        "keys": list(dictionary),
        "values": list(dictionary.values()),
        "pairs": pairs,
    }


@block(
    id="dictionaries.from_pairs",
    title="Dictionary from lists",
    keywords=("zip", "keys and values", "build", "make", "columns", "object"),
    examples=[
        example({"keys": ["a", "b"], "values": [1, 2]}, result={"a": 1, "b": 2}),
    ],
)
async def from_pairs(
    keys: Annotated[list[str | int], about("The keys.")],
    values: Annotated[list[Any], about("As many values.")],
) -> _New:
    """Makes a dictionary of a list of keys and a list of values."""
    if len(keys) != len(values):
        raise ValueError(
            f"'keys' holds {len(keys)} and 'values' {len(values)}; they must be as many."
        )
    return {str(key): value for key, value in zip(keys, values, strict=True)}


@block(
    id="dictionaries.pick",
    title="Pick keys",
    keywords=("select", "fields", "subset", "keep", "omit", "project", "columns"),
    examples=[
        example(
            {"dictionary": {"a": 1, "b": 2, "c": 3}, "keys": ["a", "c"]},
            result={"a": 1, "c": 3},
        ),
        example(
            {"dictionary": {"a": 1, "b": 2}, "keys": ["a"], "others": True},
            result={"b": 2},
        ),
    ],
)
async def pick(
    dictionary: _Dictionary,
    keys: Annotated[list[str], about("Which keys.")],
    *,
    others: Annotated[bool, about("Keep all others instead.")] = False,
) -> _New:
    """Keeps some keys of a dictionary, in its own order; those it lacks are left out."""
    return {
        key: value for key, value in dictionary.items() if (key in keys) is not others
    }


@block(
    id="dictionaries.rename",
    title="Rename keys",
    keywords=("map", "fields", "columns", "change key", "relabel"),
    examples=[
        example({"dictionary": {"a": 1, "b": 2}, "names": {"a": "x"}}, result={"x": 1, "b": 2})
    ],
)  # fmt: skip
async def rename(
    dictionary: _Dictionary,
    names: Annotated[dict[str, str], about("Old names and their new ones.")],
) -> _New:
    """Gives keys other names; the rest stays."""
    renamed = {names.get(key, key): value for key, value in dictionary.items()}
    if len(renamed) < len(dictionary):
        raise ValueError("'names' gives two keys the same name; one would be lost.")
    return renamed


def _known(dictionary: dict[str, Any], key: str | int) -> Any:
    for name in (key, str(key)):
        if name in dictionary:
            return name
    shown = ", ".join(map(repr, list(dictionary)[:20])) or "none"
    raise KeyError(f"Key {key!r} not found in dictionary. It has: {shown}.")
