"""What you drew cannot be."""

from collections.abc import Iterable, Sequence
from typing import Any

from agentbench.domain.errors.base import AgentbenchError, close_to


class GraphError(AgentbenchError):
    """What you drew cannot be."""


class UnknownBlock(GraphError):
    """No block has that id."""

    def __init__(self, block: str, known: Iterable[str] = ()) -> None:
        self.block = block
        super().__init__(
            f"There is no block {block!r}.{close_to(block, known)}"
            " `%agent blocks` (or `agentbench blocks`) lists them."
        )


class UnknownAgent(GraphError):
    """No agent in the library has that name, and no file either."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        known = sorted(set(known))
        there = f"holds: {', '.join(known[:12])}" if known else "is empty"
        super().__init__(
            f"There is no agent {name!r} in the library, and no file of that name."
            f"{close_to(name, known)} The library {there}."
        )


class UnknownNode(GraphError):
    """No node has that id."""

    def __init__(self, node: str, known: Iterable[str] = ()) -> None:
        self.node = node
        known = list(known)
        there = ", ".join(known[:12]) or "none yet"
        super().__init__(
            f"There is no node {node!r} in this graph.{close_to(node, known)}"
            f" Its nodes: {there}."
        )


class UnknownPort(GraphError):
    """The node has no such port."""

    def __init__(self, node: str, port: str, side: str, known: Sequence[str]) -> None:
        self.node, self.port, self.side = node, port, side
        there = ", ".join(known) or "none"
        super().__init__(
            f"Node {node!r} has no {side} {port!r}.{close_to(port, known)}"
            f" Its {side}s: {there}."
        )


class LinkRefused(GraphError):
    """The two ports may not be linked; the message says why."""

    def __init__(self, source: str, target: str, reason: str) -> None:
        self.source, self.target, self.reason = source, target, reason
        super().__init__(f"{source} cannot be linked to {target}: {reason}")


class EditRefused(GraphError):
    """The edit does not fit the graph."""


class ReadOnlyGraph(GraphError):
    """The graph may be looked at, not changed."""

    def __init__(self, name: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The agent {name!r} is open read-only: {reason}")


class DocumentError(GraphError):
    """The file is no agent file, or a damaged one."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"{where} cannot be read as an agent: {reason}")


class GraphInvalid(GraphError):
    """The graph cannot run as it is; `problems` lists why, node by node."""

    def __init__(self, name: str, problems: Sequence[Any]) -> None:
        self.problems = list(problems)
        lines = "".join(f"\n  - {p}" for p in self.problems)
        super().__init__(f"The agent {name!r} cannot run yet:{lines}")


class InputError(GraphError):
    """A run input is missing, unknown or of the wrong type."""

    def __init__(self, name: str, reason: str) -> None:
        self.input, self.reason = name, reason
        super().__init__(f"Input {name!r} {reason}")


class UploadRefused(GraphError):
    """A file that somebody brought was not taken in."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{name} was not taken in: {reason}")
