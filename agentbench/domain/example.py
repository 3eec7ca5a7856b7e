"""Example: what a block gives for some inputs; shown to people, and carried out as a test."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Like:
    """Stands in an example for text that is another each time, such as the date of today.

    `pattern` is a regular expression that the whole text follows.
    """

    pattern: str

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return re.fullmatch(self.pattern, other, re.DOTALL) is not None
        return isinstance(other, Like) and other.pattern == self.pattern

    def __hash__(self) -> int:
        return hash(self.pattern)


@dataclass(frozen=True, kw_only=True)
class Example:
    """What a block gives for some inputs.

    `inputs` are values by input, `outputs` by output the values that it gives, in
    order; an output that is not named may give anything. `files` are texts by the name
    of the file that has to be there; `answers` are what the person or the model says
    that it asks, in order.
    """

    inputs: Mapping[str, Any]
    outputs: Mapping[str, Sequence[Any]]
    note: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[Any] = ()

    def as_json(self) -> dict[str, Any]:
        """The example as plain values; what is alike only is shown by its pattern."""
        shown: dict[str, Any] = {
            "inputs": plain(self.inputs),
            "outputs": plain(self.outputs),
        }
        extra = {
            "note": self.note,
            "files": dict(self.files),
            "answers": plain(self.answers),
        }
        return shown | {name: one for name, one in extra.items() if one}


def plain(value: Any) -> Any:
    """A value as JSON has it; what JSON has not becomes text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)  # noqa: PLR0124
    if isinstance(value, Like):
        return f"like {value.pattern}"
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)
