"""The pump: the one thread that talks to the front end, for all widgets of the kernel.

Messages from views arrive in whichever thread Jupyter likes, also while a cell is busy.
They are only handed over here; all work on them, and every send, happens in the pump,
so that what a view gets is in one order.
"""

import contextvars
import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable, Hashable

logger = logging.getLogger(__name__)

Job = Callable[[], None]


class Pump:
    """Runs jobs one after another on its own thread, now or a little later."""

    def __init__(self) -> None:
        self._jobs: list[tuple[float, int, Hashable, Job]] = []
        self._waiting: set[Hashable] = set()
        self._count = itertools.count()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def call(self, job: Job) -> None:
        """Runs a job soon; from any thread."""
        self._put(0.0, None, job)

    def call_once(self, key: Hashable, delay: float, job: Job) -> None:
        """Runs a job after `delay` seconds, unless one with that key waits already."""
        with self._change:
            if key in self._waiting:
                return
            self._waiting.add(key)
        self._put(delay, key, job)

    def _put(self, delay: float, key: Hashable, job: Job) -> None:
        with self._change:
            due = time.monotonic() + delay
            heapq.heappush(self._jobs, (due, next(self._count), key, job))
            if self._thread is None:
                # In a fresh context: what is sent belongs to no cell.
                context = contextvars.Context()
                self._thread = threading.Thread(
                    target=context.run,
                    args=(self._work,),
                    name="agentbench-canvas",
                    daemon=True,
                )
                self._thread.start()
            self._change.notify()

    def _work(self) -> None:
        while True:
            job = self._next()
            try:
                job()
            except Exception:
                logger.exception("A widget could not be brought up to date.")

    def _next(self) -> Job:
        with self._change:
            while True:
                if not self._jobs:
                    self._change.wait()
                    continue
                wait = self._jobs[0][0] - time.monotonic()
                if wait > 0:
                    self._change.wait(wait)
                    continue
                _, _, key, job = heapq.heappop(self._jobs)
                self._waiting.discard(key)
                return job


PUMP = Pump()
"""The pump of this kernel."""
