"""Blocks that send values one way or the other, item by item, or later."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import (
    Operator,
    about,
    block,
    compare,
    example,
    frame,
    is_table,
    plain_rows,
)
from agentbench.blocks.base.parts import alike
from agentbench.domain.context import Context
from agentbench.domain.example import Example


@block(
    id="logic.condition",
    title="Condition",
    keywords=("if", "else", "compare", "branch", "switch", "filter", "when"),
    outputs={
        "result": Annotated[bool, about("Whether it holds.")],
        "yes": Annotated[Any, about("The value, when it holds.")],
        "no": Annotated[Any, about("The value, when it does not.")],
    },
    examples=[
        example({"left": 7, "operator": ">", "right": 5}, result=True, yes=7),
        example(
            {
                "left": " 10 ",
                "operator": "==",
                "right": "10.0",
                "numbers": True,
                "no_value": "no",
            },
            result=True,
            yes=" 10 ",
        ),
        example(
            {"left": 1, "operator": ">", "right": 5, "no_value": "small"},
            result=False,
            no="small",
        ),
    ],
)
async def condition(
    left: Annotated[Any, about("What is compared.")],
    operator: Annotated[Operator, about("How.", shown=True)] = "==",
    right: Annotated[Any, about("What it is compared with.", shown=True)] = None,
    *,
    value: Annotated[
        Any, about("What goes on, if not the left side.", advanced=True)
    ] = None,
    yes_value: Annotated[
        Any, about("What goes on when it holds.", advanced=True)
    ] = None,
    no_value: Annotated[
        Any, about("What goes on when it does not.", advanced=True)
    ] = None,
    numbers: Annotated[
        bool,
        about("Text that looks like a number always counts as one.", advanced=True),
    ] = False,
) -> dict[str, Any]:
    """Sends a value one way or the other.

    Text that looks like a number or an ISO date counts as one beside a number or a
    date. `is one of` takes a list, or words with commas between.
    """
    sides = (_as_number(left), _as_number(right)) if numbers else (left, right)
    holds = compare(sides[0], operator, sides[1])
    branch, own = ("yes", yes_value) if holds else ("no", no_value)
    given = next((one for one in (own, value) if one is not None), left)
    return {"result": holds, branch: given}


def _as_number(value: Any) -> Any:
    """A value without spaces around it, as the number it looks like."""
    if not isinstance(value, str):
        return value
    try:
        return float(value.strip())
    except ValueError:
        return value.strip()


@block(
    id="logic.matches",
    title="Is the same",
    keywords=("equals", "match", "if", "compare", "same as", "branch"),
    outputs={
        "result": Annotated[bool, about("Whether they are the same.")],
        "yes": Annotated[Any, about("The value for yes, when they are.")],
        "no": Annotated[Any, about("The value for no, when they are not.")],
    },
    examples=[
        example(
            {"value": 10, "wanted": "10", "yes_value": "same"}, result=True, yes="same"
        ),
        example({"value": "a", "wanted": "b"}, result=False, no="a"),
    ],
)
async def matches(
    value: Annotated[Any, about("What is compared; its type counts.")],
    wanted: Annotated[Any, about("What it should be; read as that type.")],
    yes_value: Annotated[
        Any, about("What goes on when it is, if not the value.")
    ] = None,
    no_value: Annotated[
        Any, about("What goes on when it is not, if not the value.")
    ] = None,
) -> dict[str, Any]:
    """Sends a value one way when it is what is wanted, and another way when it is not."""
    try:
        like = type(value)(wanted) if isinstance(value, (int, float, str)) else wanted
    except (TypeError, ValueError, OverflowError):
        like = wanted
    if isinstance(value, bool) and isinstance(wanted, str):
        like = {"true": True, "false": False}.get(wanted.strip().lower(), wanted)
    holds = alike(value, like)
    branch, own = ("yes", yes_value) if holds else ("no", no_value)
    return {"result": holds, branch: value if own is None else own}


@block(
    id="logic.step",
    title="Step through",
    keywords=("loop", "for each", "iterate", "items", "list", "rows", "stream"),
    outputs={
        "item": Annotated[Any, about("Each item: of a table, a row as a dictionary.")],
        "key": Annotated[Any, about("Its place in the list, or its key.")],
    },
    examples=[
        Example(
            inputs={"items": ["a", "b"]}, outputs={"item": ["a", "b"], "key": [0, 1]}
        ),
        Example(inputs={"items": {"x": 1}}, outputs={"item": [1], "key": ["x"]}),
        Example(inputs={"items": []}, outputs={}),
    ],
)
async def step(
    items: Annotated[
        Any, about("A list, a dictionary, a table, or JSON text of a list.", shown=True)
    ] = None,
    *,
    dictionary: Annotated[
        dict[str, Any] | None, about("Then the values of this.", advanced=True)
    ] = None,
    text: Annotated[
        str | None, about("Then the items of this JSON text.", advanced=True)
    ] = None,
    limit: Annotated[
        int, about("More items than this fail, before any is given.", advanced=True)
    ] = 10_000,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Gives the items one by one.

    What is linked to `item` runs once for each of them. No items, no runs.
    """
    given = [one for one in (items, dictionary, text or None) if one is not None]
    if not given and text is None:
        raise TypeError(
            "'items' must be a list, a dictionary or a table; it has no value."
        )
    pairs: list[tuple[Any, Any]] = []
    for one in given:
        pairs += await _pairs(one, context)
    if len(pairs) > limit:
        raise ValueError(
            f"'items' holds {len(pairs)}, more than the 'limit' of {limit};"
            " filter them first, or raise the limit."
        )
    for key, item in pairs:
        yield "item", item
        yield "key", key


@block(
    id="logic.wait",
    title="Wait",
    keywords=("sleep", "delay", "pause", "timer", "seconds"),
    examples=[example({"value": "go on", "seconds": 0}, result="go on")],
)
async def wait(
    value: Annotated[Any, about("What is passed on.", shown=True)] = None,
    seconds: Annotated[
        float, about("How long.", shown=True), pydantic.Field(ge=0, le=86_400)
    ] = 1,
    *,
    context: Context,
) -> Annotated[Any, about("The value, when the time is over.")]:
    """Passes a value on after some seconds.

    It holds nothing meanwhile, and stopping the run ends the wait at once.
    """
    await context.sleep(seconds)
    return value


async def _pairs(items: Any, context: Context) -> list[tuple[Any, Any]]:
    """The items with their places or keys."""
    if is_table(items):
        table = await context.in_thread(frame, items, "logic.step")
        items = await context.in_thread(plain_rows, table)
    elif isinstance(items, str):
        items = _parsed(items)
    if isinstance(items, Mapping):
        return list(items.items())
    if isinstance(items, (list, tuple, set, frozenset)):
        return list(enumerate(items))
    raise TypeError(
        f"'items' must be a list, a dictionary or a table;"
        f" it is {type(items).__name__} {items!r:.60}."
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TypeError(
            f"'items' is text that is no JSON ({text!r:.60}): {error}."
            " Split it first (`text.split`)."
        ) from error
