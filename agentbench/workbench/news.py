"""News: wakes who waits for a run that another kernel carries out."""

import threading
from collections.abc import Callable
from typing import Protocol

from agentbench.domain.feed import Feed

BEAT = 1.0
"""Seconds between two looks at such a run: its kernel may have died without a word."""

FAR_BEAT = 0.25
"""The same where no server tells us of it."""


class HasFeed(Protocol):
    """What brings the news."""

    @property
    def feed(self) -> Feed:
        """Opened when first asked for."""


class News:
    """Listens to one run from the first wait on, until it is closed."""

    def __init__(self, source: HasFeed, run: str) -> None:
        self._source, self._run = source, run
        self._came = threading.Event()
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self._is_closed = False

    def wait(self) -> None:
        """Returns when there is something new, or might be."""
        feed = self._source.feed
        with self._lock:
            if self._is_closed:
                return
            if self._stop is None:
                # What came before we listened may not have been seen: look at once.
                self._stop = feed.listen(lambda *_: self._came.set(), run=self._run)
                return
        self._came.wait(BEAT if feed.is_shared else FAR_BEAT)
        self._came.clear()

    def close(self) -> None:
        """Listens no more; who still waits is let go."""
        with self._lock:
            self._is_closed = True
            if self._stop is not None:
                self._stop()
        self._came.set()
