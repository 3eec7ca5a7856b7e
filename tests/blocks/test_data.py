"""Lists, dictionaries and JSON."""

from typing import Any

import pandas as pd
import pytest

from agentbench.blocks import data

CITIES = [
    {"name": "Oslo", "geo": {"lat": 59.9}, "tags": ["sea"]},
    {"name": "Rome", "geo": {"lat": 41.9}, "tags": []},
    {"name": "Nowhere"},
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, null]}', {"a": [1, None]}),
        ('```json\n{"a": 1}\n```\n', {"a": 1}),
        ('"x"', "x"),
    ],
)
async def test_json_is_parsed(fire: Any, text: str, value: Any) -> None:
    assert await fire(data.parse_json, text=text) == {"result": [value]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,\n "b" 2}', "line 2, column 6, near"),
        ("", "line 1, column 1"),
        ("[" * 200_000, "cannot be read"),
        ("1" * 5000, "cannot be read"),
    ],
)
async def test_what_is_no_json_says_where(fire: Any, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"'text' is .*{reason}"):
        await fire(data.parse_json, text=text)


async def test_a_query_picks_from_nested_data(fire: Any) -> None:
    expression = "[?geo.lat > `50`].name"
    given = await fire(data.query, value=CITIES, expression=expression)
    assert given == {"result": [["Oslo"]]}


@pytest.mark.parametrize("expression", ["[?", "", "unknown(@)", "sum(@)"])
async def test_a_wrong_query_says_why(fire: Any, expression: str) -> None:
    with pytest.raises(ValueError, match="'expression' "):
        await fire(data.query, value=["a"], expression=expression)


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (0, CITIES[0]),
        (-1, CITIES[2]),
        ("1.geo.lat", 41.9),
        ("[0].tags[0]", "sea"),
        ("[0].tags[-1]", "sea"),
    ],
)
async def test_an_item_is_found(fire: Any, key: Any, found: Any) -> None:
    assert await fire(data.get, value=CITIES, key=key) == {"result": [found]}


async def test_a_key_with_a_dot_is_found_before_a_path(fire: Any) -> None:
    value = {"PM2.5": 7, "PM2": {"5": 0}}
    assert await fire(data.get, value=value, key="PM2.5") == {"result": [7]}


@pytest.mark.parametrize("key", [3, "0.nothing", "__class__", "", "0.name.upper"])
async def test_a_missing_item_gives_the_whole(fire: Any, key: Any) -> None:
    assert await fire(data.get, value=CITIES, key=key) == {"missing": [CITIES]}


async def test_a_dictionary_is_made_of_named_inputs(fire: Any) -> None:
    names = ["city", "PM 2.5"]
    given = await fire(data.make_dictionary, names=names, **{"city": 1, "PM 2.5": None})
    assert given == {"result": [{"city": 1, "PM 2.5": None}]}


async def test_a_list_is_made_of_numbered_inputs(fire: Any) -> None:
    given = await fire(data.make_list, size=3, item_1="a", item_2=None, item_3=0)
    assert given == {"result": [["a", None, 0]]}
    with pytest.raises(ValueError, match="'size' is 51"):
        await data.make_list(size=51)


@pytest.mark.parametrize(
    ("first", "second", "deep", "both"),
    [
        ([1], [2], False, [1, 2]),
        ({"a": 1, "b": 1}, {"b": 2}, False, {"a": 1, "b": 2}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, False, {"a": {"y": 2}}),
        ({"a": {"x": 1}}, {"a": {"y": 2}}, True, {"a": {"x": 1, "y": 2}}),
    ],
)
async def test_two_of_a_kind_are_merged(
    fire: Any, first: Any, second: Any, deep: bool, both: Any
) -> None:
    given = await fire(data.merge, first=first, second=second, deep=deep)
    assert given == {"result": [both]}


async def test_a_list_and_a_dictionary_are_not_merged(fire: Any) -> None:
    with pytest.raises(TypeError, match="'first' is a list and 'second' a dictionary"):
        await fire(data.merge, first=[], second={})


@pytest.mark.parametrize(
    "value", [[1, 2], {"a": 1, "b": 2}, "ab", pd.DataFrame({"a": [1, 2]})]
)
async def test_things_are_counted(fire: Any, value: Any) -> None:
    assert await fire(data.count, value=value) == {"result": [2]}


async def test_a_number_cannot_be_counted(fire: Any) -> None:
    with pytest.raises(TypeError, match="'value' is int 7, which has nothing to count"):
        await fire(data.count, value=7)


async def test_items_are_sorted_those_without_a_value_last(fire: Any) -> None:
    given = await fire(data.sort, items=CITIES, by="geo.lat")
    assert [city["name"] for city in given["result"][0]] == ["Rome", "Oslo", "Nowhere"]
    given = await fire(data.sort, items=[2, None, 3, 1], descending=True)
    assert given == {"result": [[3, 2, 1, None]]}


async def test_mixed_items_have_no_order(fire: Any) -> None:
    with pytest.raises(TypeError, match="'items' cannot be put in order"):
        await fire(data.sort, items=[1, "a"])


async def test_a_list_is_filtered(fire: Any) -> None:
    given = await fire(
        data.filter_items, items=CITIES, by="geo.lat", operator=">", value="50"
    )
    assert given == {"kept": [[CITIES[0]]], "rest": [CITIES[1:]]}
    given = await fire(data.filter_items, items=["a", "b"], operator="!=", value="a")
    assert given["kept"] == [["b"]]


async def test_an_empty_item_can_be_asked_for(fire: Any) -> None:
    given = await fire(data.filter_items, items=CITIES, by="tags", operator="is empty")
    assert [city["name"] for city in given["kept"][0]] == ["Rome", "Nowhere"]


async def test_duplicates_are_dropped_and_kinds_kept_apart(fire: Any) -> None:
    items = [1, 1.0, True, {"a": 1, "b": 2}, {"b": 2, "a": 1}, 1]
    given = await fire(data.unique, items=items)
    assert given["result"][0] == [1, 1.0, True, {"a": 1, "b": 2}]
    given = await fire(data.unique, items=[{"k": 1, "n": 1}, {"k": 1, "n": 2}], by="k")
    assert given == {"result": [[{"k": 1, "n": 1}]]}


async def test_what_is_no_number_counts_as_no_value(fire: Any) -> None:
    nan = float("nan")
    given = await fire(data.sort, items=[3, nan, 1, pd.NaT, 2])
    assert given["result"][0][:3] == [1, 2, 3]
    rows = [{"n": 3}, {"n": nan}, {"n": 1}, {"n": pd.NA}, {"n": 2}]
    given = await fire(data.sort, items=rows, by="n", descending=True)
    assert [row["n"] for row in given["result"][0]][:3] == [3, 2, 1]
