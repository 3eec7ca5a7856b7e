"""Blocks that are the agent's own ports: what goes in and what comes out."""

import datetime
from typing import Annotated, Any, ClassVar, Literal

from agentbench.blocks.base import about, block, example
from agentbench.domain.credential import CredentialName
from agentbench.domain.errors import InputError, PortValueError
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.port import Code, Image, LongText, Port, Table
from agentbench.domain.schema import why_no_schema
from agentbench.domain.shaped import shaped

InputType = Literal[
    "text",
    "long text",
    "number",
    "whole number",
    "boolean",
    "choice",
    "date",
    "time",
    "date and time",
    "colour",
    "file",
    "folder",
    "code",
    "credential",
    "model",
    "list",
    "dictionary",
    "table",
    "image",
    "any",
]

_ANNOTATIONS: dict[str, Any] = {
    "text": str,
    "number": float,
    "whole number": int,
    "boolean": bool,
    "date": datetime.date,
    "list": list[Any],
    "dictionary": dict[str, Any],
    "table": Table,
    "image": Image,
    "long text": LongText,
    "code": Code,
    "credential": Annotated[str, CredentialName()],
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "time": {"type": "string", "format": "time"},
    "date and time": {"type": "string", "format": "date-time"},
    "colour": {"type": "string", "format": "color"},
    "file": {"type": "string", "format": "file"},
    "folder": {"type": "string", "format": "directory-path"},
    "model": {"type": "string", "format": "model"},
}
"""Types of which text is kept, and a form makes more."""


class AgentInput(FunctionBlock):
    """The block that hands a run's input to the graph."""

    role: ClassVar[Literal["input"]] = "input"


class AgentOutput(FunctionBlock):
    """The block that hands a value out of the graph."""

    role: ClassVar[Literal["output"]] = "output"


def _annotation(constants: Constants) -> Any:
    """What an input takes: its schema says so, or its type with what it may be chosen of."""
    schema = constants.get("schema")
    if isinstance(schema, dict) and schema and not why_no_schema(schema):
        return shaped(schema)
    kind = str(constants.get("type", "any"))
    choices = constants.get("choices")
    if kind == "choice" and isinstance(choices, list) and choices:
        return shaped({"type": "string", "enum": choices})
    return shaped(_SCHEMAS[kind]) if kind in _SCHEMAS else _ANNOTATIONS.get(kind, Any)


def _typed_inputs(constants: Constants) -> list[Port]:
    annotation = _annotation(constants)
    optional = Any if annotation is Any else annotation | None
    choices = Port(
        name="choices",
        annotation=list[str],
        default=[],
        help="What may be chosen.",
        title="Choices",
    )
    return [
        *([choices] if constants.get("type") == "choice" else []),
        Port(
            name="default",
            annotation=optional,
            default=None,
            help="Used when a run gives no value; without one the input is required.",
        ),
        Port(
            name="value",
            annotation=optional,
            default=None,
            help="What the run gives; filled in when a run starts.",
            advanced=True,
        ),
    ]


def _typed_output(constants: Constants) -> list[Port]:
    said = "What the run gives for this input, or the default."
    return [Port(name="value", annotation=_annotation(constants), help=said)]


@block(
    id="agent.input",
    title="Agent input",
    keywords=("parameter", "argument", "form", "question", "start", "variable"),
    outputs={"value": Any},
    sticky=True,
    more_inputs=_typed_inputs,
    more_outputs=_typed_output,
    kind=AgentInput,
    examples=[
        example({"name": "city", "type": "text", "default": "Oslo"}, value="Oslo")
    ],
)
async def agent_input(
    *,
    name: Annotated[str, about("What a run calls it: `graph.run(city='Oslo')`.")],
    type: Annotated[
        InputType, about("What it takes; the form shows a field for it.")
    ] = "any",
    default: Any = None,
    description: Annotated[LongText, about("What people read beside the field.")] = "",
    title: Annotated[str, about("Its label in the form, if not the name.")] = "",
    choices: Annotated[list[str], about("What may be chosen.", advanced=True)] = [],  # noqa: B006 - it is only read
    schema: Annotated[
        dict[str, Any],
        about(
            "A JSON schema of what it takes, where the type says too little.",
            advanced=True,
        ),
    ] = {},  # noqa: B006 - it is only read
    advanced: Annotated[
        bool, about("Only shown when people ask for more.", advanced=True)
    ] = False,
    secret: Annotated[
        bool,
        about(
            "It is not for everybody's eyes; what is a key belongs in a credential.",
            advanced=True,
        ),
    ] = False,
    value: Any = None,
) -> dict[str, Any]:
    """Takes a value from whoever runs the agent.

    Each one is a field in the agent's form, an argument of `graph.run()` and an
    `--input` of the command line. Its value stays for the whole run: a node that fires
    many times gets it every time.
    """
    del description, title, advanced, secret
    given = default if value is None else value
    if given is None and (type != "any" or schema):
        reason = f"is missing: give it ({type}), or set a default on its node."
        raise InputError(name, reason)
    facts = {"type": type, "choices": choices, "schema": schema}
    annotation = _annotation(facts)
    try:
        return {"value": Port(name=name, annotation=annotation).check(given, "input")}
    except PortValueError as error:
        raise InputError(name, f"has the wrong type. {error}") from error


def _given_name(constants: Constants) -> list[Port]:
    if not constants.get("give_name"):
        return []
    return [Port(name="name", annotation=str, help="The output's name.")]


@block(
    id="agent.output",
    title="Agent output",
    keywords=("result", "return", "answer", "end", "show", "display"),
    outputs={
        "value": Annotated[Any, about("The same value, for further links.")],
    },
    more_outputs=_given_name,
    kind=AgentOutput,
    examples=[
        example({"name": "answer", "value": 42}, value=42),
        example(
            {"name": "a", "value": 2, "format": "It is {{ value }}."}, value="It is 2."
        ),
    ],
)
async def agent_output(
    *,
    name: Annotated[str, about("What the run's results call it.")],
    value: Annotated[Any, about("What comes out.")],
    description: Annotated[LongText, about("What it is, for people.")] = "",
    title: Annotated[str, about("Its label, if not the name.", advanced=True)] = "",
    format: Annotated[
        LongText,
        about("How it is written: a template with `{{ value }}`.", advanced=True),
    ] = "",
    escape_html: Annotated[
        bool, about("Make what is filled in safe for HTML.", advanced=True)
    ] = False,
    give_name: Annotated[
        bool, about("Also give the output's name, as an output.", advanced=True)
    ] = False,
) -> dict[str, Any]:
    """Gives a value to whoever ran the agent.

    Every value that arrives is kept, in order, under the output's name.
    """
    del description, title
    if format:
        from agentbench.blocks.base.sandbox import render

        values = {"value": value, name: value}
        value = render(format, values, escape_html=escape_html, is_lenient=True)
    return {"value": value, **({"name": name} if give_name else {})}
