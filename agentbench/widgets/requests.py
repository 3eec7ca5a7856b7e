"""Every request that a view of the graph editor makes of the kernel."""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.edit import Edit
from agentbench.widgets.message import Message


class _Request(Message):
    client: str
    """The view's own id, made when it mounts: replies carry it."""
    rid: int


class Sync(_Request):
    """Sends what is newer than update `since`; everything when `since` is negative."""

    op: Literal["sync"] = "sync"
    since: int


class EditGraph(_Request):
    """Carries out edits, all or none."""

    op: Literal["edit"] = "edit"
    edits: list[Edit]


class Run(_Request):
    """Saves nothing, runs the graph as it stands, with these inputs.

    With `reuse`, `from_node` or `only`, the rest is taken over from the last run.
    """

    op: Literal["run"] = "run"
    inputs: dict[str, Any]
    reuse: bool = False
    from_node: str = ""
    only: list[str] = []


class Stop(_Request):
    """Stops the run that is shown."""

    op: Literal["stop"] = "stop"


class Answer(_Request):
    """Answers what a firing of the run that is shown waits to be told."""

    op: Literal["answer"] = "answer"
    node: str
    firing: int
    answer: Any


class Pin(_Request):
    """Pins the last value of each output of a node: it is given instead of running it."""

    op: Literal["pin"] = "pin"
    node: str


class Save(_Request):
    """Saves the agent; `force` puts it on top of a version saved elsewhere."""

    op: Literal["save"] = "save"
    force: bool = False


class Inspect(_Request):
    """Asks for the values of a firing of a node; the newest when `firing` is null."""

    op: Literal["inspect"] = "inspect"
    node: str
    firing: int | None = None


FromView = Annotated[
    Sync | EditGraph | Run | Stop | Answer | Pin | Save | Inspect,
    pydantic.Field(discriminator="op"),
]
