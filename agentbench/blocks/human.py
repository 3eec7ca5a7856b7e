"""Blocks that ask people, and wait for them without holding anything."""

from collections.abc import Mapping
from typing import Annotated, Any

from agentbench.blocks.base import about, block
from agentbench.domain.context import Context

APPROVE, REJECT = "approve", "reject"


@block(
    id="human.approve",
    title="Approve",
    keywords=("human", "review", "confirm", "permission", "allow", "gate", "person"),
    effects="reads",
    outputs={
        "approved": Annotated[Any, about("The value, when somebody approved.")],
        "rejected": Annotated[Any, about("The value, when somebody rejected.")],
    },
)
async def approve(
    value: Annotated[Any, about("What it is about; shown with the question.")],
    question: Annotated[str, about("What is asked.", shown=True)] = "Shall this go on?",
    *,
    context: Context,
) -> Mapping[str, Any]:
    """Lets a person look at a value, and sends it one way or the other.

    Until somebody has answered, today or next week, here or in another kernel, the run
    waits and holds nothing.
    """
    said = await context.ask(question, choices=(APPROVE, REJECT), about=value)
    return {"approved" if said == APPROVE else "rejected": value}


@block(
    id="human.ask",
    title="Ask",
    keywords=("human", "question", "input", "form", "choose", "answer", "person"),
    effects="reads",
)
async def ask(
    question: Annotated[str, about("What is asked.")],
    value: Annotated[
        Any, about("What it is about; shown with the question.", advanced=True)
    ] = None,
    *,
    choices: Annotated[
        list[str], about("The answers that are taken; any when there are none.")
    ] = [],  # noqa: B006 - it is only read
    context: Context,
) -> Annotated[Any, about("What was answered.")]:
    """Asks a person, and gives the answer.

    Until somebody has answered, today or next week, here or in another kernel, the run
    waits and holds nothing.
    """
    return await context.ask(question, choices=tuple(choices), about=value)
