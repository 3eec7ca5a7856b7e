"""AutoGPT's inputs and outputs of an agent."""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.errors import InputError
from agentbench.formats.autogpt.block import Does, Given, Pairs, Stream, Work
from agentbench.formats.base import Native


def take(given: Given) -> Pairs:
    """What the run gives, or the default.

    Raises:
        InputError: there is neither, or it is none of the options.
    """
    value = given["default"] if given["value"] is None else given["value"]
    if value is None:
        raise InputError(str(given["name"]), "is missing: give it, or set a default.")
    options = [it for it in given.get("options") or [] if it is not None]
    if options and value not in options:
        there = ", ".join(map(str, options[:20]))
        raise InputError(
            str(given["name"]), f"takes one of {there}; not {value!r:.60}."
        )
    yield "result", value


async def give(given: Given, native: Native) -> Stream:
    """Hands a value out of the agent; with `format`, the text that it makes of it."""
    value: Any = given["value"]
    if given["format"]:
        values = {"value": value, str(given["name"]): value}
        made = await native.all(
            "text.template", template=given["format"], values=values
        )
        value = _escaped(made["result"]) if given["escape_html"] else made["result"]
    yield "value", value
    yield "output", value
    yield "name", given["name"]


def _escaped(text: str) -> str:
    import html

    return html.escape(text)


IO: Mapping[str, Work] = {
    "AgentInputBlock": take,
    "AgentShortTextInputBlock": take,
    "AgentLongTextInputBlock": take,
    "AgentNumberInputBlock": take,
    "AgentDateInputBlock": take,
    "AgentTimeInputBlock": take,
    "AgentFileInputBlock": take,
    "AgentDropdownInputBlock": take,
    "AgentToggleInputBlock": take,
    "AgentTableInputBlock": take,
    "AgentGoogleDriveFileInputBlock": take,
    "AgentOutputBlock": Does(function=give, block="text.template"),
}
