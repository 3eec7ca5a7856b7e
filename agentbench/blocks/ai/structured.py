"""Blocks whose answers have a form: fields, lists, classes, conditions."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Annotated, Any

import pydantic

from agentbench.blocks.ai.asking import (
    Images,
    Model,
    Prompt,
    System,
    Temperature,
    Values,
    ask,
    filled,
    opening,
    typed,
    variables,
)
from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context
from agentbench.domain.example import Example
from agentbench.domain.function_block import Constants
from agentbench.domain.port import LongText, Port

Fields = Annotated[
    dict[str, Any],
    about(
        "What is wanted, by name: a description, with its type before a colon where it"
        " is no text, such as `number: the price in euros`. Each becomes an output."
    ),
]
Schema = Annotated[
    dict[str, Any],
    about(
        "The form of the answer as a JSON schema, instead of fields.",
        title="JSON schema",
        advanced=True,
    ),
]

TAKEN = ("answer", "answers", "called", "conversation", "error", "tools")
"""Outputs that a field does not take the place of."""


def field_outputs(constants: Constants) -> list[Port]:
    """An output for each field of an answer."""
    fields = constants.get("fields")
    if not isinstance(fields, dict) or constants.get("many"):
        return []
    ports = []
    for name, said in fields.items():
        kind, help = typed(str(said))  # noqa: A001
        if name not in TAKEN:
            ports.append(Port(name=str(name), annotation=kind, help=help))
    return ports


def form_of(fields: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of an answer, of its fields or as it was given.

    Raises:
        ValueError: there is neither.
    """
    if schema:
        return dict(schema)
    if not fields:
        raise ValueError(
            "'fields' is empty: say what is wanted, such as"
            ' {"name": "who wrote it", "age": "whole number: in years"}.'
        )
    properties: dict[str, Any] = {}
    for name, said in fields.items():
        kind, help = typed(str(said))  # noqa: A001
        properties[str(name)] = pydantic.TypeAdapter(kind).json_schema()
        if help:
            properties[str(name)]["description"] = help
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _given(value: Any, *, many: bool, fields: Mapping[str, Any]) -> Iterator[Any]:
    if many:
        for one in value:
            yield "answer", one
        yield "answers", value
        return
    if isinstance(value, dict):
        for name in fields:
            if name in value and name not in TAKEN:
                yield name, value[name]
    yield "answer", value  # what comes last is what the canvas shows


_MANY = Annotated[bool, about("Whether there may be several answers, or none.")]
_OUTPUTS = {
    "answer": Annotated[Any, about("The answer; each of them, where there are many.")],
    "answers": Annotated[list[Any], about("All of them, where there are many.")],
}


@block(
    id="ai.answer",
    title="Structured answer",
    keywords=("json", "schema", "fields", "object", "structured", "form", "llm"),
    effects="reads",
    outputs=_OUTPUTS,
    more_inputs=variables(
        "prompt",
        "system",
        besides=("fields", "schema", "many", "model", "images", "temperature"),
    ),
    more_outputs=field_outputs,
    examples=[
        example({"prompt": "Who?", "fields": {"name": "who"}}, answers=['{"name": "Ola"}'],
                answer={"name": "Ola"}, name="Ola")
    ],
)  # fmt: skip
async def structured(
    prompt: Prompt,
    fields: Fields = {},  # noqa: B006 - read, never changed
    *,
    many: _MANY = False,
    schema: Schema = {},  # noqa: B006
    system: System = "",
    model: Model = "",
    images: Images = [],  # noqa: B006
    temperature: Temperature = None,
    values: Values = {},  # noqa: B006
    context: Context,
    **more: Any,
) -> AsyncIterator[tuple[str, Any]]:
    """Asks a language model for an answer of a form that you give.

    What it answers is checked; where it does not fit, the model is told what is wrong
    and asked again.
    """
    given = {**values, **more}
    form = form_of(fields, schema)
    messages = await opening(
        context, filled(system, given), filled(prompt, given), images
    )
    wanted = {"type": "array", "items": form} if many else form
    answer = await ask(context, model, messages, schema=wanted, temperature=temperature)
    for emission in _given(answer.value, many=many, fields=fields):
        yield emission


