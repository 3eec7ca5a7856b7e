"""Editable: the one place where a graph changes, step by step, with the way back."""

import contextlib
import dataclasses
import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from agentbench.domain import edit as edits
from agentbench.domain.drawing import Drawing
from agentbench.domain.errors import EditRefused, GraphError, ReadOnlyGraph
from agentbench.domain.history import History, Step, title_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one `apply` did: the edits as carried out, and those that undo them."""

    revision: int
    done: tuple[edits.Edit, ...]
    undo: tuple[edits.Edit, ...]


class Editable(Drawing):
    """A drawing that changes by edits alone, remembers them, and tells its listeners."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, description)
        self.history = History()
        self._listeners: list[Callable[[Change], None]] = []
        self._lock = threading.RLock()
        self._grouping = threading.local()

    def apply(self, *steps: edits.Edit, title: str = "", group: str = "") -> Change:
        """Carries out edits, all or none, as one step, and tells every listener.

        `title` names the step where it is undone; by default it is made from the edits.
        Steps that follow each other in one `group` are undone together.

        Raises:
            ReadOnlyGraph: the graph may not be changed.
            GraphError: an edit does not fit; the graph is as it was.
        """
        with self._lock:
            names = self._titles(steps)
            change = self._carry_all_out(steps)
            names |= self._titles(change.done)
            grouping = getattr(self._grouping, "now", None)
            step = Step(
                title=title or title_of(change.done, names),
                undo=change.undo,
                redo=change.done,
                group=group,
            )
            if grouping is not None:
                step = dataclasses.replace(step, title=grouping[1], group=grouping[0])
            if steps:
                self.history.add(step)
            self._tell(change)
        return change

    @contextlib.contextmanager
    def one_step(self, title: str) -> Iterator[None]:
        """Makes all that this thread changes inside one step, undone at once.

        Should it fail midway, what was changed stays, and one `undo` takes it back.
        """
        before = getattr(self._grouping, "now", None)
        self._grouping.now = before or (uuid.uuid4().hex, title)
        try:
            yield
        finally:
            self._grouping.now = before

    def undo(self) -> Change:
        """Takes the last step back, whoever did it: a view, or Python.

        Raises:
            EditRefused: there is nothing to undo.
            ReadOnlyGraph: the graph may not be changed.
        """
        with self._lock:
            if not self.history.past:
                raise EditRefused("There is nothing to undo.")
            step = self.history.past[-1]
            change = self._carry_all_out(step.undo)
            self.history.past.pop()
            self.history.future.append(
                Step(title=step.title, undo=step.undo, redo=change.undo)
            )
            self._tell(change)
        return change

    def redo(self) -> Change:
        """Does again what was undone last.

        Raises:
            EditRefused: nothing was undone since the last change.
            ReadOnlyGraph: the graph may not be changed.
        """
        with self._lock:
            if not self.history.future:
                raise EditRefused("There is nothing to do again.")
            step = self.history.future[-1]
            change = self._carry_all_out(step.redo)
            self.history.future.pop()
            self.history.past.append(
                Step(title=step.title, undo=change.undo, redo=step.redo)
            )
            self._tell(change)
        return change

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `listener` after every change, in order, until told to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _carry_all_out(self, steps: tuple[edits.Edit, ...]) -> Change:
        if reason := self.sealed or self.read_only:
            raise ReadOnlyGraph(self.name, reason)
        done: list[edits.Edit] = []
        undo: list[edits.Edit] = []
        try:
            for step in steps:
                carried, back = self._carry_out(step)
                done.append(carried)
                undo[:0] = back
        except GraphError:
            for step in undo:
                self._carry_out(step)
            raise
        self.revision += 1
        return Change(revision=self.revision, done=tuple(done), undo=tuple(undo))

    def _tell(self, change: Change) -> None:
        for listener in list(self._listeners):
            try:
                listener(change)
            except Exception:
                logger.exception("A listener of %r failed.", self)

    def _titles(self, steps: Iterable[edits.Edit]) -> dict[str, str]:
        """The titles of the nodes that edits are about, of those that are there."""
        ids = {
            getattr(step, end, None)
            for step in steps
            for end in ("id", "source", "target")
        }
        return {id: self.title_of(id) for id in ids if id in self._nodes}
