"""Problem: something about a graph that its author should know, with its place."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong (`error`) or doubtful (`warning`) in a graph."""

    message: str
    node: str = ""
    port: str = ""
    level: Literal["error", "warning"] = "error"
    link: str = ""
    """The link that it is about, as `source.output -> target.input`."""
    is_missing: bool = False
    """Whether a value is only not given yet: to do, rather than wrong."""

    def __str__(self) -> str:
        place = ".".join(part for part in (self.node, self.port) if part)
        return f"{place}: {self.message}" if place else self.message
