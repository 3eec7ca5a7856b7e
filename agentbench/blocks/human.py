"""Blocks that ask people, and wait for them without holding anything."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context
from agentbench.domain.terms import split_answer

APPROVE, CHANGE, REJECT = "approve", "change", "reject"

_KINDS: Mapping[str, Mapping[str, Any]] = {
    "anything": {},
    "text": {"type": "string"},
    "long text": {"type": "string", "format": "long-text"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "yes or no": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}

_About = Annotated[
    Any, about("What it is about; shown with the question.", advanced=True)
]
_Question = Annotated[str, about("What is asked.", shown=True)]
_Timeout = Annotated[
    float | None,
    about(
        "Seconds after which the default counts (without one, the node fails). The run"
        " is kept going until then; with no time limit, it waits and holds nothing.",
        title="Time limit",
        advanced=True,
    ),
]


@block(
    id="human.approve",
    title="Approve",
    keywords=("human", "review", "confirm", "permission", "allow", "gate", "person"),
    effects="reads",
    outputs={
        "approved": Annotated[Any, about("The value, when somebody approved.")],
        "rejected": Annotated[Any, about("The value, when somebody rejected.")],
        "comment": Annotated[str, about("What was said to it, if anything.")],
    },
    examples=[
        example(
            {"value": 7},
            answers=[{"answer": "approve", "comment": "fine"}],
            approved=7,
            comment="fine",
        ),
        example({"value": 7}, answers=["reject"], rejected=7),
    ],
)
async def approve(
    value: Annotated[Any, about("What it is about; shown with the question.")],
    question: _Question = "Shall this go on?",
    *,
    timeout: _Timeout = None,
    default: Annotated[
        Literal["approve", "reject"] | None,
        about("What counts when nobody has answered in time.", advanced=True),
    ] = None,
    context: Context,
) -> Mapping[str, Any]:
    """Lets a person look at a value, and sends it one way or the other.

    Until somebody has answered, today or next week, here or in another kernel, the run
    waits and holds nothing. The answer may come with a comment.
    """
    said, comment = split_answer(
        await context.ask(
            question,
            choices=(APPROVE, REJECT),
            about=value,
            comment=True,
            timeout=timeout,
            default=default,
        )
    )
    given = {"approved" if said == APPROVE else "rejected": value}
    return {**given, **({"comment": comment} if comment else {})}


@block(
    id="human.review",
    title="Review",
    keywords=("human in the loop", "approve", "edit", "reject", "check", "person"),
    effects="reads",
    outputs={
        "approved": Annotated[Any, about("The value, as it was approved or changed.")],
        "rejected": Annotated[Any, about("The value, when somebody rejected it.")],
        "comment": Annotated[str, about("What was said to it, if anything.")],
    },
    examples=[
        example(
            {"data": "a", "name": "The text"}, answers=["change", "b"], approved="b"
        ),
        example({"data": "a", "editable": False}, answers=["reject"], rejected="a"),
    ],
)
async def review(
    data: Annotated[Any, about("What is looked at.")],
    name: Annotated[str, about("What it is; stands in the question.", shown=True)] = "",
    *,
    editable: Annotated[bool, about("It may be changed before it goes on.")] = True,
    timeout: _Timeout = None,
    context: Context,
) -> Mapping[str, Any]:
    """Lets a person approve, change or reject a value.

    Until somebody has answered, the run waits and holds nothing.
    """
    about_what = f"{name}: shall this go on?" if name else "Shall this go on?"
    choices = (APPROVE, CHANGE, REJECT) if editable else (APPROVE, REJECT)
    said, comment = split_answer(
        await context.ask(
            about_what, choices=choices, about=data, comment=True, timeout=timeout
        )
    )
    more = {"comment": comment} if comment else {}
    if said == REJECT:
        return {"rejected": data, **more}
    if said == CHANGE:
        question, schema = f"What shall {name or 'it'} be?", _schema_of(data)
        data = await context.ask(
            question, about=data, schema=schema, edit=True, timeout=timeout
        )
    return {"approved": data, **more}


@block(
    id="human.edit",
    title="Edit",
    keywords=("human", "review", "correct", "change", "revise", "person"),
    effects="reads",
    examples=[example({"value": "helo"}, answers=["hello"], result="hello")],
)
async def edit(
    value: Annotated[
        Any, about("What is to be edited: text, a number, a list or a dictionary.")
    ],
    question: _Question = "Is this right? Change what is not.",
    *,
    timeout: Annotated[
        float | None,
        about(
            "Seconds after which it goes on as it is.",
            title="Time limit",
            advanced=True,
        ),
    ] = None,
    context: Context,
) -> Annotated[Any, about("The value, as somebody left it.")]:
    """Lets a person change a value before it goes on.

    Until somebody has, the run waits and holds nothing.
    """
    return await context.ask(
        question,
        about=value,
        schema=_schema_of(value),
        edit=True,
        timeout=timeout,
        default=value,
    )


@block(
    id="human.choose",
    title="Choose",
    keywords=("human", "select", "pick", "option", "several", "person"),
    effects="reads",
    examples=[example({"options": ["tea", "coffee"]}, answers=["tea"], result="tea")],
)
async def choose(
    options: Annotated[list[Any], about("What there is to choose from.")],
    question: _Question = "Which one?",
    *,
    several: Annotated[
        bool, about("Whether any number of them may be chosen.")
    ] = False,
    value: _About = None,
    timeout: _Timeout = None,
    default: Annotated[
        Any, about("What counts when nobody has chosen in time.", advanced=True)
    ] = None,
    context: Context,
) -> Annotated[Any, about("The option, or a list of them when several may be chosen.")]:
    """Lets a person choose from a list, one or several.

    Until somebody has, the run waits and holds nothing.
    """
    named = {_label(option): option for option in options}
    if not named:
        raise ValueError("There is nothing to choose from: `options` is empty.")
    asked: dict[str, Any] = {"about": value, "timeout": timeout}
    if several:
        schema = {
            "type": "array",
            "items": {"type": "string", "enum": list(named)},
            "uniqueItems": True,
        }
        kept = None if default is None else [_label(one) for one in default]
        said = await context.ask(question, schema=schema, default=kept, **asked)
        return [named[label] for label in said]
    chosen = None if default is None else _label(default)
    said = await context.ask(question, choices=tuple(named), default=chosen, **asked)
    return named[said]


@block(
    id="human.ask",
    title="Ask",
    keywords=("human", "question", "input", "form", "choose", "answer", "person"),
    effects="reads",
    examples=[
        example(
            {"question": "How old?", "kind": "whole number"}, answers=[44], result=44
        )
    ],
)
async def ask(
    question: _Question,
    value: _About = None,
    *,
    choices: Annotated[
        list[str], about("The answers that are taken; any when there are none.")
    ] = [],  # noqa: B006 - it is only read
    kind: Annotated[
        Literal[
            "anything",
            "text",
            "long text",
            "whole number",
            "number",
            "yes or no",
            "date",
        ],
        about("What the answer has to be."),
    ] = "anything",
    form: Annotated[
        dict[str, Any],
        about("A JSON schema that the answer has to fit, for a form.", advanced=True),
    ] = {},  # noqa: B006 - it is only read
    timeout: _Timeout = None,
    default: Annotated[
        Any, about("What counts when nobody has answered in time.", advanced=True)
    ] = None,
    context: Context,
) -> Annotated[Any, about("What was answered.")]:
    """Asks a person, and gives the answer.

    Until somebody has answered, today or next week, here or in another kernel, the run
    waits and holds nothing.
    """
    return await context.ask(
        question,
        choices=tuple(choices),
        about=value,
        schema=form or _KINDS[kind],
        timeout=timeout,
        default=default,
    )


def _label(option: Any) -> str:
    if isinstance(option, str):
        return option
    try:
        return json.dumps(option, ensure_ascii=False)
    except (TypeError, ValueError):
        message = f"{option!r} cannot be offered: options are text or JSON."
        raise ValueError(message) from None


def _schema_of(value: Any) -> Mapping[str, Any]:
    """What an edited form of a value has to be: of the same kind."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError(
            f"A {type(value).__name__} cannot be edited here: only text, numbers, lists"
            " and dictionaries can. Convert it first (`values.convert`)."
        ) from None
    kinds: Mapping[type, Mapping[str, Any]] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        str: {"type": "string", "format": "long-text"},
        list: {"type": "array"},
        dict: {"type": "object"},
    }
    return kinds.get(type(value), {})
