"""Every request that a view of the graph editor makes of the kernel."""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.edit import Edit
from agentbench.widgets.constants import from_wire
from agentbench.widgets.form_requests import FormRequest
from agentbench.widgets.form_requests import not_understood as not_understood
from agentbench.widgets.late import FetchCode
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
    """Asks how the graph was at one of the times listed; for no key, what is saved now."""

    op: Literal["look"] = "look"
    key: str = ""


class Inspect(_Request):
    """Asks for the values of a firing of a node; the newest when `firing` is null."""

    op: Literal["inspect"] = "inspect"
    node: str
    firing: int | None = None


class Seek(_Request):
    """Puts the film of the run that is shown at an event; null lets it stand as it is."""

    op: Literal["seek"] = "seek"
    at: int | None = None


class ListRuns(_Request):
    """Asks for earlier runs of the agent, the newest first."""

    op: Literal["list_runs"] = "list_runs"
    status: list[str] = []
    since: str = ""
    """From when on, as `7d` or `2026-11-30`; empty for ever."""
    text: str = ""
    """Words that are in the run's id or inputs."""
    limit: int = 50
    node: str = ""
    """Only those in which that node fired, with what it did there."""


class Fork(_Request):
    """Goes on from an event in a new run; changed, with `value` (JSON) for what it brought."""

    op: Literal["fork"] = "fork"
    at: int
    is_changed: bool = False
    value: str = ""


class Compare(_Request):
    """Holds the run that is shown against another one."""

    op: Literal["compare"] = "compare"
    run: str


class FilmAbout(_Request):
    """Asks what heads the timeline of the run that is shown."""

    op: Literal["film_about"] = "film_about"


class Bars(_Request):
    """Asks for what a window of that timeline shows of some rows."""

    op: Literal["bars"] = "bars"
    start: float
    end: float
    width: int
    rows: list[int]


class Firing(_Request):
    """Asks for one firing of the run that is shown, in full."""

    op: Literal["firing"] = "firing"
    node: str
    number: int


Filming = Seek | ListRuns | Fork | Compare | FilmAbout | Bars | Firing
"""What is about the film of a run."""


class ValuePlace(Message):
    """Which value is meant: the `at`-th of a firing; all of them for -1.

    Where there is no node, as in an inspector of its own, `at` says it alone.
    """

    node: str = ""
    firing: int | None = None
    at: int


class TurnPage(_Request):
    """Asks for a page of a table, as `PageAsked` of `agentbench.domain.renderer` says it."""

    op: Literal["page"] = "page"
    of: ValuePlace
    start: int = 0
    rows: int = 50
    column: int = 0
    sort: int | None = None
    is_descending: bool = False
    filter: str = ""


class CopyValue(_Request):
    """Asks for a value as text for the clipboard; for all that are texts, as one."""

    op: Literal["copy"] = "copy"
    of: ValuePlace


class FetchValue(_Request):
    """Asks for a part of a value as a file; of all of them as an archive."""

    op: Literal["fetch"] = "fetch"
    of: ValuePlace
    part: int = 0


class AssignValue(_Request):
    """Gives a value a name in the notebook: this one, or one that is free."""

    op: Literal["assign"] = "assign"
    of: ValuePlace
    name: str = ""


class ReadOn(_Request):
    """Asks for more of a long text from character `start`, or for bytes from there."""

    op: Literal["read_on"] = "read_on"
    of: ValuePlace
    start: int


class OpenBranch(_Request):
    """Asks for the members of a branch of a large tree, named by their places, from `start`."""

    op: Literal["branch"] = "branch"
    of: ValuePlace
    path: list[int]
    start: int = 0


class LoadImage(_Request):
    """Asks for the picture at the address that a value is: the kernel fetches it."""

    op: Literal["load_image"] = "load_image"
    of: ValuePlace


OfValue = (
    TurnPage
    | CopyValue
    | FetchValue
    | AssignValue
    | ReadOn
    | OpenBranch
    | LoadImage
)
"""What is asked about one value, or about all values of a firing."""

OfInspector = Annotated[
    TurnPage
    | CopyValue
    | FetchValue
    | AssignValue
    | ReadOn
    | OpenBranch
    | LoadImage
    | FetchCode,
    pydantic.Field(discriminator="op"),
]
"""What a view of an inspector asks."""

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
    | Inspect
    | Seek
    | ListRuns
    | Fork
    | Compare
    | FilmAbout
    | Bars
    | Firing
    | FormRequest
    | TurnPage
    | CopyValue
    | FetchValue
    | AssignValue
    | ReadOn
    | OpenBranch
    | LoadImage,
    pydantic.Field(discriminator="op"),
]
