"""Outgoing notices: noted by whoever publishes, sent by one thread a little later."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentbench.domain.event import Event, Progressed, RunHeld
from agentbench.feeds.redis.line import FIRST_PAUSE, LONGEST_PAUSE, Line, LineDown
from agentbench.feeds.redis.notices import (
    KEPT,
    LASTS,
    Names,
    notice_of_hold,
    notice_of_log,
    notice_of_progress,
)

BEAT = 0.02
"""Seconds between two sendings: fifty a second, however much happens."""

MOST_DUE = 1000
"""Runs with something to tell while the server is away; the oldest is forgotten."""

MOST_PROGRESS = 100
"""Nodes of a run whose progress is told with one sending."""


@dataclass(slots=True)
class Due:
    """What is to be told of one run: only how it stands last."""

    seq: int = 0
    progress: dict[str, Progressed] = field(default_factory=dict)
    hold: RunHeld | None = None


class Outgoing:
    """Costs who publishes a lock and a dictionary entry, and never waits.

    What is not sent yet is kept as "the newest of each run", so that neither a server
    that is away nor a fast run makes it grow.
    """

    def __init__(
        self, line: Line, names: Names, agent_of: Callable[[str], str]
    ) -> None:
        self._line, self._names, self._agent_of = line, names, agent_of
        self._due: OrderedDict[str, Due] = OrderedDict()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._must_nudge = False
        self._thread = threading.Thread(
            target=self._run, name="feed outgoing", daemon=True
        )

    def note(self, run: str, events: Sequence[Any]) -> None:
        """Has a run's news told soon; from any thread."""
        last = events[-1] if events else None
        if last is None or self._closing.is_set():
            return
        with self._lock:
            due = self._due.get(run)
            if due is None:
                due = self._due[run] = Due()
                if len(self._due) > MOST_DUE:
                    self._due.popitem(last=False)
            if isinstance(last, Event):
                due.seq = max(due.seq, last.seq)
            elif isinstance(last, RunHeld):
                due.hold = last
            elif isinstance(last, Progressed) and (
                last.node in due.progress or len(due.progress) < MOST_PROGRESS
            ):
                due.progress[last.node] = last
        self._start()

    def nudge(self) -> None:
        """Wakes this process's own thread that hears: it is to listen to something else."""
        self._must_nudge = True
        self._start()

    def close(self) -> None:
        """Sends what is due, if the server answers, and ends."""
        self._closing.set()
        self._wake.set()

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident:
            self._thread.join(timeout)

    def _start(self) -> None:
        if not self._wake.is_set():
            self._wake.set()
        if not self._thread.ident:
            with self._lock, contextlib.suppress(RuntimeError):  # the process ends
                if not self._thread.ident:
                    self._thread.start()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while self._wake.wait():
            self._wake.clear()
            with self._lock:
                due, self._due = self._due, OrderedDict()
            must_nudge, self._must_nudge = self._must_nudge, False
            try:
                self._send(due, must_nudge=must_nudge)
            except LineDown:
                self._keep(due)
                self._must_nudge |= must_nudge
                if self._closing.is_set():
                    break
                self._wake.set()
                self._closing.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            is_done = not self._due and not self._must_nudge
            if self._closing.wait(BEAT) and is_done:
                break
        self._line.drop()

    def _send(self, due: OrderedDict[str, Due], *, must_nudge: bool) -> None:
        commands = [c for run, news in due.items() for c in self._commands(run, news)]
        if must_nudge:
            commands += _added(self._names.wake(), {"n": 1}, kept=1, lasts=60)
        if commands:
            self._line.call(*commands)

    def _commands(self, run: str, news: Due) -> Iterator[tuple[Any, ...]]:
        client, stream = self._names.client, self._names.run(run)
        for event in news.progress.values():
            yield from _added(stream, notice_of_progress(client, run, event))
        if news.hold is not None:
            yield from _added(stream, notice_of_hold(client, run, news.hold))
        if not news.seq:
            return
        notice = notice_of_log(client, run, news.seq)
        yield from _added(stream, notice)
        agent = self._agent_of(run)
        if agent:
            yield from _added(self._names.agent(agent), notice)

    def _keep(self, unsent: OrderedDict[str, Due]) -> None:
        """Puts back what was not sent, unless something newer is due."""
        with self._lock:
            for run, old in unsent.items():
                new = self._due.setdefault(run, Due())
                new.seq = max(new.seq, old.seq)
                new.progress = old.progress | new.progress
                new.hold = new.hold or old.hold
            while len(self._due) > MOST_DUE:
                self._due.popitem(last=False)


def _added(
    stream: str, notice: dict[str, Any], *, kept: int = KEPT, lasts: int = LASTS
) -> Iterator[tuple[Any, ...]]:
    """The commands that add a notice to a stream, which is short and does not last."""
    words = [word for pair in notice.items() for word in pair]
    yield ("XADD", stream, "MAXLEN", "~", kept, "*", *words)
    yield ("EXPIRE", stream, lasts)
