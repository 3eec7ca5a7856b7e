"""What the kernel answers to the requests of a view."""

from typing import Any, Literal

from agentbench.widgets.message import Message
from agentbench.widgets.wire_port import WirePort
from agentbench.workbench.film.history import InRun


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


class WirePage(Message):
    """A part of a table as text; the first `labels` columns name the rows.

    `total` and `columns` are its size, `matching` how many rows its filter leaves.
    """

    names: list[str]
    rows: list[list[str]]
    are_numbers: list[bool]
    labels: int
    start: int
    column: int
    total: int
    matching: int
    columns: int


class Copied(Message):
    """A value as text for the clipboard."""

    text: str


class FilePart(Message):
    """One of `parts` parts of a file, in base64."""

    filename: str
    mime: str
    parts: int
    data: str


class Assigned(Message):
    """The name that a value has now, and a line that shows it in a cell."""

    name: str
    code: str


class TextPart(Message):
    """More of a long text, from `start`; `total` is how many characters there are."""

    text: str
    start: int
    total: int


class WireMember(Message):
    """A member of a branch: `length` is how many it has itself, -1 for a leaf.

    `value` is a leaf as it is, within bounds, or a glance at a branch.
    """

    name: str
    value: Any
    length: int


class WireBranch(Message):
    """Members of a branch of a large tree, from `start`; it has `total`."""

    members: list[WireMember]
    start: int
    total: int
    is_list: bool


class BytesPart(Message):
    """Bytes of a value in base64, from `start`; `total` is how many there are."""

    data: str
    start: int
    total: int


class InspectedValue(Message):
    """One value of a firing: `from_node` is where an input came from, empty for a constant.

    `at` is its place among the values, `page` the first of a table, `length` how long a
    text is of which the bundle holds the start (0 when it holds the whole), `branch` the
    root of a tree too large to be in the bundle, `raw` the first of what is only bytes.
    """

    port: str
    side: Literal["input", "output"]
    type_name: str
    bundle: WireBundle
    from_node: str = ""
    note: str = ""
    """Why there is no more to see: live only, too large, from an earlier kernel."""
    at: int = 0
    page: WirePage | None = None
    length: int = 0
    branch: WireBranch | None = None
    raw: BytesPart | None = None
    loads_image: bool = False
    """Whether it is the address of a picture, which the kernel fetches when asked."""


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


class Rearranged(Message):
    """What a larger edit left: the nodes that it is about now, to be selected."""

    ids: list[str]
    title: str = ""
    """What was undone or done again, in words."""
    lost: list[str] = []
    """Inputs, as `node.port`, whose live values did not come along."""


class RunAccepted(Message):
    """The id of the run that was started."""

    run: str


class Frame(Message):
    """Where the film of a run stands: at event `at` of `last`, and what that said.

    `place` (`node.output`) and `value` (JSON) are of an event that brought a value which
    can be changed; `value` is empty where it is too large for that.
    """

    at: int
    last: int
    seconds: float
    said: str
    node: str = ""
    place: str = ""
    value: str = ""


class PastRun(Message):
    """A run of the store; `started` is in seconds since 1970."""

    id: str
    status: str
    started: float
    seconds: float
    events: int
    of_node: InRun | None = None
    """What the node that was asked about did in it."""


class PastRuns(Message):
    """Runs of the agent, the newest first."""

    runs: list[PastRun]


class Saved(Message):
    """Where the agent was saved, in words."""

    saved_as: str


class PlainNode(Message):
    """A node as it is kept: what the canvas would set, and nothing that follows from it."""

    block: str
    title: str = ""
    constants: dict[str, Any] = {}
    options: dict[str, Any] = {}
    position: tuple[float, float] | None = None
    colour: str = ""


class PlainLink(Message):
    """A link as it is kept."""

    source: str
    output: str
    target: str
    input: str
    sticky: bool = False


class PlainGraph(Message):
    """A graph as it is kept, to be held against another; `hash` names a saved one."""

    name: str
    nodes: dict[str, PlainNode]
    links: list[PlainLink]
    hash: str = ""


class WireVersion(Message):
    """How the graph was at one time; `at` is when, in seconds since 1970, or 0."""

    key: str
    """By which it is asked for."""
    kind: Literal["version", "file", "commit", "step"]
    name: str
    note: str
    at: float
    is_open: bool
    """Whether the graph that is shown started from it, or was last saved as it."""


class Versions(Message):
    """What is saved of the agent, the newest first, then the steps that can be undone."""

    versions: list[WireVersion]
