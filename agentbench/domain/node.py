"""Node and Link: what a graph is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Node:
    """A block placed in a graph. `extra` keeps what a newer file says and we do not know."""

    id: str
    block: str
    title: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    position: tuple[float, float] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


_PLAIN = frozenset((str, int, float, bool, type(None)))


def has_plain_constants(node: Node) -> bool:
    """Whether nothing about the node can be changed in place, behind the graph's back."""
    values = [*node.constants.values(), *node.options.values()]
    return all(type(value) in _PLAIN for value in values)


@dataclass(frozen=True, kw_only=True, order=True)
class Link:
    """Joins an output port to an input port."""

    source: str
    output: str
    target: str
    input: str
    sticky: bool = field(default=False, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes it the same link: its four ends."""
        return (self.source, self.output, self.target, self.input)

    def __str__(self) -> str:
        return f"{self.source}.{self.output} -> {self.target}.{self.input}"
