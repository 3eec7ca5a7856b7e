"""Run line: one live line in the cell's output that says how far a run is."""

import contextlib

from IPython.display import display
from ipywidgets import Label

from agentbench.domain.errors import AgentbenchError
from agentbench.domain.run import FiringStatus
from agentbench.workbench.interrupt import none_lost
from agentbench.workbench.run import Run

BEAT = 0.25

ENDING = 5.0
"""Seconds in which a run that was stopped has ended, before its cell does."""


class RunLine:
    """A line that follows a run to its end.

    It is a widget and not a text that is printed again and again: what is saved with
    the notebook is then the same after every run, so that nbval can compare it.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._label = Label(value=f"{run.agent}: running")

    def wait(self) -> Run:
        """Shows the line, blocks until the run has ended, and returns the run."""
        try:  # an interrupt may come as soon as the run has begun
            view = {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self._label.model_id,
            }
            mime = "application/vnd.jupyter.widget-view+json"
            display({mime: view, "text/plain": self._run.agent}, raw=True)
            with none_lost() as look:
                while not self._has_ended():
                    self._label.value = self._how_far()
                    look()
        except KeyboardInterrupt:
            self._run.stop()  # again, unless it came between two looks at the run
            with contextlib.suppress(TimeoutError, AgentbenchError):
                self._run.wait(timeout=ENDING)
            raise
        finally:
            self._label.value = self._how_far()
        return self._run

    def _has_ended(self) -> bool:
        try:
            self._run.wait(timeout=BEAT)
        except TimeoutError:
            return False
        return True

    def _how_far(self) -> str:
        run = self._run
        statuses = run.node_statuses
        busy = [
            id for id, (status, _) in statuses.items() if status == FiringStatus.RUNNING
        ]
        done = len(statuses) - len(busy)
        line = f"{run.agent}: {run.status}, {done} of {run.node_count} nodes"
        line += f" in {run.seconds:.1f} s"
        if run.held:
            return f"{line}; paused. {run.held}"
        return f"{line}; now {', '.join(busy[:3])}" if busy else line
