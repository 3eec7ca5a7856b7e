"""A port as views see it: on a node, and as a field of a form."""

from typing import Any

import pydantic

from agentbench.widgets.message import Message


class WirePort(Message):
    """A port as the editor needs it: `types` are plain names, the first gives the colour."""

    name: str
    title: str
    help: str
    types: list[str]
    type_name: str
    schema_: dict[str, Any] = pydantic.Field(
        alias="schema", serialization_alias="schema"
    )
    required: bool
    advanced: bool
    shown: bool = False
    """Whether it stands on the node at all times: the block is about it."""
    default: Any = None
    """The default as JSON; null when there is none or it is no JSON."""
    has_default: bool = False

    model_config = pydantic.ConfigDict(populate_by_name=True, extra="forbid")
