"""Rows: the columns of spans, and a row for each node that has any."""

import heapq
from collections.abc import Iterator

from agentbench.workbench.film.columns import Columns, Mark

MOST_LANES = 12
"""So many firings of one node are drawn beside each other; more share the last lane."""


class LaneStack:
    """The lanes of one node: which are free."""

    __slots__ = ("count", "free", "held")

    def __init__(self) -> None:
        self.count = 0
        self.free: list[int] = []
        self.held: dict[int, int] = {}

    def take(self, firing: int) -> int:
        """The lane of a firing: the one that it holds, or the first that is free."""
        if firing in self.held:
            return self.held[firing]
        if self.free:
            lane = heapq.heappop(self.free)
        elif self.count < MOST_LANES:
            lane = self.count
            self.count += 1
        else:
            return MOST_LANES - 1
        self.held[firing] = lane
        return lane

    def leave(self, firing: int) -> None:
        """Makes the lane of a firing free."""
        lane = self.held.pop(firing, None)
        if lane is not None:
            heapq.heappush(self.free, lane)


class Rows:
    """What strands write into.

    Runs of one agent under one node share their rows, so a map over a thousand items has
    as many rows as its agent has nodes.
    """

    def __init__(self) -> None:
        self.columns = Columns()
        self.nodes: list[str] = []
        """By row, what it is of: a node, or `node/node of the agent that it called`; in
        the order in which they fired first. A span names one by its place."""
        self.parents: list[int] = []
        """By row, the row of the node that called it; -1 for those of the run itself."""
        self.by_node: list[list[int]] = []
        """By row, its spans by place, in the order in which they began."""
        self.origins: list[dict[int, tuple[str, int]]] = []
        """By row, which firing of which run a number stands for; empty where the number
        is that of the run's own firing."""
        self.stacks: list[LaneStack] = []
        self.marks: list[Mark] = []
        self.latest = 0.0
        """When the last event of all was."""
        self._places: dict[str, int] = {}

    def row(self, path: str) -> int:
        """The row of that name; a new one, when there is none."""
        place = self._places.get(path)
        if place is None:
            above = path.rpartition("/")[0]
            parent = self.row(above) if above else -1
            place = self._places[path] = len(self.nodes)
            self.nodes.append(path)
            self.parents.append(parent)
            self.by_node.append([])
            self.origins.append({})
            self.stacks.append(LaneStack())
        return place

    def place_of(self, path: str) -> int | None:
        """The row of that name, if there is one."""
        return self._places.get(path)

    def in_order(self) -> Iterator[tuple[int, int]]:
        """Every row, and how deep it lies: each before those of the agents it called."""
        below: dict[int, list[int]] = {}
        for row, parent in enumerate(self.parents):
            below.setdefault(parent, []).append(row)
        left = [(row, 0) for row in reversed(below.get(-1, ()))]
        while left:
            row, depth = left.pop()
            yield row, depth
            left += [(it, depth + 1) for it in reversed(below.get(row, ()))]

    def lanes_of(self, node: int) -> int:
        """How many lanes a node's firings take."""
        return self.stacks[node].count

    def is_crowded(self, node: int) -> bool:
        """Whether more firings overlapped than there are lanes."""
        return self.stacks[node].count >= MOST_LANES

    def settle(self) -> None:
        """Gives lanes to what was called: their logs were read one after the other."""
        columns = self.columns
        for row, parent in enumerate(self.parents):
            if parent < 0:
                continue
            places = self.by_node[row]
            places.sort(key=columns.started.__getitem__)
            ends: dict[int, float] = {}
            for place in places:
                number, ended = columns.number[place], columns.ended[place]
                ended = ended or float("inf")
                ends[number] = max(ends.get(number, 0.0), ended)
            stack = self.stacks[row] = LaneStack()
            leaving: list[tuple[float, int]] = []
            for place in places:
                number = columns.number[place]
                while leaving and leaving[0][0] <= columns.started[place]:
                    stack.leave(heapq.heappop(leaving)[1])
                if number not in stack.held:
                    heapq.heappush(leaving, (ends[number], number))
                columns.lane[place] = stack.take(number)
