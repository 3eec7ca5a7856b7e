"""Brought: what is said in the place of a table or an image, where only words can stand.

Neither a document nor a form can hold a data frame. They say `{"$file": path}` for a file
of the workspace, and `{"$upload": "hash/name"}` for one that somebody uploaded; a form may
also say `{"$variable": name}` for one of the notebook. It is read when it is needed.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from agentbench.domain.drawing import Drawing
from agentbench.domain.kind import IMAGE, TABLE, Kind
from agentbench.domain.memo import Memo
from agentbench.domain.port import Port

FILE, UPLOAD, VARIABLE = "$file", "$upload", "$variable"
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (TABLE, IMAGE)}
"""What can be brought, by the word of its port's type."""


class Bringing(Protocol):
    """Reads what is brought."""

    def read(self, port: Port, value: Any) -> Any:
        """The table or image that a value names; blocks while it is read.

        Raises:
            InputError: it is not there, elsewhere, or of another kind.
        """
        ...


def kind_brought(port: Port) -> Kind | None:
    """The kind of live value that a port takes, where one can be brought."""
    return next((KINDS[name] for name in port.types if name in KINDS), None)


def is_brought(port: Port, value: Any) -> bool:
    """Whether a value only says where the value is; for a port that takes JSON it is data."""
    return _names(value, FILE, UPLOAD, VARIABLE) and kind_brought(port) is not None


def is_file(port: Port, value: Any) -> bool:
    """Whether it names a file: what a node may hold, which lasts longer than a notebook."""
    return _names(value, FILE, UPLOAD) and kind_brought(port) is not None


def files_of(graph: Drawing) -> list[tuple[str, Port, Any]]:
    """The constants of a graph that name files: the node, the port, and what it says."""
    return [
        (id, port, constants[port.name])
        for id in _holding(graph)
        for constants in [graph.node(id).constants]
        for port in graph.inputs_of(id)
        if is_file(port, constants.get(port.name))
    ]


def _names(value: Any, *words: str) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    [(word, what)] = value.items()
    return word in words and isinstance(what, str)


def _with_dictionaries(graph: Drawing) -> list[str]:
    return [
        id
        for id, node in sorted(graph.nodes.items())
        if any(isinstance(value, dict) for value in node.constants.values())
    ]


_holding: Memo[list[str]] = Memo(_with_dictionaries)
"""The nodes with a constant that is a dictionary; whichever it holds by now."""
