"""Run inputs as people write them on a line: `name=value`."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from agentbench.domain.errors import InputError
from agentbench.domain.port import Port


def read_inputs(words: Iterable[str], ports: Mapping[str, Port]) -> dict[str, Any]:
    """Run inputs from words of the form `name=value`.

    A value is JSON where it reads as such and the input does not take text; else it
    is the text itself.

    Raises:
        InputError: a word is not of that form, or a name comes twice.
    """
    inputs: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            lacking = "value" if name else "name"
            raise InputError(word, f"has no {lacking}; write NAME=VALUE.")
        if name in inputs:
            raise InputError(name, "is given twice; give it one value.")
        port = ports.get(name)
        takes_text = port is not None and "text" in port.types
        inputs[name] = text if takes_text else read_value(text)
    return inputs


def read_value(text: str) -> Any:
    """JSON where it reads as such, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or more than Python reads
        return text
