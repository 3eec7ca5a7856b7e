"""Every message that crosses between the kernel and the graph editor.

The TypeScript types in `widgets/src/protocol/` are generated from this file
(`make protocol`); edit here, never there.

How they travel: the view asks with a `Request` that carries its own number `rid`, the
kernel answers with a `Reply` of the same `rid`. What changes is told to every view as
numbered `Update`s; a view that misses a number, or has just been made, asks `sync` and
gets the updates since, or a whole `Snapshot` when they are too old.
"""

from typing import Annotated, Any, Literal

import pydantic

from agentbench.domain.edit import Edit


class _Message(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(
        extra="forbid", json_schema_serialization_defaults_required=True
    )


# ---- what the editor draws -------------------------------------------------------


class WirePort(_Message):
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


class WireBlock(_Message):
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


class WireNode(_Message):
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


class WireLink(_Message):
    """A link; `sticky` counts both the link's own mark and its source block's."""

    source: str
    output: str
    target: str
    input: str
    sticky: bool
    types: list[str]


class WireProblem(_Message):
    """Something wrong or doubtful, with its place."""

    message: str
    node: str
    port: str
    level: Literal["error", "warning"]


class WireGraph(_Message):
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


class WireBundle(_Message):
    """One value, ready to be shown: a MIME bundle as in a notebook output."""

    data: dict[str, Any]
    metadata: dict[str, Any]


class NodeState(_Message):
    """How a node stands in the run that is shown.

    `preview` is a small bundle (under 20 kB) of the last value it gave, on output
    `preview_port`. Counts are of firings.
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


class RunState(_Message):
    """The run that is shown; `failures` are those that no link handles."""

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


# ---- kernel -> view --------------------------------------------------------------


class GraphChanged(_Message):
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


class NodesMoved(_Message):
    """Nodes that stand somewhere else now."""

    update: Literal["nodes_moved"] = "nodes_moved"
    revision: int
    positions: dict[str, tuple[float, float]]
    is_saved: bool
    by: str = ""


class BlocksChanged(_Message):
    """Blocks that are new or were defined again."""

    update: Literal["blocks_changed"] = "blocks_changed"
    blocks: list[WireBlock]


class RunChanged(_Message):
    """The run, and those nodes of it that stand differently now.

    `is_new` means: forget what earlier runs left on the nodes.
    """

    update: Literal["run_changed"] = "run_changed"
    run: RunState
    nodes: list[NodeState]
    is_new: bool = False


class NoticeGiven(_Message):
    """Something to tell the user, in a line."""

    update: Literal["notice_given"] = "notice_given"
    level: Literal["info", "warning", "error"]
    text: str


Update = Annotated[
    GraphChanged | NodesMoved | BlocksChanged | RunChanged | NoticeGiven,
    pydantic.Field(discriminator="update"),
]


class Snapshot(_Message):
    """Everything, as of update number `seq`. For the view whose `client` it names."""

    kind: Literal["snapshot"] = "snapshot"
    client: str
    seq: int
    graph: WireGraph
    blocks: list[WireBlock]
    run: RunState | None
    nodes: list[NodeState]
    version: str
    """The version of agentbench in the kernel."""


class Updates(_Message):
    """Updates numbered `first`, `first + 1`, …; `client` is empty when for every view."""

    kind: Literal["updates"] = "updates"
    client: str = ""
    first: int
    updates: list[Update]


class Reply(_Message):
    """The answer to one request; `error` is for the user to read, `code` names its kind."""

    kind: Literal["reply"] = "reply"
    client: str
    rid: int
    ok: bool
    error: str = ""
    code: str = ""
    """The error's class, as in `SaveConflict`."""
    result: Any = None
    """`Inspection` for `inspect`, `RunStarted` for `run`, `Saved` for `save`, else null."""


ToView = Annotated[Snapshot | Updates | Reply, pydantic.Field(discriminator="kind")]


# ---- answers ---------------------------------------------------------------------


class InspectedValue(_Message):
    """One value of a firing: `from_node` is where an input came from, empty for a constant."""

    port: str
    side: Literal["input", "output"]
    type_name: str
    bundle: WireBundle
    from_node: str = ""
    note: str = ""
    """Why there is no more to see: live only, too large, from an earlier kernel."""


class Inspection(_Message):
    """One firing of a node, with all it took and gave."""

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


class RunAccepted(_Message):
    """The id of the run that was started."""

    run: str


class Saved(_Message):
    """Where the agent was saved, in words."""

    saved_as: str


# ---- view -> kernel --------------------------------------------------------------


class _Request(_Message):
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
    """Saves nothing, runs the graph as it stands, with these inputs."""

    op: Literal["run"] = "run"
    inputs: dict[str, Any]


class Stop(_Request):
    """Stops the run that is shown."""

    op: Literal["stop"] = "stop"


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
    Sync | EditGraph | Run | Stop | Save | Inspect,
    pydantic.Field(discriminator="op"),
]


class Protocol(_Message):
    """All of the above in one place, for the generator of the TypeScript types."""

    to_view: ToView
    from_view: FromView
    inspection: Inspection
    run_accepted: RunAccepted
    saved: Saved
