"""Blocks that take a run's input, one for each kind of field.

They do what `agent.input` does, with a type and a form of their own. An empty value is
the default's.
"""

import datetime
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.errors import InputError
from agentbench.domain.function_block import Constants, FunctionBlock
from agentbench.domain.port import LongText, Port

_Name = Annotated[str, about("What a run calls it: `graph.run(city='Oslo')`.")]
_Description = Annotated[LongText, about("What people read beside the field.")]
_Title = Annotated[str, about("Its label in the form, if not the name.")]
_Advanced = Annotated[
    bool, about("Only shown when people ask for more.", advanced=True)
]
_Secret = Annotated[
    bool,
    about("It is not for everybody's eyes; a key belongs in a credential.", advanced=True),
]  # fmt: skip


class Field(FunctionBlock):
    """A block that hands a run's input to the graph."""

    role: ClassVar[Literal["input"]] = "input"


_DEFAULT = about("Used when a run gives no value; without one the input is required.")
_VALUE = about("What the run gives; filled in when a run starts.", advanced=True)


def _given(name: str, value: Any, default: Any, kind: str) -> Any:
    given = default if value is None else value
    if given is None:
        raise InputError(
            name, f"is missing: give it ({kind}), or set a default on its node."
        )
    return given


_Text = Annotated[str | None, _DEFAULT]
_TextValue = Annotated[str | None, _VALUE]
_Long = Annotated[LongText | None, _DEFAULT]
_LongValue = Annotated[LongText | None, _VALUE]


@block(
    id="input.short_text",
    title="Short text input",
    keywords=("string", "name", "line", "form", "field", "ask", "parameter"),
    outputs={"value": Annotated[str, about("What the run gives, or the default.")]},
    sticky=True,
    kind=Field,
    examples=[example({"name": "city", "default": "Oslo"}, value="Oslo")],
)
async def short_text(
    *,
    name: _Name,
    default: _Text = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _TextValue = None,
) -> dict[str, Any]:
    """Takes a line of text from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "text")
    if "\n" in given.strip():
        raise InputError(name, "is a single line; `input.long_text` takes several.")
    return {"value": given}


@block(
    id="input.long_text",
    title="Long text input",
    keywords=("paragraph", "textarea", "essay", "form", "field", "document", "prompt"),
    outputs={"value": Annotated[str, about("What the run gives, or the default.")]},
    sticky=True,
    kind=Field,
    examples=[example({"name": "story", "value": "Once\nupon"}, value="Once\nupon")],
)
async def long_text(
    *,
    name: _Name,
    default: _Long = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _LongValue = None,
) -> dict[str, Any]:
    """Takes text of several lines from whoever runs the agent."""
    del description, title, advanced, secret
    return {"value": _given(name, value, default, "text")}


_Number = Annotated[int | float | None, _DEFAULT]
_NumberValue = Annotated[int | float | None, _VALUE]


def _number_type(constants: Constants) -> list[Port]:
    annotation = int if constants.get("whole") else float
    return [
        Port(
            name="value",
            annotation=annotation,
            help="What the run gives, or the default.",
        )
    ]


@block(
    id="input.number",
    title="Number input",
    keywords=("integer", "float", "amount", "quantity", "form", "field", "slider"),
    outputs={"value": Annotated[float, about("What the run gives, or the default.")]},
    more_outputs=_number_type,
    sticky=True,
    kind=Field,
    examples=[example({"name": "n", "default": 3, "whole": True}, value=3)],
)
async def number(
    *,
    name: _Name,
    default: _Number = None,
    whole: Annotated[bool, about("A whole number.")] = False,
    least: Annotated[float | None, about("The smallest that is taken.")] = None,
    most: Annotated[float | None, about("The largest that is taken.")] = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _NumberValue = None,
) -> dict[str, Any]:
    """Takes a number from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "a number")
    if whole and given != int(given):
        raise InputError(name, f"is to be a whole number, not {given}.")
    if (least is not None and given < least) or (most is not None and given > most):
        shown = f"{'' if least is None else f'{least:g}'} to {'' if most is None else f'{most:g}'}"
        raise InputError(name, f"is to be {shown.strip()}, not {given}.")
    return {"value": int(given) if whole else float(given)}


def _dated(name: str, value: Any, kind: str, read: Callable[[str], Any]) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return read(value.strip())
    except ValueError:
        raise InputError(name, f"is to be {kind}, not {value!r:.40}.") from None


_Date = Annotated[datetime.date | str | None, _DEFAULT]
_DateValue = Annotated[datetime.date | str | None, _VALUE]


@block(
    id="input.date",
    title="Date input",
    keywords=("day", "calendar", "picker", "form", "field", "deadline"),
    outputs={
        "value": Annotated[datetime.date, about("What the run gives, or the default.")],
        "text": Annotated[str, about("The same as text: 2024-01-31.")],
    },
    sticky=True,
    kind=Field,
    examples=[
        example({"name": "day", "default": "2024-01-31"}, value=datetime.date(2024, 1, 31), text="2024-01-31")
    ],
)  # fmt: skip
async def date(
    *,
    name: _Name,
    default: _Date = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _DateValue = None,
) -> dict[str, Any]:
    """Takes a date from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "a date such as 2024-01-31")
    found = _dated(
        name, given, "a date such as 2024-01-31", datetime.date.fromisoformat
    )
    found = found.date() if isinstance(found, datetime.datetime) else found
    return {"value": found, "text": found.isoformat()}


_Time = Annotated[datetime.time | str | None, _DEFAULT]
_TimeValue = Annotated[datetime.time | str | None, _VALUE]


@block(
    id="input.time",
    title="Time input",
    keywords=("clock", "hour", "minute", "picker", "form", "field"),
    outputs={
        "value": Annotated[datetime.time, about("What the run gives, or the default.")],
        "text": Annotated[str, about("The same as text: 15:30:00.")],
    },
    sticky=True,
    kind=Field,
    examples=[example({"name": "at", "default": "15:30"}, value=datetime.time(15, 30), text="15:30:00")],
)  # fmt: skip
async def time(
    *,
    name: _Name,
    default: _Time = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _TimeValue = None,
) -> dict[str, Any]:
    """Takes a time of day from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "a time such as 15:30")
    found = _dated(name, given, "a time such as 15:30", datetime.time.fromisoformat)
    return {"value": found, "text": found.isoformat()}


