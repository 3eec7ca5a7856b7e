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

AGAIN = 0.5
"""Seconds until a view that could not be brought up to date is tried again; then twice as many."""
TRIES = 6


class Pump:
    """Runs jobs one after another on its own thread, now or a little later."""

    def __init__(self) -> None:
        self._jobs: list[tuple[float, int, Hashable, Job]] = []
        self._waiting: set[Hashable] = set()
        self._failed: dict[Hashable, int] = {}
        self._count = itertools.count()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    def call(self, job: Job) -> None:
        """Runs a job soon; from any thread."""
        self._put(0.0, None, job)

    def call_once(self, key: Hashable, delay: float, job: Job) -> None:
        """Runs a job after `delay` seconds, unless one with that key waits already.

        One that fails is tried again a few times: it brings a view up to date, and what
        it has missed nobody may tell again.
        """
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
            key, job = self._next()
            try:
                job()
            except Exception:
                logger.exception("A widget could not be brought up to date.")
                self._try_again(key, job)
            else:
                self._failed.pop(key, None)

    def _try_again(self, key: Hashable, job: Job) -> None:
        if key is None:  # it was asked for, and has an answer that says so
            return
        failed = self._failed[key] = self._failed.get(key, 0) + 1
        if failed < TRIES:
            self.call_once(key, AGAIN * 2 ** (failed - 1), job)
        else:
            del self._failed[key]

    def _next(self) -> tuple[Hashable, Job]:
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
                return key, job


PUMP = Pump()
"""The pump of this kernel."""
