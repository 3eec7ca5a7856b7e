"""Firings: what a run did, firing by firing, as objects and as a DataFrame."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from agentbench.domain.errors import UnknownNode
from agentbench.domain.records import Records, Row, frame_of
from agentbench.domain.run import FiringStatus
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.state import FiringState, RunState

if TYPE_CHECKING:
    import pandas

Read = Callable[[int], Any]
"""The value that the event of a number brought."""
Kept = tuple[ValueRef, str, int, str]
"""A value as it is kept; the node, firing and output that gave it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Firing:
    """One firing: the `number`-th of `node`, as it stood when it was asked for.

    `started` is when it began first and `ended` when it ended or parked, in seconds
    since 1970, 0 for not yet. `seconds` is how long its last attempt took, `waited` how
    long it was parked. `error` is empty for one that did not fail; `tries` says what
    earlier attempts failed of, `reason` why it was skipped, reused or done again,
    `question` what it waits to be told.
    """

    node: str
    number: int
    status: FiringStatus
    attempts: int
    started: float = field(repr=False)
    ended: float = field(repr=False)
    seconds: float = field(repr=False)
    waited: float = field(repr=False)
    tokens: int
    cost: float
    error: str
    traceback: str = field(repr=False)
    reason: str
    question: str
    tries: Sequence[str]
    log: Sequence[str] = field(repr=False)
    taken: Mapping[str, int] = field(repr=False)
    """For each linked input, the number of the event that brought its value."""
    given: Sequence[tuple[str, int]] = field(repr=False)
    """Each output that gave a value, and the number of that event."""
    _read: Read = field(repr=False, compare=False)

    @property
    def inputs(self) -> dict[str, Any]:
        """What came over links, by input; read when asked for."""
        return {port: self._read(seq) for port, seq in self.taken.items()}

    @property
    def outputs(self) -> dict[str, list[Any]]:
        """What it gave, by output; read when asked for."""
        return _by_output(self.given, self._read)


class Firings(Records[Firing]):
    """The firings of a run, in the order in which they started."""

    noun: ClassVar = "firing"
    columns: ClassVar[Sequence[str]] = (
        "node", "number", "status", "attempts", "started", "ended", "seconds", "waited",
        "tokens", "cost", "inputs", "outputs", "error", "reason", "question",
    )  # fmt: skip
    times: ClassVar = ("started", "ended")
    shown: ClassVar = (
        "node", "number", "status", "attempts", "started", "seconds", "error", "reason",
    )  # fmt: skip
    lasting: ClassVar = ("node", "number", "status", "attempts", "error", "reason")

    def __init__(
        self,
        firings: Sequence[Firing],
        kept: Mapping[int, Kept],
        read: Read,
        nodes: Collection[str],
    ) -> None:
        """`kept` holds, by the number of its event, each value as it is kept.

        `nodes` are those of the run, also the ones that have not fired.
        """
        super().__init__(firings)
        self._values, self._read, self._nodes = kept, read, nodes

    def of_node(self, node: str) -> "Firings":
        """The history of one node: its firings, in their order.

        Raises:
            UnknownNode: the run has no such node.
        """
        if node not in self._nodes:
            raise UnknownNode(node, self._nodes)
        found = sorted((it for it in self if it.node == node), key=lambda it: it.number)
        return Firings(found, self._values, self._read, self._nodes)

    @classmethod
    def of(cls, state: RunState, read: Read) -> "Firings":
        """The firings of a state as it is now; what it becomes later leaves them alone."""
        firings = [
            _firing(firing, read)
            for node in state.nodes.values()
            for firing in node.firings.values()
        ]
        firings.sort(key=lambda f: (f.started, f.node, f.number))
        return cls(firings, state.values, read, list(state.nodes))

    def to_frame(self, *, values: bool = False) -> "pandas.DataFrame":
        """The firings as a DataFrame, one a row; points in time are UTC.

        The columns `inputs` and `outputs` hold a dictionary by port. A value that is kept
        apart from the log (a table, say) stands there as the reference to it; with
        `values` each is read, which may take as much memory as all of them together.

        Raises:
            MissingLibrary: pandas is not installed.
        """
        read = self._read if values else self._kept
        rows = (self._row(firing, read) for firing in self)
        return frame_of(rows, self.columns, self.times)

    def row(self, record: Firing) -> Row:
        return self._row(record, self._kept)

    def in_lasting_order(self) -> Iterable[Firing]:
        return sorted(self, key=lambda firing: (firing.node, firing.number))

    def _row(self, firing: Firing, read: Read) -> Row:
        return {
            "node": firing.node,
            "number": firing.number,
            "status": str(firing.status),
            "attempts": firing.attempts,
            "started": firing.started,
            "ended": firing.ended,
            "seconds": firing.seconds,
            "waited": firing.waited,
            "tokens": firing.tokens,
            "cost": firing.cost,
            "inputs": {port: read(seq) for port, seq in firing.taken.items()},
            "outputs": _by_output(firing.given, read),
            "error": firing.error,
            "reason": firing.reason,
            "question": firing.question,
        }

    def _kept(self, seq: int) -> Any:
        ref = self._values[seq][0]
        return ref.data if isinstance(ref, InlineValue) else ref


def _by_output(given: Sequence[tuple[str, int]], read: Read) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for port, seq in given:
        found.setdefault(port, []).append(read(seq))
    return found


def _firing(state: FiringState, read: Read) -> Firing:
    asked = state.question
    is_waiting = state.status is FiringStatus.WAITING
    return Firing(
        node=state.node,
        number=state.firing,
        status=state.status,
        attempts=state.attempt,
        started=state.began,
        ended=state.left,
        seconds=state.seconds,
        waited=state.waited,
        tokens=state.tokens,
        cost=state.cost,
        error=f"{state.error}: {state.message}" if state.error else "",
        traceback=state.traceback,
        reason=state.reason,
        question=asked.question if asked is not None and is_waiting else "",
        tries=tuple(state.tries),
        log=tuple(state.log),
        taken=state.inputs,
        given=tuple(state.emitted),
        _read=read,
    )
