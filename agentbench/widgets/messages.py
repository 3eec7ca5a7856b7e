"""Every message that crosses between the kernel and the graph editor.

The TypeScript types in `widgets/src/protocol/` are generated
(`make protocol`) from what `protocol.py` lists; edit here, never there. What views ask
is in `requests.py`.

How they travel: the view asks with a `Request` that carries its own number `rid`, the
kernel answers with a `Reply` of the same `rid`. What changes is told to every view as
numbered `Update`s; a view that misses a number, or has just been made, asks `sync` and
gets the updates since, or a whole `Snapshot` when they are too old.
"""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.widgets.answers import (
    Assigned,
    Copied,
    FilePart,
    Inspection,
    PlainGraph,
    Question,
    Rearranged,
    RunAccepted,
    Saved,
    TextPart,
    Versions,
    WireBundle,
    WirePage,
)
from agentbench.widgets.form_answers import (
    Checked,
    FormState,
    CredentialOffers,
    LastInputs,
    ModelOffers,
    UploadBegun,
    Uploaded,
)
from agentbench.widgets.form_requests import FromForm
from agentbench.widgets.message import Message, Said
from agentbench.widgets.requests import FromView
from agentbench.widgets.wire_port import WirePort


# ---- what the editor draws -------------------------------------------------------


class WireBlock(Message):
    """A block as the palette shows it. `ports` names what a node of it starts with."""

    id: str
    title: str
    help: str
    family: str
    keywords: list[str]
    role: Literal["work", "input", "output", "note"]
    effects: Literal["pure", "reads", "writes", "sends"]
    input_types: list[str]
    output_types: list[str]


class OptionGroup(Message):
    """Options of a node that are about one thing, as fields to be filled in."""

    title: str
    options: list[WirePort]


class WireNode(Message):
    """A node as the canvas draws it. `problem` says why its block is unknown, if it is."""

    id: str
    block: str
    title: str
    """What is written on it: its own title, else its block's."""
    own_title: str
    role: Literal["work", "input", "output", "note"]
    help: str
    inputs: list[WirePort]
    outputs: list[WirePort]
    constants: dict[str, Any]
    """Constants that are JSON; a live object stands as `{"$live": "DataFrame"}`."""
    options: dict[str, Any]
    colour: str = ""
    """One of the named colours; empty for that of its family."""
    x: float
    y: float
    problem: str = ""


class NodeChanged(Message):
    """What is new of a node whose ports are as they were."""

    id: str
    title: str
    own_title: str
    constants: dict[str, Any]
    options: dict[str, Any]
    colour: str = ""
    x: float
    y: float


class WireLink(Message):
    """A link; `sticky` counts both the link's own mark and its source block's."""

    source: str
    output: str
    target: str
    input: str
    sticky: bool
    types: list[str]


class WireProblem(Message):
    """Something wrong or doubtful, with its place."""

    message: str
    node: str
    port: str
    level: Literal["error", "warning"]
    link: str = ""
    """The link that is wrong, as `source.output -> target.input`, if it is about one."""
    is_missing: bool = False
    """Whether a value is only not given yet."""


class WireGraph(Message):
    """A whole graph. `is_saved` is false while there are changes that no save has kept."""

    name: str
    description: str
    revision: int
    nodes: list[WireNode]
    links: list[WireLink]
    problems: list[WireProblem]
    inputs: list[WirePort]
    """The agent's own inputs, for the form that is shown before a run."""
    read_only: str
    is_saved: bool
    saved_as: str
    """Where it was last saved, in words: `version 3`, `agents/brief.agent.json`."""
    undo: str = ""
    """What would be undone next, in words; empty when there is nothing."""
    redo: str = ""
    """What would be done again next."""


class NodeState(Message):
    """How a node stands in the run that is shown.

    `preview` is a small bundle (under 20 kB) of the last value it gave, on output
    `preview_port`. Counts are of firings. `reason` says why the newest was skipped,
    reused or done again, `question` what the oldest that asks wants to be told.
    """

    node: str
    status: Literal[
        "pending",
        "ready",
        "running",
        "waiting",
        "completed",
        "failed",
        "skipped",
        "reused",
        "stopped",
    ]
    running: int = 0
    completed: int = 0
    failed: int = 0
    waiting: int = 0
    """Firings that have some of their values and wait for the rest."""
    error: str = ""
    place: str = ""
    """Where in its own code the newest failure came from, if it has code of its own."""
    seconds: float = 0.0
    progress: float | None = None
    """From 0 to 1 while it tells; null when it does not."""
    progress_text: str = ""
    preview: WireBundle | None = None
    preview_port: str = ""
    reason: str = ""
    question: Question | None = None


