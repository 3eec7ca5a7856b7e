"""Rate: how often something may be done, in any stretch of time, by all who share it.

The promises, which `tests/conformance/test_rate.py` holds every backend to:

1. In no stretch of `seconds`, wherever it begins, are more than `limit` units used,
   by all the kernels that share the place where they are kept.
2. Who asks first is served first.
3. A cancelled or timed-out wait gives back what it took.
4. Who asks is told how long it would wait, before it waits.
5. What is known only afterwards, such as the words of an answer, is counted then: nobody
   waits for it, and who comes later waits the longer.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol


class Rate(NamedTuple):
    """At most `limit` units in any `seconds`: `Rate(60, 60.0)` is one a second, or 60 at once."""

    limit: int
    seconds: float

    @property
    def slack(self) -> float:
        """Seconds that a use may come later than the moment it was given."""
        return min(max(0.05 * self.seconds, 0.1), 2.0)

    @property
    def span(self) -> float:
        """Seconds that units count against the limit.

        Longer than `seconds` by the slack: a use that comes late and one behind it that
        comes at once may thereby not be closer than they should.
        """
        return self.seconds + self.slack


class Taken(NamedTuple):
    """Units that were given to somebody, and from when on they may be used (s)."""

    at: float
    units: int


def when(newest: Iterable[Taken], *, rate: Rate, units: int, now: float) -> float:
    """When so many more units may be used, given what was taken, the newest first.

    Never before what was taken already: that is what makes it fair.
    """
    at, used = now, units
    for taken in newest:
        at = max(at, taken.at)
        used += taken.units
        if used > rate.limit:
            return max(at, taken.at + rate.span)
    return at


class Rates(Protocol):
    """Keeps rates by key. Whoever uses a key should use it with the same rate."""

    url: str
    """Where they are kept, with any password left out; for people to read."""

    async def take(
        self, key: str, rate: Rate, *, units: int = 1, timeout: float | None = 60.0
    ) -> float:
        """Waits until so many units may be used; returns the seconds that it waited.

        Raises:
            RateExceeded: that would take longer than `timeout` seconds; it says how
                long, nothing was taken, and there was no wait.
            LockBackendDown: the server cannot be reached.
            ValueError: it asks for less than one unit, or for more than the limit.
        """
        ...

    async def spend(self, key: str, rate: Rate, *, units: int) -> None:
        """Counts units that were used already, however many; waits for nothing.

        Raises:
            LockBackendDown: the server cannot be reached.
        """
        ...

    async def delay(self, key: str, rate: Rate, *, units: int = 1) -> float:
        """Seconds that one who asked now would wait; takes nothing."""
        ...

    async def close(self) -> None:
        """Lets go of every connection."""
