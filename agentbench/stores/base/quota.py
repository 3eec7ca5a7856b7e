"""Quota: how many bytes the values may take, all kernels together."""

import threading
import time
from collections.abc import Callable

from agentbench.domain.errors import StorageFull

MEASURED_SECONDS = 60.0
"""How long a measurement holds; what this kernel puts meanwhile is added to it."""


class Quota:
    """Lets bytes in until `limit` is reached; 0 is no limit.

    It is a fence against surprises, not an account: what other kernels put within the
    last minute is not seen yet.
    """

    def __init__(self, limit: int, where: str, measure: Callable[[], int]) -> None:
        self._limit, self._where, self._measure = limit, where, measure
        self._lock = threading.Lock()
        self._used = 0
        self._measured = -MEASURED_SECONDS

    def take(self, size: int, *, before: int = 0) -> None:
        """Counts bytes that are about to be kept.

        `before` is how many of the same value were taken already: they are not kept yet,
        so no measurement finds them.

        Raises:
            StorageFull: they do not fit.
        """
        if not self._limit:
            return
        with self._lock:
            now = time.monotonic()
            is_tight = self._used + size > self._limit
            if is_tight or now - self._measured > MEASURED_SECONDS:
                self._used, self._measured = self._measure() + before, now
            if self._used + size > self._limit:
                raise StorageFull(self._where, self._reason(size))
            self._used += size

    def _reason(self, size: int) -> str:
        return (
            f"its values take {self._used:,} of {self._limit:,} bytes, and {size:,} more"
            " do not fit; delete runs (`ab.delete_runs`, `agentbench runs delete`) and"
            " sweep, or raise AGENTBENCH_QUOTA"
        )
