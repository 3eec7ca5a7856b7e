"""Formulas over numbers."""

from typing import Any

import pytest

from agentbench.blocks.math.formula import calculate


@pytest.mark.parametrize(
    ("expression", "numbers", "expected"),
    [
        ("(f - 32) / 1.8", {"f": 212}, 100),
        ("2 ** 10 % 1000 // 2", {}, 12),
        ("-a + max(a, b, 1)", {"a": 2, "b": 5.5}, 3.5),
        ("round(pi, 2)", {}, 3.14),
        ("sqrt(x)", {"x": 9}, 3),
    ],
)
async def test_a_formula_gives_its_number(
    fire: Any, expression: str, numbers: dict[str, float], expected: float
) -> None:
    given = await fire(calculate, expression=expression, **numbers)
    assert given["result"] == [pytest.approx(expected)]


def test_the_names_of_a_formula_become_inputs_in_order() -> None:
    ports = calculate.inputs({"expression": "width * height + max(width, pi, 3)"})
    assert [port.name for port in ports] == ["expression", "width", "height"]


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("1 +", "no formula"),
        ("", "no formula"),
        ("(" * 300 + ")" * 300, "no formula"),
        ("9 ** 9 ** 9", "too large"),
        ("10.0 ** 1000", "worked out"),
        ("(-8) ** 0.5", "no number"),
        ("1 / (2 - 2)", "divides by zero"),
        ("sqrt(0 - 1)", "worked out"),
        ("'a' * 3", "no arithmetic"),
        ("True + 1", "no arithmetic"),
        ("().__class__", "no arithmetic"),
        ("__import__('os')", "no function '__import__'"),
        ("[1 for _ in 'ab']", "no arithmetic"),
        ("lost + 1", "'lost' has no value"),
        ("1 << 99999999", "no arithmetic"),
        ("+".join("1" * 600), "longer than 1000"),
    ],
)
def test_what_is_no_formula_fails_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        _run(expression)


def _run(expression: str) -> Any:
    coroutine = calculate(expression)
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("a formula never waits")
