"""Presence: who else has the store open, by a lock that the system frees at a crash."""

import os
import sys
import time
from pathlib import Path

if sys.platform != "win32":
    import fcntl

OPENING_SECONDS = 60.0
"""How long another process may take to check and open the store."""


class Presence:
    """Our mark on a store: exclusive while we open it as the first; then shared.

    Only who `is_alone` may take an unfinished write for a crash, or move a damaged
    file aside: under a living process neither would be safe.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self.is_alone = False
        deadline = time.monotonic() + OPENING_SECONDS
        while time.monotonic() < deadline:
            if self._mark(alone=True):
                self.is_alone = True
                return
            if self._mark(alone=False):
                return
            time.sleep(0.01)  # somebody is opening it just now

    def settle(self) -> None:
        """Lets others in, now that the store is open."""
        deadline = time.monotonic() + OPENING_SECONDS
        while not self._mark(alone=False) and time.monotonic() < deadline:
            time.sleep(0.01)

    def leave(self) -> None:
        """Takes our mark away."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _mark(self, *, alone: bool) -> bool:
        if sys.platform == "win32":  # pragma: no cover - it lets nobody move open files
            return True
        try:
            wanted = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
            fcntl.flock(self._file, wanted | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a network file system that knows no locks
            return True
        return True
