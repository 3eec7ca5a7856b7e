"""Stragglers: calls of blocks that go on in their threads when nobody waits any more."""

import concurrent.futures
import logging
import threading
from collections import Counter
from typing import Any

MANY = 8
"""So many at a time are worth a warning."""

_log = logging.getLogger("agentbench")


class Stragglers:
    """Counts them, and warns when there are many: each takes a thread for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[concurrent.futures.Future[Any], str] = {}
        self._is_told = False

    def __len__(self) -> int:
        with self._lock:
            return len(self._names)

    def calls(self) -> list["concurrent.futures.Future[Any]"]:
        """Those that go on now."""
        with self._lock:
            return list(self._names)

    def add(self, call: "concurrent.futures.Future[Any]", name: str) -> None:
        """Notes a call that was left behind; it counts until it ends."""
        with self._lock:
            self._names[call] = name
            is_many = len(self._names) >= MANY and not self._is_told
            self._is_told = self._is_told or is_many
            names = Counter(self._names.values())
        call.add_done_callback(self._ended)
        if is_many:
            said = ", ".join(f"{name} ({n})" for name, n in sorted(names.items()))
            _log.warning(
                "%s calls of blocks go on in threads of this kernel although their"
                " firings have ended: %s. Nothing but their own end can end them here;"
                ' a block with isolation="process" can be ended.',
                sum(names.values()),
                said,
            )

    def _ended(self, call: "concurrent.futures.Future[Any]") -> None:
        with self._lock:
            self._names.pop(call, None)
            if len(self._names) < MANY // 2:
                self._is_told = False
