"""Corresponding: a block of ours that does the work of one of AutoGPT's, by a row of the table."""

import contextlib
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from agentbench.domain.correspondence import Correspondence
from agentbench.formats.base import Native


async def corresponding(
    row: Correspondence, given: Mapping[str, Any], native: Native
) -> AsyncGenerator[tuple[str, Any], None]:
    """What our block gives, by their names; what they left empty is our default."""
    inputs = dict(row.constants)
    for theirs, ours in row.inputs.items():
        value = _at(given, theirs)
        if ours and value is not None:
            inputs.setdefault(ours, _translated(row, ours, value))
    names: dict[str, list[str]] = {}
    for theirs, ours in row.outputs.items():
        names.setdefault(ours, []).append(theirs)
    stream = native.run(row.block, **inputs)
    async with contextlib.aclosing(stream):
        async for port, value in stream:
            for theirs in names.get(port, ()):
                yield theirs, value


def _translated(row: Correspondence, port: str, value: Any) -> Any:
    words = row.words.get(port)
    if not words or not isinstance(value, (str, int, float, bool)):
        return value
    return words.get(value, value)


def _at(given: Mapping[str, Any], name: str) -> Any:
    """An input, or an entry of a dictionary that one takes."""
    value: Any = given
    for key in name.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
