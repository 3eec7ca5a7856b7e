"""The clock of a run: how long it was carried out, and its end when that is too long."""

import asyncio
import time
from collections.abc import Callable

from agentbench.domain.run import RunOptions
from agentbench.engine.budget import out_of_time
from agentbench.engine.room import Room


class RunClock:
    """Counts the seconds of one run, over all kernels that carried it out."""

    def __init__(
        self,
        options: RunOptions,
        *,
        before: float,
        room: Room,
        stop: Callable[[str], None],
    ) -> None:
        """`before` seconds it ran earlier; `stop` is called with a reason when it is time."""
        self._options, self._before = options, before
        self._room, self._stop = room, stop
        self._began = time.monotonic()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        """For how long the run was carried out."""
        return self._before + time.monotonic() - self._began

    def start(self) -> None:
        """Stops the run when its time is up; what it stands still for does not count."""
        most = self._options.max_seconds
        if most is None:
            return
        left = most - (self.seconds - self._room.seconds)
        if left <= 0:
            self._stop(out_of_time(self._options))
        else:
            self._timer = asyncio.get_running_loop().call_later(left, self.start)

    def cancel(self) -> None:
        """Stops nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
