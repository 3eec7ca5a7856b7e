"""Blocks for numbers: two of them, many of them, by chance."""

import math
import random
import statistics
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.domain.example import Example

Operation = Literal[
    "add",
    "subtract",
    "multiply",
    "divide",
    "power",
    "remainder",
    "smaller",
    "larger",
]
_OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": math.pow,
    "remainder": math.fmod,
    "smaller": min,
    "larger": max,
}


@block(
    id="math.operate",
    title="Calculator",
    keywords=("add", "plus", "minus", "times", "divide", "power", "arithmetic", "sum"),
    examples=[
        example({"operation": "add", "a": 2, "b": 3}, result=5.0),
        example({"operation": "divide", "a": 7, "b": 2, "whole": True}, result=4.0),
        example({"operation": "divide", "a": 1, "b": 0, "strict": False}, result=math.inf),
    ],
)  # fmt: skip
async def operate(
    a: Annotated[float, about("The first number.")],
    b: Annotated[float, about("The second number.")],
    operation: Annotated[Operation, about("What is done.", shown=True)] = "add",
    *,
    whole: Annotated[bool, about("Round to a whole number.")] = False,
    strict: Annotated[
        bool, about("Fail instead of giving infinity or not-a-number.", advanced=True)
    ] = True,
) -> Annotated[float, about("The number that comes out.")]:
    """Adds, subtracts, multiplies, divides: two numbers, one result."""
    try:
        found = _OPERATIONS[operation](a, b)
    except ZeroDivisionError:
        found = math.inf
    except (ValueError, OverflowError):
        found = math.nan
    if strict and not math.isfinite(found):
        raise ValueError(f"{operation} of {a:g} and {b:g} has no number as its result.")
    if whole and math.isfinite(found):
        return float(_rounded(found, 0))
    return found


@block(
    id="math.round",
    title="Round",
    keywords=("digits", "decimals", "floor", "ceil", "truncate", "nearest"),
    examples=[
        example({"number": 2.345, "digits": 1}, result=2.3),
        example({"number": 2.5}, result=3.0, note="Halves go up, as people round."),
        example({"number": 2.1, "way": "up"}, result=3.0),
    ],
)
async def round_(
    number: Annotated[float, about("What is rounded.")],
    digits: Annotated[
        int, pydantic.Field(ge=-12, le=12), about("Digits after the point.")
    ] = 0,
    way: Annotated[Literal["nearest", "up", "down"], about("Where to.")] = "nearest",
) -> Annotated[float, about("The rounded number.")]:
    """Rounds a number, halves away from zero."""
    if way == "nearest":
        return _rounded(number, digits)
    scale = 10.0**digits
    return (math.ceil if way == "up" else math.floor)(number * scale) / scale


def _rounded(number: float, digits: int) -> float:
    import decimal

    if not math.isfinite(number):
        raise ValueError(f"{number} cannot be rounded.")
    step = decimal.Decimal(1).scaleb(-digits)
    with decimal.localcontext() as context:
        context.prec = 400  # a float has 309 digits before its point
        given = decimal.Decimal(repr(number))
        return float(given.quantize(step, rounding=decimal.ROUND_HALF_UP))


@block(
    id="math.statistics",
    title="Statistics",
    keywords=("mean", "average", "median", "sum", "minimum", "maximum", "total", "std"),
    outputs={
        name: Annotated[float, about(text)]
        for name, text in {
            "sum": "All together.",
            "mean": "The average.",
            "median": "The one in the middle.",
            "min": "The smallest.",
            "max": "The largest.",
            "deviation": "The standard deviation; 0 of a single number.",
        }.items()
    }
    | {"count": Annotated[int, about("How many numbers there are.")]},
    examples=[
        example(
            {"numbers": [1, 2, 3, 6]},
            sum=12.0,
            mean=3.0,
            median=2.5,
            min=1.0,
            max=6.0,
            count=4,
        )
    ],
)
def summary(
    numbers: Annotated[list[float], about("The numbers.")],
) -> dict[str, Any]:
    """Sums up a list of numbers."""
    if not numbers:
        raise ValueError("'numbers' is empty; there is nothing to sum up.")
    return {
        "count": len(numbers),
        "sum": math.fsum(numbers),
        "mean": statistics.fmean(numbers),
        "median": float(statistics.median(numbers)),
        "min": min(numbers),
        "max": max(numbers),
        "deviation": statistics.stdev(numbers) if len(numbers) > 1 else 0.0,
    }


@block(
    id="math.random",
    title="Random number",
    keywords=("dice", "chance", "coin", "uniform", "draw", "lottery"),
    effects="reads",
    examples=[
        example({"low": 3, "high": 3}, result=3.0),
        example({"low": 1, "high": 6, "seed": 7}, result=3.0),
    ],
)
async def random_(
    low: Annotated[float, about("The smallest that may come.")] = 1,
    high: Annotated[float, about("The largest that may come.")] = 6,
    *,
    whole: Annotated[bool, about("Whole numbers only.")] = True,
    seed: Annotated[int | None, about("The same number, the same chance.")] = None,
) -> Annotated[float, about("A number between the two.")]:
    """Draws a number by chance; for anything secret take `encode.id`."""
    if low > high:
        raise ValueError(f"'low' is {low:g}, which is above 'high', {high:g}.")
    draw = random.Random(seed)  # noqa: S311 - chance, no secret
    if not whole:
        return draw.uniform(low, high)
    first, last = math.ceil(low), math.floor(high)
    if first > last:
        raise ValueError(f"There is no whole number from {low:g} to {high:g}.")
    return float(draw.randint(first, last))


@block(
    id="math.range",
    title="Count up",
    keywords=("sequence", "numbers", "from to", "steps", "series", "enumerate"),
    outputs={
        "number": Annotated[float, about("Each number, one by one.")],
        "numbers": Annotated[list[float], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"first": 1, "last": 3},
            outputs={"number": [1.0, 2.0, 3.0], "numbers": [[1.0, 2.0, 3.0]]},
        ),
        Example(inputs={"first": 3, "last": 1, "step": -2}, outputs={"numbers": [[3.0, 1.0]]}),
    ],
)  # fmt: skip
async def count_up(
    first: Annotated[float, about("Where it begins.")] = 1,
    last: Annotated[float, about("Where it ends.")] = 10,
    step: Annotated[float, about("How far apart; below 0 it counts down.")] = 1,
) -> AsyncIterator[tuple[str, Any]]:
    """Gives numbers from one to another."""
    if not step or not all(map(math.isfinite, (first, last, step))):
        raise ValueError("'step' must be a number other than 0, and the rest finite.")
    count = math.floor((last - first) / step + 1e-9) + 1
    if count > 100_000:
        raise ValueError(f"That would be {count} numbers; 100000 is the most.")
    numbers = [first + place * step for place in range(max(count, 0))]
    for number in numbers:
        yield "number", number
    yield "numbers", numbers
