"""Tool: a node that another node may call, again and again, while that one is running.

Links from an output named `tools` offer the nodes they lead to as tools; the inputs they
lead to are the tool's parameters. A call is a firing of that node like any other: it is
on the canvas, in the log, in the budgets. AutoGPT's boards name such ports alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from agentbench.domain.port import Port

TOOLS = "tools"
"""The output whose links offer tools."""


@dataclass(frozen=True, kw_only=True)
class LinkedTool:
    """A node that may be called: `effects` are those of its block; `inputs` are the ports that a call gives values to."""

    node: str
    block: str
    title: str
    help: str
    effects: str
    constants: Mapping[str, Any]
    inputs: tuple[Port, ...]


@dataclass(frozen=True, kw_only=True)
class ToolOutcome:
    """How a call ended: the values of its outputs by name, or what it failed of."""

    firing: int
    outputs: Mapping[str, list[Any]]
    error: str = ""


@runtime_checkable
class ServedTool(Protocol):
    """A block that is a tool of a server; `url` is empty for one that is started here."""

    id: str
    url: str
    tool_name: str


_SENT, _CALLED = f"{TOOLS}_^_", f"{TOOLS}_?_"


def addressed(node: str, input: str, *, is_call: bool) -> str:
    """The name of the output that leads to one input of one tool only.

    With `is_call` for who waits for what the tool gives: a failure is told to that one.
    """
    return f"{_CALLED if is_call else _SENT}{node}_~_{input}"


def is_addressed(port: str) -> bool:
    """Whether an output's name is one that `addressed` gave."""
    return port.startswith((_SENT, _CALLED))


def is_called(port: str) -> bool:
    """Whether who sent a value by that output waits for what comes of it."""
    return port.startswith(_CALLED)
