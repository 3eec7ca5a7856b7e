"""Blocks that steer: switch, gate, repeat, hold back, stop."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, compare, example, is_empty, listed
from agentbench.domain.context import Context
from agentbench.domain.errors import RateExceeded
from agentbench.domain.example import Example
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Port
from agentbench.domain.rate import Rate

_MOST_CASES = 50
_OTHERWISE = "otherwise"


def _cases(constants: Constants) -> list[Port]:
    given = constants.get("cases")
    names = given if isinstance(given, Mapping) else dict.fromkeys(listed(given))
    return [
        Port(name=str(name), help=f"The value, when it is the case {name!r}.")
        for name in list(names)[:_MOST_CASES]
    ]


@block(
    id="logic.switch",
    title="Switch",
    keywords=("case", "route", "branch", "match", "select", "router", "cases"),
    outputs={_OTHERWISE: Annotated[Any, about("The value, when no case fits.")]},
    more_outputs=_cases,
    examples=[
        example({"value": "red", "cases": ["red", "green"]}, red="red"),
        example({"value": "blue", "cases": ["red"]}, otherwise="blue"),
        example(
            {"on": 404, "cases": {"missing": 404, "fine": 200}, "value": "page"},
            missing="page",
        ),
    ],
)
async def switch(
    value: Annotated[Any, about("What goes on.", shown=True)] = None,
    *,
    on: Annotated[Any, about("What decides, if not the value itself.")] = None,
    cases: Annotated[
        list[str] | dict[str, Any],
        about("Outputs by name: a list of values, or names and their values.", shown=True),
    ] = [],  # noqa: B006 - read, never changed
) -> dict[str, Any]:  # fmt: skip
    """Sends a value out by the case that fits; each case becomes an output."""
    decides = value if on is None else on
    wanted = cases if isinstance(cases, dict) else {name: name for name in cases}
    if len(wanted) > _MOST_CASES:
        raise ValueError(f"'cases' names {len(wanted)}; {_MOST_CASES} is the most.")
    for name, one in wanted.items():
        if compare(decides, "==", one):
            return {name: value}
    return {_OTHERWISE: value}


@block(
    id="logic.gate",
    title="Gate",
    keywords=("pass", "block", "allow", "if", "stop", "only when", "valve"),
    outputs={
        "open": Annotated[Any, about("The value, when the gate is open.")],
        "closed": Annotated[Any, about("The value, when it is not.")],
    },
    examples=[
        example({"value": 1, "is_open": True}, open=1),
        example({"value": 1, "is_open": False}, closed=1),
    ],
)
async def gate(
    value: Annotated[Any, about("What goes through.")],
    *,
    is_open: Annotated[bool, about("Whether it does.", shown=True)] = True,
) -> dict[str, Any]:
    """Lets a value through while a condition of another node holds."""
    return {"open" if is_open else "closed": value}


@block(
    id="logic.combine",
    title="And, or, not",
    keywords=("boolean", "and", "or", "not", "xor", "all", "any", "none"),
    examples=[
        example({"values": [True, False], "how": "all"}, result=False),
        example({"values": [True, False], "how": "any"}, result=True),
        example({"values": [False], "how": "none"}, result=True),
    ],
)
async def combine(
    values: Annotated[list[bool], about("Answers of yes or no.")],
    how: Annotated[
        Literal["all", "any", "none", "one"], about("How many of them must be yes.")
    ] = "all",
) -> Annotated[bool, about("Whether that is so.")]:
    """Makes one answer of several; `none` of a single one is its opposite."""
    count = sum(values)
    known = {"all": len(values), "none": 0, "one": 1}
    return count > 0 if how == "any" else count == known[how]


@block(
    id="logic.first_filled",
    title="First that is filled",
    keywords=("coalesce", "default", "fallback", "or else", "null", "if empty"),
    examples=[
        example({"first": "", "second": None, "fallback": "none"}, result="none"),
        example({"first": "", "second": "b"}, result="b"),
        example({"first": 0}, result=0, note="0 is something."),
    ],
)
async def first_filled(
    first: Annotated[Any, about("Taken, if there is something in it.", shown=True)] = None,
    second: Annotated[Any, about("Otherwise this one.", shown=True)] = None,
    third: Annotated[Any, about("Or this one.")] = None,
    *,
    fallback: Annotated[Any, about("When all are empty.")] = None,
) -> Annotated[Any, about("The first that is not empty.")]:  # fmt: skip
    """Takes the first of several values that is not empty."""
    given = (first, second, third)
    return next((one for one in given if not is_empty(one)), fallback)


@block(
    id="logic.repeat",
    title="Repeat",
    keywords=("times", "again", "loop", "count", "range", "for", "iterate"),
    outputs={
        "value": Annotated[Any, about("The value, each time.")],
        "number": Annotated[int, about("Which time it is, from 1.")],
    },
    examples=[
        Example(
            inputs={"value": "x", "times": 2},
            outputs={"value": ["x", "x"], "number": [1, 2]},
        )
    ],
)
async def repeat(
    value: Annotated[Any, about("What is given.", shown=True)] = None,
    times: Annotated[int, pydantic.Field(ge=0, le=10_000), about("How often.")] = 2,
) -> AsyncIterator[tuple[str, Any]]:
    """Gives a value several times; what is linked to it runs as often."""
    for number in range(1, times + 1):
        yield "value", value
        yield "number", number


@block(
    id="logic.merge",
    title="Merge branches",
    keywords=("join", "any", "either", "whichever", "branches", "collect", "pass"),
    examples=[example({"value": 1}, result=1)],
)
async def merge(
    value: Annotated[Any, about("Link as many outputs here as you like.")],
) -> Annotated[Any, about("Each value that came, as it came.")]:
    """Brings branches together again: whatever comes, from whichever, goes on."""
    return value


@block(
    id="logic.throttle",
    title="Throttle",
    keywords=("rate limit", "at most", "slow down", "frequency", "debounce", "drop"),
    effects="reads",
    outputs={
        "value": Annotated[Any, about("A value that may go on.")],
        "dropped": Annotated[Any, about("One that came too soon.")],
    },
    examples=[example({"value": "a", "seconds": 60}, value="a")],
)
async def throttle(
    value: Annotated[Any, about("What comes.")],
    seconds: Annotated[
        float, pydantic.Field(gt=0, le=86_400), about("The time that counts.")
    ] = 60,
    *,
    times: Annotated[int, pydantic.Field(ge=1), about("So many in that time.")] = 1,
    wait: Annotated[bool, about("Wait for a turn instead of dropping.")] = False,
    key: Annotated[
        str, about("Nodes with the same key share one measure.", advanced=True)
    ] = "",
    context: Context,
) -> dict[str, Any]:
    """Lets so many values through in a time, in all kernels together."""
    measure = key or f"throttle:{context.run_id}:{context.node}"
    patience = None if wait else 0.0
    try:
        await context.take(measure, Rate(times, seconds), timeout=patience)
    except RateExceeded:
        return {"dropped": value}
    return {"value": value}


@block(
    id="logic.debounce",
    title="Debounce",
    keywords=("settle", "quiet", "last", "wait for pause", "throttle", "burst"),
    effects="writes",
    outputs={
        "value": Annotated[Any, about("The last value, once nothing more came.")],
        "dropped": Annotated[Any, about("A value that another one followed.")],
    },
    examples=[example({"value": "a", "seconds": 0}, value="a")],
)
async def debounce(
    value: Annotated[Any, about("What comes.")],
    seconds: Annotated[
        float, pydantic.Field(ge=0, le=2), about("So long nothing more may come.")
    ] = 0.5,
    *,
    context: Context,
) -> dict[str, Any]:
    """Of several values in a row gives only the last, after a moment of quiet."""
    key = f"debounce {context.run_id} {context.node}"
    context.memory.put(key, context.firing)
    await context.sleep(seconds)
    is_last = context.memory.get(key) == context.firing
    if is_last:
        context.memory.forget(key)
    return {"value" if is_last else "dropped": value}


class Stopped(ValueError):
    """A graph said that something is wrong."""


@block(
    id="logic.fail",
    title="Fail",
    keywords=("error", "raise", "stop", "abort", "assert", "throw", "check"),
    examples=[example({"value": 3, "when": False}, result=3)],
)
async def fail(
    value: Annotated[Any, about("What goes on, when nothing is wrong.", shown=True)] = None,
    message: Annotated[str, about("What is said.", shown=True)] = "This should not happen.",
    *,
    when: Annotated[bool, about("Fails only then.")] = True,
) -> Annotated[Any, about("The value, when it does not fail.")]:  # fmt: skip
    """Fails with a message of your own."""
    if when:
        raise Stopped(message)
    return value