_Any = Annotated[str | None, _DEFAULT]
_AnyValue = Annotated[str | None, _VALUE]


@block(
    id="input.file",
    title="File input",
    keywords=("upload", "attachment", "document", "picture", "form", "field", "path"),
    effects="reads",
    outputs={"value": Annotated[str, about("Its path, or its content as a data: URI.")]},
    sticky=True,
    kind=Field,
    examples=[
        example({"name": "f", "default": "a.txt"}, files={"a.txt": "hi"}, value="a.txt"),
        example({"name": "f", "default": "a.txt", "as_data_uri": True}, files={"a.txt": "hi"}, value="data:text/plain;base64,aGk="),
    ],
)  # fmt: skip
async def file(
    *,
    name: _Name,
    default: _Any = None,
    endings: Annotated[list[str], about("Only files that end so, such as `.csv`.")] = [],  # noqa: B006
    as_data_uri: Annotated[bool, about("Give the content itself, as a data: URI.")] = False,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _AnyValue = None,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Takes a file of the workspace (or an address, or a data: URI) from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "a file")
    is_path = not re.match(r"(data:|https?://)", given)
    if (
        endings
        and is_path
        and not given.lower().endswith(tuple(one.lower() for one in endings))
    ):
        shown = PurePath(given).name
        raise InputError(name, f"is to end in {', '.join(endings)}: {shown!r:.60}.")
    if not as_data_uri and not is_path:
        return {"value": given}
    try:
        found = await source_of(given, context, port=name)
    except (OSError, ValueError) as error:
        raise InputError(name, f"cannot be read: {error}") from error
    return {"value": found.as_uri if as_data_uri else given}


@block(
    id="input.choice",
    title="Dropdown input",
    keywords=("select", "options", "choose", "enum", "menu", "form", "field"),
    outputs={"value": Annotated[str, about("What the run gives, or the default.")]},
    sticky=True,
    kind=Field,
    examples=[
        example({"name": "size", "options": ["S", "M"], "default": "M"}, value="M")
    ],
)
async def choice(
    *,
    name: _Name,
    options: Annotated[list[Any], about("What may be chosen.", shown=True)] = [],  # noqa: B006
    default: _Text = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _TextValue = None,
) -> dict[str, Any]:
    """Takes one of several words from whoever runs the agent."""
    del description, title, advanced, secret
    given = _given(name, value, default, "one of the options")
    if options and given not in map(str, options):
        raise InputError(
            name, f"is one of {', '.join(map(str, options))}, not {given!r:.60}."
        )
    return {"value": given}


_Toggle = Annotated[bool | None, _DEFAULT]
_ToggleValue = Annotated[bool | None, _VALUE]


@block(
    id="input.toggle",
    title="Toggle input",
    keywords=("switch", "checkbox", "boolean", "yes or no", "on off", "form", "field"),
    outputs={"value": Annotated[bool, about("What the run gives, or the default.")]},
    sticky=True,
    kind=Field,
    examples=[example({"name": "loud", "default": False}, value=False), example({"name": "loud", "value": True}, value=True)],
)  # fmt: skip
async def toggle(
    *,
    name: _Name,
    default: _Toggle = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _ToggleValue = None,
) -> dict[str, Any]:
    """Takes a yes or no from whoever runs the agent."""
    del description, title, advanced, secret
    return {"value": bool(_given(name, value, default, "yes or no"))}


_Rows = Annotated[list[dict[str, Any]] | None, _DEFAULT]
_RowsValue = Annotated[list[dict[str, Any]] | None, _VALUE]
_Columns = Annotated[
    list[str], pydantic.Field(min_length=1), about("The names of the columns.", shown=True)
]  # fmt: skip


@block(
    id="input.table",
    title="Table input",
    keywords=("rows", "grid", "spreadsheet", "records", "form", "field", "list"),
    outputs={"value": Annotated[list[dict[str, Any]], about("A dictionary a row.")]},
    sticky=True,
    kind=Field,
    examples=[
        example(
            {"name": "people", "columns": ["name"], "default": [{"name": "Ada"}]},
            value=[{"name": "Ada"}],
        )
    ],
)
async def table(
    *,
    name: _Name,
    columns: _Columns = ["Column 1", "Column 2", "Column 3"],  # noqa: B006
    default: _Rows = None,
    description: _Description = "",
    title: _Title = "",
    advanced: _Advanced = False,
    secret: _Secret = False,
    value: _RowsValue = None,
) -> dict[str, Any]:
    """Takes rows from whoever runs the agent; a cell that is lacking is empty."""
    del description, title, advanced, secret
    rows = _given(name, value, default, "rows")
    return {
        "value": [{column: row.get(column, "") for column in columns} for row in rows]
    }
