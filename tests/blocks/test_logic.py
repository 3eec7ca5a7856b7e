"""Conditions, stepping and waiting."""

import asyncio
import datetime
import time
from typing import Any

import pandas as pd
import pytest

from agentbench.blocks.logic.flow import condition, step, wait


@pytest.mark.parametrize(
    ("left", "operator", "right", "holds"),
    [
        (1, "==", 1.0, True),
        ("a", "!=", "b", True),
        ("007", "==", "7", False),
        ("10", ">", "9", True),
        ("10", ">", 9, True),
        (2, "<=", "2.0", True),
        ("b", ">", "a", True),
        (True, "==", "true", True),
        (datetime.date(2024, 5, 1), "<", "2024-06-01", True),
        (datetime.datetime(2024, 5, 1, 12), ">", datetime.date(2024, 5, 1), True),  # noqa: DTZ001
        ("Oslo, Norway", "contains", "Norway", True),
        ([1, 2], "contains", "2", True),
        ("Oslo", "starts with", "Os", True),
        ("Oslo", "ends with", "x", False),
        ("b", "is one of", "a, b, c", True),
        (3, "is one of", [1, 2], False),
        ("  ", "is empty", None, True),
        (float("nan"), "is empty", None, True),
        (0, "is empty", None, False),
        ([1], "is not empty", None, True),
    ],
)
async def test_a_condition_sends_the_value_one_way(
    fire: Any, left: Any, operator: str, right: Any, holds: bool
) -> None:
    given = await fire(condition, left=left, operator=operator, right=right)
    branch = "yes" if holds else "no"
    assert given["result"] == [holds]
    assert set(given) == {"result", branch}
    assert given[branch][0] is left or given[branch] == [left]


async def test_another_value_may_go_on(fire: Any) -> None:
    given = await fire(condition, left=1, operator="<", right=2, value="small")
    assert given == {"result": [True], "yes": ["small"]}


async def test_what_has_no_order_says_what_to_do(fire: Any) -> None:
    with pytest.raises(TypeError, match=r"'a' > 3 .*str and int.*values\.convert"):
        await fire(condition, left="a", operator=">", right=3)


async def test_stepping_gives_items_and_keys_in_order(fire: Any) -> None:
    given = await fire(step, items=["a", "b"])
    assert given == {"item": ["a", "b"], "key": [0, 1]}
    assert await fire(step, items={"x": 1}) == {"item": [1], "key": ["x"]}
    assert await fire(step, items="[5]") == {"item": [5], "key": [0]}


async def test_stepping_through_a_table_gives_rows(fire: Any) -> None:
    table = pd.DataFrame({"city": ["Oslo"], "t": [None]})
    assert (await fire(step, items=table))["item"] == [{"city": "Oslo", "t": None}]


async def test_no_items_give_nothing(fire: Any) -> None:
    assert await fire(step, items=[]) == {}


async def test_too_many_items_fail_before_the_first(fire: Any) -> None:
    with pytest.raises(ValueError, match="holds 3, more than the 'limit' of 2"):
        await fire(step, items=[1, 2, 3], limit=2)


@pytest.mark.parametrize("items", [5, None, "just words"])
async def test_what_has_no_items_says_so(fire: Any, items: Any) -> None:
    with pytest.raises(TypeError, match="'items'"):
        await fire(step, items=items)


async def test_waiting_passes_the_value_on_later(fire: Any) -> None:
    start = time.monotonic()
    assert await fire(wait, value="x", seconds=0.05) == {"result": ["x"]}
    assert time.monotonic() - start >= 0.05


async def test_a_wait_can_be_cancelled(fire: Any) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(fire(wait, seconds=3600), 0.05)