@block(
    id="ai.extract",
    title="Extract",
    keywords=("parse", "entities", "facts", "find", "invoice", "data", "from text"),
    effects="reads",
    outputs=_OUTPUTS,
    more_outputs=field_outputs,
    examples=[
        example({"text": "I am Ola", "fields": {"name": "who"}}, answers=['{"name": "Ola"}'],
                answer={"name": "Ola"})
    ],
)  # fmt: skip
async def extract(
    text: Annotated[LongText, about("Where it is looked for.")],
    fields: Fields = {},  # noqa: B006 - read, never changed
    *,
    many: _MANY = False,
    schema: Schema = {},  # noqa: B006
    model: Model = "",
    images: Images = [],  # noqa: B006
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Finds facts in a text (or in images), and gives them by name."""
    form = form_of(fields, schema)
    task = (
        "Extract what is asked for from the text that you are given. Take what the text"
        " says, word by word where it is a name or a number, and make nothing up."
    )
    if many:
        task += " Give one answer for each that the text holds, in its order."
    messages = await opening(context, task, text, images)
    wanted = {"type": "array", "items": form} if many else form
    answer = await ask(context, model, messages, schema=wanted, temperature=0.0)
    for emission in _given(answer.value, many=many, fields=fields):
        yield emission


@block(
    id="ai.list",
    title="Generate list",
    keywords=("items", "ideas", "brainstorm", "enumerate", "bullet"),
    effects="reads",
    outputs={
        "item": Annotated[str, about("Each of them, one by one.")],
        "items": Annotated[list[str], about("All of them.")],
    },
    examples=[
        Example(
            inputs={"focus": "letters", "most": 2},
            answers=['{"value": ["a", "b"]}'],
            outputs={"item": ["a", "b"], "items": [["a", "b"]]},
        )
    ],
)
async def list_(
    focus: Annotated[LongText, about("What the list is of.", shown=True)] = "",
    source: Annotated[
        LongText, about("A text that it is taken from, if it is not thought up.")
    ] = "",
    *,
    most: Annotated[
        int | None,
        pydantic.Field(ge=1, le=1000),
        about("How many at most.", advanced=True),
    ] = None,
    model: Model = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Makes a list, of ideas or of what a text names, and gives it item by item."""
    if not (focus.strip() or source.strip()):
        raise ValueError("Say what the list is of ('focus'), or give a 'source'.")
    task = "Make a list; each item is a text of its own, without a number before it."
    if source.strip():
        task += " Take the items from the text that you are given."
    if most is not None:
        task += f" Give {most} items at most."
    form: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    if most is not None:
        form["maxItems"] = most
    wish = f"The list is of: {focus}" if focus.strip() else "List what is in the text."
    prompt = f"{wish}\n\n{source}" if source.strip() else wish
    answer = await ask(
        context, model, await opening(context, task, prompt), schema=form
    )
    for item in answer.value:
        yield "item", item
    yield "items", answer.value


def _class_outputs(constants: Constants) -> list[Port]:
    return [
        Port(name=name, help=f"The value, when it is {name!r}.")
        for name in _names(constants.get("categories"))
        if name not in ("category", "reason", "error")
    ]


def _names(categories: Any) -> list[str]:
    """The names in a list, or in a dictionary of names and what they mean."""
    if isinstance(categories, Mapping):
        return [str(name) for name in categories]
    if isinstance(categories, list):
        return [str(name) for name in categories if str(name).strip()]
    return []


@block(
    id="ai.classify",
    title="Classify",
    keywords=(
        "route",
        "router",
        "label",
        "category",
        "sort",
        "intent",
        "triage",
        "sentiment",
    ),
    effects="reads",
    outputs={
        "category": Annotated[str, about("Which of them it is.")],
        "reason": Annotated[str, about("Why, in a sentence.")],
    },
    more_outputs=_class_outputs,
    examples=[
        example(
            {"value": "money!", "categories": ["refund", "other"]},
            answers=['{"reason": "asks", "category": "refund"}'],
            category="refund",
            refund="money!",
        )
    ],
)
async def classify(
    value: Annotated[Any, about("What is put in a category: text, or values.")],
    categories: Annotated[
        list[str] | dict[str, str],
        about(
            "The categories, or a dictionary with what each means. Each becomes an"
            " output, which gives the value when it is that."
        ),
    ],
    *,
    question: Annotated[
        str, about("What decides, if it is not plain.", advanced=True)
    ] = "",
    model: Model = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Puts something in one of several categories, and sends it that way."""
    names = _names(categories)
    if len(names) < 2:
        raise ValueError("'categories' needs two at least, to choose from.")
    meanings = categories if isinstance(categories, Mapping) else {}
    lines = "\n".join(
        f"- {name}" + (f": {meanings[name]}" if meanings.get(name) else "")
        for name in names
    )
    task = f"Put what you are given in one of these categories:\n{lines}"
    if question:
        task += f"\n\n{question}"
    form = {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "description": "Why, in one sentence."},
            "category": {"type": "string", "enum": names},
        },
        "required": ["reason", "category"],
        "additionalProperties": False,
    }
    messages = await opening(context, task, as_text(value))
    answer = await ask(context, model, messages, schema=form, temperature=0.0)
    category = answer.value["category"]
    if category not in ("category", "reason", "error"):
        yield category, value
    yield "reason", answer.value["reason"]
    yield "category", category


@block(
    id="ai.condition",
    title="AI condition",
    keywords=("branch", "decide", "judge", "yes", "no", "true", "false", "check"),
    effects="reads",
    outputs={
        "yes": Annotated[Any, about("The value, when the condition holds.")],
        "no": Annotated[Any, about("The value, when it does not.")],
        "result": Annotated[bool, about("Whether it holds.")],
        "reason": Annotated[str, about("Why, in a sentence.")],
    },
    examples=[
        example(
            {"value": 7, "condition": "it is lucky"},
            answers=['{"reason": "so", "result": true}'],
            result=True,
            yes=7,
        ),
        example(
            {"value": 7, "condition": "it is even", "no_value": "odd"},
            answers=['{"reason": "so", "result": false}'],
            no="odd",
        ),
    ],
)
async def condition(
    value: Annotated[Any, about("What it is about: text, or values.")],
    condition: Annotated[
        str, about("What may hold, in words: `the customer is angry`.")
    ],
    *,
    yes_value: Annotated[
        Any, about("What goes on when it holds, if not the value.", advanced=True)
    ] = None,
    no_value: Annotated[
        Any, about("What goes on when it does not.", advanced=True)
    ] = None,
    model: Model = "",
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Asks a model whether something holds, and sends the value one way or the other."""
    form = {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "description": "Why, in one sentence."},
            "result": {"type": "boolean", "description": "Whether it holds."},
        },
        "required": ["reason", "result"],
        "additionalProperties": False,
    }
    task = f"Say whether this holds for what you are given: {condition}"
    messages = await opening(context, task, as_text(value))
    answer = await ask(context, model, messages, schema=form, temperature=0.0)
    holds = answer.value["result"]
    own = yes_value if holds else no_value
    yield ("yes" if holds else "no"), value if own is None else own
    yield "reason", answer.value["reason"]
    yield "result", answer.value["result"]


def as_text(value: Any) -> str:
    """A value as a model reads it: text as it is, anything else as JSON."""
    if isinstance(value, str):
        return value
    import pydantic_core

    return pydantic_core.to_json(value, indent=1, fallback=str).decode()
