"""What the kernel answers to the requests of a view."""

from typing import Any, Literal

from agentbench.widgets.message import Message
from agentbench.widgets.wire_port import WirePort


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
    """A saved version; `saved` is when, in seconds since 1970."""

    number: int
    hash: str
    saved: float
    is_open: bool
    """Whether the graph that is shown started from it, or was last saved as it."""


class Versions(Message):
    """Every version of the agent in the library, the newest first; none of a file."""

    versions: list[WireVersion]
    file: str = ""
    """Where the agent is kept instead, if it is."""
