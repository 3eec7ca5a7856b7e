"""Numbered updates: what a view that missed some asks for again."""

from collections import deque

from agentbench.widgets.messages import Update, Updates

KEPT = 400
"""How many updates can be asked for again; a view that lacks more gets a snapshot."""


class UpdateLog:
    """The updates of one widget, numbered from 1; the newest are kept."""

    def __init__(self) -> None:
        self.last = 0
        self._kept: deque[Update] = deque(maxlen=KEPT)

    def add(self, updates: list[Update]) -> Updates:
        """Numbers updates; returns the message that brings them to every view."""
        first = self.last + 1
        self._kept.extend(updates)
        self.last += len(updates)
        return Updates(first=first, updates=updates)

    def since(self, seq: int, client: str) -> Updates | None:
        """The updates after number `seq` for one view; None when they are too old."""
        missing = self.last - seq
        if seq < 0 or missing < 0 or missing > len(self._kept):
            return None
        wanted = list(self._kept)[len(self._kept) - missing :]
        return Updates(client=client, first=seq + 1, updates=wanted)
