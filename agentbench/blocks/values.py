"""Blocks that hold or convert a single value."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from agentbench.blocks.base import about, block, example, frame, is_table, plain_rows
from agentbench.domain.annotation import type_name
from agentbench.domain.context import Context
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.port import LongText, Port

_TARGET = Literal["text", "number", "whole number", "boolean", "list", "dictionary"]
_TRUE = {"true", "yes", "y", "on", "1"}
_FALSE = {"false", "no", "n", "off", "0", ""}


_ANNOTATIONS: Mapping[str, Any] = {
    "text": str,
    "number": float,
    "whole number": int,
    "boolean": bool,
    "list": list[Any],
    "dictionary": dict[str, Any],
}


def _typed_output(constants: Constants) -> list[Port]:
    annotation = _ANNOTATIONS.get(str(constants.get("to")), Any)
    return [Port(name="value", annotation=annotation, help="The converted value.")]


class Note(FunctionBlock):
    """A block that is only read."""

    role: ClassVar[Literal["note"]] = "note"


@block(
    id="values.constant",
    title="Constant",
    keywords=("value", "store", "fixed", "literal", "variable", "setting"),
    outputs={"value": Annotated[Any, about("The value.")]},
    sticky=True,
    examples=[example({"value": 5}, value=5)],
)
async def constant(
    value: Annotated[Any, about("Text, a number, a list …: what the node holds.")],
) -> dict[str, Any]:
    """Holds a value for as many nodes as need it.

    The value stays for the whole run: a node that fires many times gets it every time.
    """
    return {"value": value}


@block(
    id="values.store",
    title="Store value",
    keywords=("keep", "hold", "variable", "remember", "constant", "pass"),
    outputs={"output": Annotated[Any, about("The data, or else what came in.")]},
    sticky=True,
    examples=[
        example({"input": "came"}, output="came"),
        example({"input": "came", "data": 0}, output=0),
    ],
)
async def store(
    input: Annotated[Any, about("What comes in; starts it.", shown=True)] = None,
    data: Annotated[
        Any, about("What is held; empty for what comes in.", shown=True)
    ] = None,
) -> dict[str, Any]:
    """Holds a value from the moment something comes in, for as many nodes as need it."""
    return {"output": input if data is None else data}


@block(
    id="values.log",
    title="Log",
    keywords=("print", "console", "debug", "trace", "show", "message"),
    outputs={
        "value": Annotated[Any, about("The same value.")],
        "status": Annotated[str, about("Says `printed`.")],
    },
    examples=[example({"value": "hello"}, value="hello", status="printed")],
)
async def log(
    value: Annotated[Any, about("What is written.")],
    label: Annotated[str, about("What stands before it.")] = "",
    *,
    context: Context,
) -> dict[str, Any]:
    """Writes a value among the lines of the run, and passes it on."""
    shown = value if isinstance(value, str) else _to_text(value)
    context.log(f"{label}: {shown}" if label else shown)
    return {"value": value, "status": "printed"}


@block(
    id="values.type",
    title="Type of a value",
    keywords=("kind", "what is it", "check", "inspect", "isinstance"),
    examples=[
        example({"value": [1]}, result="list"),
        example({"value": "a"}, result="text"),
        example({"value": None}, result="nothing"),
    ],
)
async def type_of(
    value: Annotated[Any, about("Any value.")],
) -> Annotated[str, about("Such as `text`, `number`, `list`, `table`.")]:
    """Says in a word what a value is."""
    if value is None:
        return "nothing"
    if isinstance(value, int) and not isinstance(value, bool):
        return "whole number"
    return type_name(type(value))


@block(
    id="values.note",
    title="Note",
    keywords=("comment", "sticky", "documentation", "remark", "markdown"),
    kind=Note,
)
async def note(
    text: Annotated[LongText, about("What the note says, in Markdown.")] = "",
) -> None:
    """Says something to whoever reads the graph; never runs."""
    del text


@block(
    id="values.frame",
    title="Frame",
    keywords=("group", "section", "box", "area", "region", "comment"),
    kind=Note,
)
async def area(
    width: Annotated[float, about("In pixels of the canvas.", advanced=True)] = 480,
    height: Annotated[float, about("In pixels of the canvas.", advanced=True)] = 280,
    folded: Annotated[
        list[str] | None, about("The nodes that are folded into it.", advanced=True)
    ] = None,
) -> None:
    """Holds nodes together on the canvas: what stands on it moves and folds along; never runs."""
    del width, height, folded


@block(
    id="values.convert",
    title="Convert",
    keywords=("cast", "type", "to text", "to number", "parse", "string", "int"),
    outputs={"value": Annotated[Any, about("The converted value.")]},
    more_outputs=_typed_output,
    examples=[
        example({"value": "12", "to": "number"}, value=12.0),
        example({"value": {"a": 1}, "to": "text"}, value='{"a": 1}'),
        example({"value": "yes", "to": "boolean"}, value=True),
    ],
)
def convert(
    value: Annotated[Any, about("What to convert.")],
    to: Annotated[_TARGET, about("The type it becomes.")],
) -> dict[str, Any]:
    """Turns a value into another type, or fails saying why it cannot be done.

    Lists and dictionaries become JSON text and come back from it. A table becomes a
    list of its rows. Yes, no, on, off, true, false, 1 and 0 are booleans.
    """
    if is_table(value):
        value = plain_rows(frame(value, "values.convert"))
    try:
        return {"value": _TO[to](value)}
    except (ValueError, TypeError, OverflowError) as error:
        shown = repr(value)
        shown = shown if len(shown) <= 80 else shown[:79] + "…"
        raise ValueError(
            f"'value' cannot be converted to {to}:"
            f" it is {shown} ({type(value).__name__}); {error}."
        ) from error


def _to_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (list, tuple, dict, bool)) or value is None:
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _to_number(value: Any) -> float:
    if isinstance(value, str) and "_" in value:  # Python reads 1_000, people do not
        raise ValueError("a number has no underscores")
    return float(value)


def _to_whole_number(value: Any) -> int:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str) and value.strip().lstrip("+-").isdigit():
        return int(value)
    number = _to_number(value)
    if number != int(number):
        raise ValueError("it has a fraction: convert it to a number, or round it")
    return int(number)


def _to_boolean(value: Any) -> bool:
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError("it is none of yes, no, true, false, on, off, 1, 0")
    return word in _TRUE


def _to_list(value: Any) -> list[Any]:
    if isinstance(value, str):
        parsed = json.loads(value) if value.lstrip().startswith("[") else None
        return parsed if isinstance(parsed, list) else [value]
    if isinstance(value, Mapping):
        return [{"key": key, "value": item} for key, item in value.items()]
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return list(value)
    return [value]


def _to_dictionary(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        value = json.loads(value)
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return {str(index): item for index, item in enumerate(value)}
    raise TypeError("only a list, or JSON text of a list or dictionary, becomes one")


_TO: dict[str, Callable[[Any], Any]] = {
    "text": _to_text,
    "number": _to_number,
    "whole number": _to_whole_number,
    "boolean": _to_boolean,
    "list": _to_list,
    "dictionary": _to_dictionary,
}
