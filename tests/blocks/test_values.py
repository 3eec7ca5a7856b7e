"""Constants, notes and conversions."""

from typing import Any

import pandas as pd
import pytest

from agentbench.blocks.values import constant, convert, note


async def test_a_constant_holds_any_value_and_is_sticky(fire: Any) -> None:
    assert await fire(constant, value={"a": [0]}) == {"value": [{"a": [0]}]}
    assert constant.is_sticky


def test_a_note_is_for_reading_only() -> None:
    assert note.role == "note"
    assert note.outputs({}) == ()


@pytest.mark.parametrize(
    ("value", "to", "expected"),
    [
        (3, "text", "3"),
        ({"é": [1, None]}, "text", '{"é": [1, null]}'),
        (True, "text", "true"),
        (" 2.5 ", "number", 2.5),
        (7, "number", 7.0),
        ("12", "whole number", 12),
        ("-3.0", "whole number", -3),
        (10**30, "whole number", 10**30),
        ("Yes", "boolean", True),
        ("off", "boolean", False),
        ([], "boolean", False),
        ("[1, 2]", "list", [1, 2]),
        ("plain", "list", ["plain"]),
        ((1, 2), "list", [1, 2]),
        ({"a": 1}, "list", [{"key": "a", "value": 1}]),
        ('{"a": 1}', "dictionary", {"a": 1}),
        (["x", "y"], "dictionary", {"0": "x", "1": "y"}),
    ],
)
async def test_values_are_converted(
    fire: Any, value: Any, to: str, expected: Any
) -> None:
    (given,) = (await fire(convert, value=value, to=to))["value"]
    assert given == expected
    assert type(given) is type(expected)


async def test_a_table_becomes_a_list_of_its_rows(fire: Any) -> None:
    table = pd.DataFrame({"a": [1, 2]})
    given = await fire(convert, value=table, to="list")
    assert given == {"value": [[{"a": 1}, {"a": 2}]]}


@pytest.mark.parametrize(
    ("value", "to", "reason"),
    [
        ("twelve", "number", "could not convert"),
        ("1_000", "number", "underscores"),
        (2.5, "whole number", "fraction"),
        ("inf", "whole number", "infinity"),
        ("maybe", "boolean", "none of yes, no"),
        (None, "number", "None"),
        ("{", "dictionary", "Expecting"),
        (3, "dictionary", "only a list"),
    ],
)
async def test_what_cannot_be_converted_says_why(
    fire: Any, value: Any, to: str, reason: str
) -> None:
    with pytest.raises(ValueError, match=f"'value' cannot be converted to {to}") as e:
        await fire(convert, value=value, to=to)
    assert reason in str(e.value)


def test_the_output_of_a_conversion_is_typed() -> None:
    (output,) = convert.outputs({"to": "whole number"})
    assert output.type_name == "whole number"
