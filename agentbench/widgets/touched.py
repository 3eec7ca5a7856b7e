"""Touched: what changed in a graph since the views were last told; noted from any thread."""

import threading
from collections.abc import Iterable

from agentbench.domain import edit as edits
from agentbench.domain.editable import Change


class Touched:
    """The nodes that are no longer as the views know them."""

    def __init__(self) -> None:
        self._noting = threading.Lock()
        self._nodes: set[str] = set()
        self._moved: set[str] = set()
        self._redefined: set[str] = set()

    def change(self, change: Change) -> None:
        """Notes what a change of the graph touched."""
        with self._noting:
            for step in (*change.done, *change.undo):
                if isinstance(step, edits.MoveNode):
                    self._moved.add(step.id)
                elif isinstance(step, (edits.AddLink, edits.RemoveLink)):
                    self._nodes.update((step.source, step.target))
                elif not isinstance(step, edits.Rename):
                    self._nodes.add(step.id or "")

    def redefine(self, nodes: Iterable[str]) -> None:
        """Notes that the block of some nodes is another one now."""
        with self._noting:
            self._redefined.update(nodes)
            self._nodes |= self._redefined

    def take(self) -> tuple[set[str], set[str], set[str]]:
        """The nodes touched, those only moved, and those redefined; noted no more."""
        with self._noting:
            touched, self._nodes = self._nodes, set()
            redefined, self._redefined = self._redefined, set()
            moved, self._moved = self._moved - touched, set()
        return touched, moved, redefined