class RunState(Message):
    """The run that is shown; `failures` are those that no link handles.

    `reason` says why it was cut short, or stands still, if it does.
    """

    id: str
    status: Literal[
        "queued",
        "running",
        "waiting",
        "completed",
        "failed",
        "stopped",
        "interrupted",
        "needs_decision",
    ]
    started: float
    seconds: float
    failures: list[WireProblem]
    link_counts: dict[str, int]
    """Values that went over each link so far, by `source.output -> target.input`."""
    is_ours: bool = True
    """Whether this kernel runs it."""
    reason: str = ""
    at: int = 0
    """The event at which the film stands; 0 for the run as it is now."""


# ---- kernel -> view --------------------------------------------------------------


class GraphChanged(Message):
    """Nodes and links that came, changed or went; the rest of the graph is as it was.

    Every field is the new truth; a node in `nodes` replaces the one of its id or is new.
    `problems` replace those of the nodes in `judged`, where an empty id stands for the
    graph itself; `inputs` are null while they are as they were.
    """

    update: Literal["graph_changed"] = "graph_changed"
    revision: int
    nodes: list[WireNode]
    changed: list[NodeChanged] = []
    removed_nodes: list[str]
    links: list[WireLink]
    removed_links: list[WireLink]
    name: str
    description: str
    judged: list[str]
    problems: list[WireProblem]
    inputs: list[WirePort] | None
    is_saved: bool
    saved_as: str
    undo: str = ""
    redo: str = ""
    by: str = ""
    """The client whose edit it was; empty when it came from Python."""


class NodesMoved(Message):
    """Nodes that stand somewhere else now."""

    update: Literal["nodes_moved"] = "nodes_moved"
    revision: int
    positions: dict[str, tuple[float, float]]
    is_saved: bool
    undo: str = ""
    redo: str = ""
    by: str = ""


class BlocksChanged(Message):
    """Blocks that are new or were defined again."""

    update: Literal["blocks_changed"] = "blocks_changed"
    blocks: list[WireBlock]


class RunChanged(Message):
    """The run, and those nodes of it that stand differently now.

    `is_new` means: forget what earlier runs left on the nodes.
    """

    update: Literal["run_changed"] = "run_changed"
    run: RunState
    nodes: list[NodeState]
    is_new: bool = False


class RunLook(Message):
    """One run of the agent at a glance; `done` of `total` nodes have ended."""

    id: str
    status: str
    seconds: float
    done: int
    total: int
    inputs: str
    outputs: str
    is_shown: bool


class InLine(Message):
    """A run that begins when those before it have ended."""

    number: int
    inputs: str


class RunsChanged(Message):
    """Every run of the agent in this kernel, the newest first, and those in line."""

    update: Literal["runs_changed"] = "runs_changed"
    runs: list[RunLook]
    waiting: list[InLine]


class StaleChanged(Message):
    """Which nodes were changed since the run that is shown, and why each is out of date.

    What lies behind them is out of date too, and is not named.
    """

    update: Literal["stale_changed"] = "stale_changed"
    stale: dict[str, str]


class NoticeGiven(Message):
    """Something to tell the user, in a line."""

    update: Literal["notice_given"] = "notice_given"
    level: Literal["info", "warning", "error"]
    text: str


Update = Annotated[
    GraphChanged
    | NodesMoved
    | BlocksChanged
    | RunChanged
    | RunsChanged
    | StaleChanged
    | NoticeGiven,
    pydantic.Field(discriminator="update"),
]


class Snapshot(Message):
    """Everything, as of update number `seq`. For the view whose `client` it names."""

    kind: Literal["snapshot"] = "snapshot"
    client: str
    seq: int
    graph: WireGraph
    blocks: list[WireBlock]
    options: list[OptionGroup]
    """Every option of a node, in groups."""
    run: RunState | None
    nodes: list[NodeState]
    stale: dict[str, str]
    """As in `StaleChanged`."""
    runs: RunsChanged
    version: str
    """The version of agentbench in the kernel."""


class Updates(Message):
    """Updates numbered `first`, `first + 1`, …; `client` is empty when for every view."""

    kind: Literal["updates"] = "updates"
    client: str = ""
    first: int
    updates: list[Update]


class Reply(Message):
    """The answer to one request; `error` is for the user to read, `code` names its kind."""

    kind: Literal["reply"] = "reply"
    client: str
    rid: int
    ok: bool
    error: Said = ""
    code: str = ""
    """The error's class, as in `SaveConflict`."""
    trouble: str = ""
    """The name by which `%agent error` finds all of it, as in `E-7K2M`."""
    result: Any = None
    """`Inspection` for `inspect`, `RunAccepted` for `run` and `answer`, `Saved` for `save`,
    `Rearranged` for what rearranges, one of `form_answers` for forms,
    `WirePage`, `Copied`, `FilePart`, `Assigned` and `TextPart` for what is asked of a value,
    else null."""


ToView = Annotated[Snapshot | Updates | Reply, pydantic.Field(discriminator="kind")]
