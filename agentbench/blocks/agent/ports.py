"""Blocks that are the agent's own ports: what goes in and what comes out."""

import datetime
from typing import Annotated, Any, ClassVar, Literal

from agentbench.blocks.base import about, block
from agentbench.domain.errors import InputError, PortValueError
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.port import LongText, Port, Table

InputType = Literal[
    "text",
    "number",
    "whole number",
    "boolean",
    "date",
    "list",
    "dictionary",
    "table",
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
}


class AgentInput(FunctionBlock):
    """The block that hands a run's input to the graph."""

    role: ClassVar[Literal["input"]] = "input"


class AgentOutput(FunctionBlock):
    """The block that hands a value out of the graph."""

    role: ClassVar[Literal["output"]] = "output"


def _annotation(constants: Constants) -> Any:
    return _ANNOTATIONS.get(str(constants.get("type", "any")), Any)


def _typed_inputs(constants: Constants) -> list[Port]:
    annotation = _annotation(constants)
    optional = Any if annotation is Any else annotation | None
    return [
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
    value: Any = None,
) -> dict[str, Any]:
    """Takes a value from whoever runs the agent.

    Each one is a field in the agent's form, an argument of `graph.run()` and an
    `--input` of the command line. Its value stays for the whole run: a node that fires
    many times gets it every time.
    """
    del description, title
    given = default if value is None else value
    if given is None and type != "any":
        reason = f"is missing: give it ({type}), or set a default on its node."
        raise InputError(name, reason)
    annotation = _annotation({"type": type})
    try:
        return {"value": Port(name=name, annotation=annotation).check(given, "input")}
    except PortValueError as error:
        raise InputError(name, f"has the wrong type. {error}") from error


@block(
    id="agent.output",
    title="Agent output",
    keywords=("result", "return", "answer", "end", "show", "display"),
    outputs={"value": Annotated[Any, about("The same value, for further links.")]},
    kind=AgentOutput,
)
async def agent_output(
    *,
    name: Annotated[str, about("What the run's results call it.")],
    value: Annotated[Any, about("What comes out.")],
    description: Annotated[LongText, about("What it is, for people.")] = "",
) -> dict[str, Any]:
    """Gives a value to whoever ran the agent.

    Every value that arrives is kept, in order, under the output's name.
    """
    del name, description
    return {"value": value}
