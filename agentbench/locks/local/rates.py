"""Rates within one process."""

import threading
from collections import defaultdict

from agentbench.domain.errors import LockBackendDown
from agentbench.domain.rate import Rate, Taken, when
from agentbench.locks.base import WaitingRates, clock


class LocalRates(WaitingRates):
    """Rates in the memory of this process."""

    def __init__(self, url: str = "local:") -> None:
        self.url = url
        self._guard = threading.Lock()
        self._taken: dict[str, dict[str, Taken]] = defaultdict(dict)
        self._is_closed = False

    async def close(self) -> None:
        self._is_closed = True

    async def _reserve(
        self, key: str, entry: str, rate: Rate, units: int, most: float
    ) -> float:
        if self._is_closed:
            raise LockBackendDown(self.url, "it was closed")
        with self._guard:
            now, taken = clock(), self._taken[key]
            for old in [e for e, t in taken.items() if t.at + rate.span <= now]:
                del taken[old]
            newest = reversed(
                taken.values()
            )  # in order of time: none is before another
            at = when(newest, rate=rate, units=units, now=now)
            if at - now <= most:
                taken[entry] = Taken(at, units)
            elif not taken:
                del self._taken[key]
            return at - now

    def _give_back(self, key: str, entry: str, units: int) -> None:
        with self._guard:
            self._taken.get(key, {}).pop(entry, None)
