"""Every message that crosses between the kernel and the graph editor.

The TypeScript types in `widgets/src/protocol/` are generated from this file
(`make protocol`); edit here, never there. What views ask is in `requests.py`.

How they travel: the view asks with a `Request` that carries its own number `rid`, the
kernel answers with a `Reply` of the same `rid`. What changes is told to every view as
numbered `Update`s; a view that misses a number, or has just been made, asks `sync` and
gets the updates since, or a whole `Snapshot` when they are too old.
"""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.widgets.message import Message
from agentbench.widgets.requests import FromView


# ---- what the editor draws -------------------------------------------------------


class WirePort(Message):
    """A port as the editor needs it: `types` are plain names, the first gives the colour."""

    name: str
    title: str
    help: str
    types: list[str]
    type_name: str
    schema_: dict[str, Any] = pydantic.Field(
        alias="schema", serialization_alias="schema"
    )
    required: bool
    advanced: bool
    default: Any = None
    """The default as JSON; null when there is none or it is no JSON."""
    has_default: bool = False

    model_config = pydantic.ConfigDict(populate_by_name=True, extra="forbid")


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
    x: float
    y: float
    problem: str = ""


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


class WireBundle(Message):
    """One value, ready to be shown: a MIME bundle as in a notebook output."""

    data: dict[str, Any]
    metadata: dict[str, Any]


class Question(Message):
    """What a firing waits to be told.

    The answer is one of `choices`; or what the fields of `form` hold (the value of its
    only field when `is_whole`, else a dictionary), which begin with `initial`; or
    anything. With `comment` it may be `{"answer": …, "comment": …}`. At `until` (seconds
    since 1970, 0 for never) the clock answers. `is_decision` is about a firing that was
    cut off while it was sending: `again`, `done` or `failed`.
    """

    firing: int
    text: str
    choices: list[str]
    comment: bool = False
    form: list[WirePort] = []
    is_whole: bool = True
    initial: dict[str, Any] = {}
    until: float = 0.0
    is_decision: bool = False


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

    `reason` says why it was cut short, if it was.
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


# ---- kernel -> view --------------------------------------------------------------


class GraphChanged(Message):
    """Nodes and links that came, changed or went; the rest of the graph is as it was.

    Every field is the new truth; a node in `nodes` replaces the one of its id or is new.
    `order` is absent: nodes are drawn by id.
    """

    update: Literal["graph_changed"] = "graph_changed"
    revision: int
    nodes: list[WireNode]
    removed_nodes: list[str]
    links: list[WireLink]
    removed_links: list[WireLink]
    name: str
    description: str
    problems: list[WireProblem]
    inputs: list[WirePort]
    is_saved: bool
    saved_as: str
    by: str = ""
    """The client whose edit it was; empty when it came from Python."""


class NodesMoved(Message):
    """Nodes that stand somewhere else now."""

    update: Literal["nodes_moved"] = "nodes_moved"
    revision: int
    positions: dict[str, tuple[float, float]]
    is_saved: bool
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


class NoticeGiven(Message):
    """Something to tell the user, in a line."""

    update: Literal["notice_given"] = "notice_given"
    level: Literal["info", "warning", "error"]
    text: str


Update = Annotated[
    GraphChanged | NodesMoved | BlocksChanged | RunChanged | NoticeGiven,
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
    error: str = ""
    code: str = ""
    """The error's class, as in `SaveConflict`."""
    result: Any = None
    """`Inspection` for `inspect`, `RunAccepted` for `run` and `answer`, `Saved` for `save`, else null."""


ToView = Annotated[Snapshot | Updates | Reply, pydantic.Field(discriminator="kind")]


# ---- answers ---------------------------------------------------------------------


class InspectedValue(Message):
    """One value of a firing: `from_node` is where an input came from, empty for a constant."""

    port: str
    side: Literal["input", "output"]
    type_name: str
    bundle: WireBundle
    from_node: str = ""
    note: str = ""
    """Why there is no more to see: live only, too large, from an earlier kernel."""


class Inspection(Message):
    """One firing of a node, with all it took and gave.

    `tries` says what earlier attempts failed of; `about` is what its question is about.
    """

    node: str
    firing: int
    firings: int
    """How many firings the node has so far; 0 when it has none."""
    status: str
    seconds: float
    error: str
    traceback: str
    log: list[str]
    values: list[InspectedValue]
    reason: str = ""
    tries: list[str] = []
    question: Question | None = None
    about: WireBundle | None = None


class RunAccepted(Message):
    """The id of the run that was started."""

    run: str


class Saved(Message):
    """Where the agent was saved, in words."""

    saved_as: str


class Protocol(Message):
    """All of the above in one place, for the generator of the TypeScript types."""

    to_view: ToView
    from_view: FromView
    inspection: Inspection
    run_accepted: RunAccepted
    saved: Saved
