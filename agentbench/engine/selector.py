"""The selector of the engine's loop: it waits as long as it is told, not a millisecond more."""

import selectors
from select import select

FINE = 0.05
"""Seconds up to which a wait is worth a second call into the system."""


def new_selector() -> selectors.BaseSelector:
    """The best one that this system has."""
    kind: type[selectors.BaseSelector] = selectors.DefaultSelector
    if kind is getattr(selectors, "EpollSelector", None):
        kind = _FineSelector
    return kind()


class _FineSelector(selectors.DefaultSelector):
    """Epoll counts whole milliseconds, rounded up: a sleep of 10 ms takes 11.

    `select` counts microseconds, and can wait for the epoll itself.
    """

    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        # Beyond FD_SETSIZE files `select` knows no numbers; then it is as before.
        if timeout is not None and 0 < timeout < FINE and self.fileno() < 1024:
            select([self.fileno()], (), (), timeout)
            timeout = 0
        return super().select(timeout)
