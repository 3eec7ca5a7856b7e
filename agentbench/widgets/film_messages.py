"""What crosses about the film of a run: its timeline, and one firing of it in full."""

from typing import Literal

from agentbench.widgets.answers import PlainGraph
from agentbench.widgets.late import Code
from agentbench.widgets.message import Message, Said
from agentbench.workbench.film.changes import Difference
from agentbench.workbench.film.look import FiringLook
from agentbench.workbench.film.run_diff import NodeDelta


class TimelineRow(Message):
    """One node of a timeline, its firings taken together; times in seconds.

    `row` is by what bars name it. Rows come in the order in which they are shown; those
    of an agent that a node called follow that node's, `parent` says whose they are (-1
    for the run's own) and `depth` how deep they lie.
    """

    row: int
    parent: int
    depth: int
    node: str
    title: str
    firings: int
    failed: int
    lanes: int
    busy: float
    waited: float
    tokens: int
    cost: float


class TimelineMark(Message):
    """What befell the run as a whole, in seconds since it began."""

    at: float
    text: str


class TimelineAbout(Message):
    """A run as its timeline is headed; `events` is the number of the last one it knows."""

    run: str
    agent: str
    status: str
    started: float
    seconds: float
    events: int
    read: float
    """What part of the log is in it: less than 1 while the rest is being read."""
    rows: list[TimelineRow]
    more_rows: int = 0
    """How many nodes more there are than rows are told."""
    marks: list[TimelineMark] = []


class TimelineBars(Message):
    """What a window of a timeline shows, a column each: one place is one bar.

    `node` is the row. A bar is a span by itself, or a cell in which `count` of them were. Times are
    seconds since the run began; `status` is a number, in the order of `WORDS`.
    """

    start: float
    end: float
    cell: float
    node: list[int]
    lane: list[int]
    begins: list[float]
    ends: list[float]
    status: list[int]
    count: list[int]
    number: list[int]
    attempt: list[int]
    busy: list[float]


class Comparison(Message):
    """Two runs held against each other, the earlier one first.

    `differences` are the first of them, in the order of the work; `more` is how many
    there are besides, at least. `first` is the first that shows in what a run did.
    """

    before: str
    after: str
    statuses: tuple[str, str]
    seconds: tuple[float, float]
    tokens: tuple[int, int]
    cost: tuple[float, float]
    first: Difference | None
    differences: list[Difference]
    more: int
    nodes: list[NodeDelta]
    graphs: list[PlainGraph]
    """The two graphs; none where they are too large to be drawn here."""
    marks: dict[str, str]
    """By node, how it differs, as `RunDiff.marks`."""


class AskBars(Message):
    """Asks for what a window of so many pixels shows of some rows."""

    op: Literal["bars"] = "bars"
    start: float
    end: float
    width: int
    rows: list[int]


class AskFiring(Message):
    """Asks for one firing in full."""

    op: Literal["firing"] = "firing"
    node: str
    number: int


class FilmReply(Message):
    """The answer to a question of a timeline; `error` is for people to read."""

    kind: Literal["reply"] = "reply"
    rid: int
    client: str
    result: TimelineBars | FiringLook | Code | None = None
    error: Said = ""
