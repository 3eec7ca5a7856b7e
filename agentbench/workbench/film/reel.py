"""Reel: the state of a run at any of its events, for about what the next one costs.

A log is folded on and never back. So on the way copies are left, at even distances along
the whole log and close to where the film was last: a state is the fold from the copy
before it. However long the log is there are as many copies, only further apart; and copies
share what did not change between them.
"""

import sys
import time
from threading import Lock
from typing import Protocol

from agentbench.engine.state import RunState

FIRST_STRIDE = 2_000
"""Events between two copies, of a short log; twice as many whenever there are too many."""
MOST_MARKS = 16
NEAR = 500
"""The copy closest to where the film stands is at most so many events before it."""
MOST_NEAR = 4
SOME = 4_000
"""Events that are read at once, before others have their turn."""


class Filmed(Protocol):
    """What is asked of the run."""

    def new_state(self) -> RunState:
        """A state before its first event."""

    def fold_into(self, state: RunState, *, last: int = sys.maxsize) -> RunState:
        """Brings that up to an event, or the last in the log."""


class Reel:
    """One run, now and before; for many threads."""

    def __init__(
        self, run: Filmed, *, stride: int = FIRST_STRIDE, near: int = NEAR
    ) -> None:
        """`stride` and `near` are distances in events."""
        self._run = run
        self._now = run.new_state()
        self._going, self._marking = Lock(), Lock()
        self._stride, self._step = stride, near
        self._marks: dict[int, RunState] = {}
        self._near: dict[int, RunState] = {}

    def read_on(self, seconds: float) -> bool:
        """Goes on for so long, some events at least; says whether there are more."""
        end = time.monotonic() + seconds
        while True:
            with self._going:
                last = self._now.last_seq + SOME
                self._on(self._now, last)
                if self._now.last_seq < last:
                    return False
            if time.monotonic() > end:
                return True

    @property
    def so_far(self) -> RunState:
        """The run as far as it was read: one state, which goes on with what is read."""
        return self._now

    def now(self) -> RunState:
        """The same as of the last event."""
        while self.read_on(0.0):
            pass  # between two steps others have their turn
        return self._now

    def still(self) -> RunState:
        """The run as of its last event, as a state of one's own."""
        self.now()
        with self._going:
            return self._now.copy()

    def at(self, event: int) -> RunState:
        """The run as it stood at an event, as a state of one's own."""
        state = self._before(event)
        self._on(state, event - event % self._step)
        if state.last_seq and state.last_seq % self._step == 0:
            with self._marking:
                self._near.pop(state.last_seq, None)
                self._near[state.last_seq] = state.copy()
                while len(self._near) > MOST_NEAR:
                    del self._near[next(iter(self._near))]
        return self._run.fold_into(state, last=event)

    def _before(self, event: int) -> RunState:
        """A copy of the last mark up to an event; without one, the run before its first."""
        with self._marking:
            marks = {**self._marks, **self._near}
            last = max((mark for mark in marks if mark <= event), default=None)
            return self._run.new_state() if last is None else marks[last].copy()

    def _on(self, state: RunState, last: int) -> None:
        """Folds on to an event, and leaves marks on the way."""
        while state.last_seq < last:
            stride = self._stride
            mark = state.last_seq - state.last_seq % stride + stride
            self._run.fold_into(state, last=min(mark, last))
            if state.last_seq != mark:
                return
            self._leave(state)

    def _leave(self, state: RunState) -> None:
        with self._marking:
            if state.last_seq % self._stride or state.last_seq in self._marks:
                return
            self._marks[state.last_seq] = state.copy()
            while len(self._marks) > MOST_MARKS:
                self._stride *= 2
                for mark in [it for it in self._marks if it % self._stride]:
                    del self._marks[mark]
