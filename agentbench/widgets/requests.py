"""Every request that a view of the graph editor makes of the kernel."""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.edit import Edit
from agentbench.domain.errors import EditRefused
from agentbench.widgets.constants import from_wire
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
    title: str = ""
    """What is undone, in words; by default it is made from the edits."""
    group: str = ""
    """Edits that follow each other in one group are undone together."""


class Undo(_Request):
    """Takes the last step back; with `redo`, does the last undone one again."""

    op: Literal["undo"] = "undo"
    redo: bool = False


class Paste(_Request):
    """Puts copied nodes in, with their middle at `at`."""

    op: Literal["paste"] = "paste"
    text: str
    at: tuple[float, float]


class Duplicate(_Request):
    """Puts nodes in once more, beside themselves; with what feeds them, if `is_linked`."""

    op: Literal["duplicate"] = "duplicate"
    nodes: list[str]
    is_linked: bool = False


class Insert(_Request):
    """Puts a node between two ports: `node`, else a new one of `block`, else one that converts."""

    op: Literal["insert"] = "insert"
    source: str
    output: str
    target: str
    input: str
    block: str = ""
    node: str = ""
    at: tuple[float, float] | None = None


class Dissolve(_Request):
    """Takes nodes away and links what is before them with what is behind them."""

    op: Literal["dissolve"] = "dissolve"
    nodes: list[str]


class Collapse(_Request):
    """Makes an agent of nodes, and a node that runs it in their place."""

    op: Literal["collapse"] = "collapse"
    nodes: list[str]
    name: str


class Expand(_Request):
    """Puts the nodes of the agent that a node runs in its place."""

    op: Literal["expand"] = "expand"
    node: str


class Run(_Request):
    """Saves nothing, runs the graph as it stands, with these inputs.

    With `reuse`, `from_node` or `only`, the rest is taken over from the last run.
    """

    op: Literal["run"] = "run"
    inputs: Annotated[dict[str, Any], pydantic.AfterValidator(from_wire)]
    reuse: bool = False
    from_node: str = ""
    only: list[str] = []
    step: bool = False
    """Holds every firing before it begins."""
    in_line: bool = False
    """Begins when the runs that go on have ended."""


class Stop(_Request):
    """Stops the run that is shown, or the one of that id."""

    op: Literal["stop"] = "stop"
    run: str = ""


class ShowRun(_Request):
    """Shows another run of the agent on the canvas."""

    op: Literal["show_run"] = "show_run"
    run: str


class TakeOut(_Request):
    """Takes a run out of the line before it has begun."""

    op: Literal["take_out"] = "take_out"
    number: int


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
    """Saves the agent; `force` puts it on top of a version saved elsewhere.

    `over` names by its hash the one version on top of which it may be put.
    """

    op: Literal["save"] = "save"
    force: bool = False
    over: str = ""


class ListVersions(_Request):
    """Asks which versions of the agent are kept."""

    op: Literal["versions"] = "versions"


class LookAt(_Request):
    """Asks for what is saved: a version of the library; the newest, or the file, for null."""

    op: Literal["look"] = "look"
    version: int | None = None


class Inspect(_Request):
    """Asks for the values of a firing of a node; the newest when `firing` is null."""

    op: Literal["inspect"] = "inspect"
    node: str
    firing: int | None = None


Changing = (
    EditGraph | Undo | Paste | Duplicate | Insert | Dissolve | Collapse | Expand
)
"""What changes the graph."""

FromView = Annotated[
    Sync
    | EditGraph
    | Undo
    | Paste
    | Duplicate
    | Insert
    | Dissolve
    | Collapse
    | Expand
    | Run
    | Stop
    | ShowRun
    | TakeOut
    | Answer
    | Pin
    | Save
    | ListVersions
    | LookAt
    | Inspect,
    pydantic.Field(discriminator="op"),
]


def not_understood(error: pydantic.ValidationError) -> EditRefused:
    """The error for a request that is none."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    reason = f"The kernel did not understand the editor ({place}: {first['msg']})."
    return EditRefused(reason)
