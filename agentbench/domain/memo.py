"""Memo: what is worked out from a graph, kept until the graph or a block changes."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from agentbench.domain.drawing import Drawing

Found = TypeVar("Found")


class Memo(Generic[Found]):
    """A function of a graph that is called once for every version of it.

    What it works out may depend on the nodes, the links and the registered blocks;
    not on the inside of constants that can be changed in place, nor on ports that
    follow from anything else.
    """

    def __init__(self, work_out: Callable[[Drawing], Found]) -> None:
        self._work_out = work_out
        self._known: WeakKeyDictionary[Drawing, tuple[tuple[int, int], Found]] = (
            WeakKeyDictionary()
        )
        self._looking = threading.Lock()

    def __call__(self, graph: Drawing) -> Found:
        """What is known of the graph as it is now, or is found out."""
        state = (graph.revision, graph.blocks.revision)
        with self._looking:
            known = self._known.get(graph)
        if known is not None and known[0] == state:
            return known[1]
        found = self._work_out(graph)
        with self._looking:
            self._known[graph] = (state, found)
        return found
