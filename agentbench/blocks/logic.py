"""Blocks that decide what goes on, and when."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import (
    Operator,
    about,
    block,
    compare,
    frame,
    is_table,
    plain_rows,
)
from agentbench.domain.context import Context


@block(
    id="logic.condition",
    title="Condition",
    keywords=("if", "else", "compare", "branch", "switch", "filter", "when"),
    outputs={
        "result": Annotated[bool, about("Whether it holds.")],
        "yes": Annotated[Any, about("The value, when it holds.")],
        "no": Annotated[Any, about("The value, when it does not.")],
    },
)
async def condition(
    left: Annotated[Any, about("What is compared.")],
    operator: Annotated[Operator, about("How.", shown=True)] = "==",
    right: Annotated[Any, about("What it is compared with.", shown=True)] = None,
    *,
    value: Annotated[
        Any, about("What goes on, if not the left side.", advanced=True)
    ] = None,
) -> dict[str, Any]:
    """Sends a value one way or the other.

    Text that looks like a number or an ISO date counts as one beside a number or a
    date. `is one of` takes a list, or words with commas between.
    """
    holds = compare(left, operator, right)
    branch = "yes" if holds else "no"
    return {"result": holds, branch: left if value is None else value}


@block(
    id="logic.step",
    title="Step through",
    keywords=("loop", "for each", "iterate", "items", "list", "rows", "stream"),
    outputs={
        "item": Annotated[Any, about("Each item: of a table, a row as a dictionary.")],
        "key": Annotated[Any, about("Its place in the list, or its key.")],
    },
)
async def step(
    items: Annotated[
        Any, about("A list, a dictionary, a table, or JSON text of a list.")
    ],
    *,
    limit: Annotated[
        int, about("More items than this fail, before any is given.", advanced=True)
    ] = 10_000,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Gives the items one by one.

    What is linked to `item` runs once for each of them. No items, no runs.
    """
    if is_table(items):
        table = await context.in_thread(frame, items, "logic.step")
        items = await context.in_thread(plain_rows, table)
    elif isinstance(items, str):
        items = _parsed(items)
    if isinstance(items, Mapping):
        pairs = list(items.items())
    elif isinstance(items, (list, tuple, set, frozenset)):
        pairs = list(enumerate(items))
    else:
        raise TypeError(
            f"'items' must be a list, a dictionary or a table;"
            f" it is {type(items).__name__} {items!r:.60}."
        )
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


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TypeError(
            f"'items' is text that is no JSON ({text!r:.60}): {error}."
            " Split it first (`text.split`)."
        ) from error
