"""Blocks that calculate."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from agentbench.blocks.base import about, block, example
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Port, PythonCode

Number = int | float

MAX_BITS = 4096
"""No whole number on the way may be longer than this."""
_MAX_LENGTH = 1000

_CONSTANTS: Mapping[str, Number] = {"pi": math.pi, "e": math.e}
_FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "abs": abs,
    "ceil": math.ceil,
    "cos": math.cos,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log10": math.log10,
    "max": max,
    "min": min,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
_OPERATORS: Mapping[type[ast.operator | ast.unaryop], Callable[..., Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}


class CannotCalculate(ValueError):
    """The expression has no number as its result."""


def _variables(constants: Constants) -> list[Port]:
    try:
        tree = _parsed(str(constants.get("expression", "")))
    except CannotCalculate:
        return []
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    names = [
        (node.lineno, node.col_offset, node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called
    ]
    wanted = dict.fromkeys(name for _, _, name in sorted(names))
    return [
        Port(name=name, annotation=Number, help=f"`{name}` in the expression.")
        for name in wanted
        if name not in _CONSTANTS and name != "expression"
    ]


@block(
    id="math.calculate",
    title="Calculate",
    keywords=("arithmetic", "formula", "add", "multiply", "number", "expression"),
    more_inputs=_variables,
    examples=[example({"expression": "(f - 32) / 1.8", "f": 50}, result=10.0)],
)
async def calculate(
    expression: Annotated[
        PythonCode, about("Such as `(fahrenheit - 32) / 1.8`; its names become inputs.")
    ],
    **numbers: Number,
) -> Annotated[float | int, about("The number that comes out.")]:
    """Works out a formula over numbers.

    It knows + - * / // % **, brackets, pi, e, and abs, ceil, cos, exp, floor, log,
    log10, max, min, round, sin, sqrt, tan. Every other name becomes an input.
    """
    tree = _parsed(expression)
    try:
        return _value(tree.body, numbers)
    except ZeroDivisionError:
        raise CannotCalculate(
            f"{expression!r} divides by zero with {_said(numbers)}."
        ) from None
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, CannotCalculate):
            raise
        raise CannotCalculate(
            f"{expression!r} cannot be worked out with {_said(numbers)}: {error}."
        ) from error


def _parsed(expression: str) -> ast.Expression:
    if len(expression) > _MAX_LENGTH:
        raise CannotCalculate(
            f"'expression' is longer than {_MAX_LENGTH} letters; split it in two."
        )
    try:
        return ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise CannotCalculate(
            f"'expression' is no formula: {expression!r:.80}: {reason}."
        ) from error


def _value(node: ast.expr, numbers: Mapping[str, Any]) -> Number:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(
            value, bool
        ):
            return _bounded(value)
        case ast.Name(id=name) if name in numbers:
            return _bounded(numbers[name])
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Name(id=name):
            raise CannotCalculate(f"{name!r} has no value; link it or set it.")
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _OPERATORS:
            return _bounded(_OPERATORS[type(op)](_value(operand, numbers)))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            sides = _value(left, numbers), _value(right, numbers)
            if isinstance(op, ast.Pow):
                _check_power(*sides)
            return _bounded(_OPERATORS[type(op)](*sides))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            function = _FUNCTIONS.get(name)
            if function is None:
                raise CannotCalculate(
                    f"there is no function {name!r}; there are {', '.join(_FUNCTIONS)}."
                )
            return _bounded(function(*(_value(arg, numbers) for arg in args)))
    raise CannotCalculate(
        f"{ast.unparse(node)!r:.80} is no arithmetic;"
        " use `python.expression` for other Python."
    )


def _check_power(base: Number, exponent: Number) -> None:
    both_whole = isinstance(base, int) and isinstance(exponent, int)
    if both_whole and int(base).bit_length() * max(exponent, 0) > MAX_BITS:
        raise CannotCalculate(f"{base} ** {exponent} is too large a number.")


def _bounded(value: Any) -> Number:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise CannotCalculate(f"{value!r:.60} is no number.")
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        raise CannotCalculate("a number on the way is too large.")
    return value


def _said(numbers: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {value!r:.30}" for name, value in numbers.items()) or (
        "no variables"
    )
