"""The runs of one graph in this kernel: those beside each other, and those in line."""

import contextlib
import itertools
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from agentbench.domain.errors import AgentbenchError, UnknownRun
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.widgets.given import Given
from agentbench.widgets.messages import InLine, RunLook, RunsChanged
from agentbench.workbench.run import Run

KEPT = 8
"""So many runs are listed; the oldest that have ended go first."""
LONG = 20_000
"""Of a run of earlier with more events its outputs are not shown in the list."""
LETTERS = 80
"""So much of the inputs and outputs of a run is shown in a line."""


@dataclass(frozen=True)
class Turn:
    """A run that has not begun: `start` begins it."""

    number: int
    inputs: str
    start: Callable[[], Run]


class RunLine:
    """Safe to use from any thread; `on_change` is called whenever the list may differ.

    A run works on the graph as it stands when its turn has come; `on_refusal` is told why
    one of them could not begin.
    """

    def __init__(
        self,
        given: Given,
        on_change: Callable[[], None],
        on_refusal: Callable[[Exception], None],
    ) -> None:
        self._given = given
        self._on_change, self._on_refusal = on_change, on_refusal
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._inputs: dict[str, str] = {}
        self._waiting: list[Turn] = []
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def start(
        self, start: Callable[[], Run], inputs: Mapping[str, Any], *, in_line: bool
    ) -> Run | None:
        """Starts a run, or puts it in line behind those that go on; then gives None."""
        shown = self._given.without_secrets(inputs)
        turn = Turn(next(self._numbers), _words(shown), start)
        with self._lock:
            if in_line and (self._waiting or self._is_busy()):
                self._waiting.append(turn)
                self._on_change()
                return None
        return self._begin(turn)

    def take_out(self, number: int) -> None:
        """Takes a run out of the line."""
        with self._lock:
            self._waiting = [turn for turn in self._waiting if turn.number != number]
        self._on_change()

    def add(self, run: Run) -> None:
        """Lists a run, wherever it was started."""
        with self._lock:
            if run.id in self._runs:
                return
            self._runs[run.id] = run
            for id, old in list(self._runs.items())[:-KEPT]:
                if not _goes_on(old):
                    del self._runs[id]
                    self._inputs.pop(id, None)
        if run.done is not None:
            run.done.add_done_callback(lambda _: self._next())
        self._on_change()

    def run(self, id: str) -> Run:
        """A run that is listed.

        Raises:
            UnknownRun: it is not.
        """
        with self._lock:
            if id not in self._runs:
                raise UnknownRun(id)
            return self._runs[id]

    def listed(self, shown: Run | None) -> RunsChanged:
        """Every run, the newest first, and the line."""
        with self._lock:
            runs, waiting = list(self._runs.values()), list(self._waiting)
        looks = [self._look(run, is_shown=run is shown) for run in reversed(runs)]
        line = [InLine(number=turn.number, inputs=turn.inputs) for turn in waiting]
        return RunsChanged(runs=looks, waiting=line)

    @property
    def goes_on(self) -> bool:
        """Whether any of the runs is being carried out."""
        with self._lock:
            return self._is_busy()

    def _begin(self, turn: Turn) -> Run:
        run = turn.start()
        with self._lock:
            self._inputs[run.id] = turn.inputs
        self.add(run)
        self._on_change()
        return run

    def _next(self) -> None:
        with self._lock:
            turn = None
            if self._waiting and not self._is_busy():
                turn = self._waiting.pop(0)
        self._on_change()
        if turn is not None:
            # Not in the thread that has just ended a run: a start waits for the store.
            threading.Thread(target=self._begin_in_turn, args=(turn,), daemon=True).start()

    def _begin_in_turn(self, turn: Turn) -> None:
        try:
            self._begin(turn)
        except Exception as error:  # noqa: BLE001 - the graph may not run any more
            self._on_refusal(error)
            self._next()

    def _is_busy(self) -> bool:
        return any(map(_goes_on, self._runs.values()))

    def _look(self, run: Run, *, is_shown: bool) -> RunLook:
        record = run.record if run.done is None else None
        if record is not None and record.last_seq > LONG:
            return self._glance(run, record, is_shown=is_shown)
        ended = sum(
            status not in ("pending", "ready", "running", "waiting")
            for status, _ in run.node_statuses.values()
        )
        status = run.status
        outputs = run.outputs if status is RunStatus.COMPLETED else {}
        return RunLook(
            id=run.id,
            status=status.value,
            seconds=run.seconds,
            done=ended,
            total=run.node_count,
            inputs=self._inputs_of(run),
            outputs=_words({name: values[-1] for name, values in outputs.items() if values}),
            is_shown=is_shown,
        )

    def _inputs_of(self, run: Run) -> str:
        """What it was given: of a run that was started elsewhere, its log says so."""
        known = self._inputs.get(run.id)
        if known is not None:
            return known
        with contextlib.suppress(AgentbenchError):  # its log may be damaged
            given = self._given.to(run.id)
            if given is not None:  # else it is looked for again
                self._inputs[run.id] = _words(given)
        return self._inputs.get(run.id, "")

    def _glance(self, run: Run, record: RunRecord, *, is_shown: bool) -> RunLook:
        """The same of a long run of earlier, whose log is not read for it."""
        is_over = record.status.is_final
        return RunLook(
            id=run.id,
            status=record.status.value,
            seconds=max(0.0, record.ended - record.started) if is_over else 0.0,
            done=run.node_count if is_over else 0,
            total=run.node_count,
            inputs=self._inputs_of(run),
            outputs="",
            is_shown=is_shown,
        )


def _goes_on(run: Run) -> bool:
    return run.done is not None and not run.done.done()


def _words(values: Mapping[str, Any]) -> str:
    """Values in one line: `city: Oslo, days: 3`."""
    parts = []
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value, default=_kind)
        parts.append(f"{name}: {' '.join(text.split())}")
    line = ", ".join(parts)
    return line if len(line) <= LETTERS else f"{line[: LETTERS - 1]}…"


def _kind(value: Any) -> str:
    return type(value).__name__
