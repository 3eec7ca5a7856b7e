"""Seats: which firing has which worker, which firings wait for one, and which workers wait."""

import threading
from collections.abc import Sequence

from agentbench.workers.process import Worker

KEPT = 2
"""Workers that wait for more to do, at most."""


class Seat:
    """A firing's claim to a worker. `is_clean` when the worker can be used again."""

    def __init__(self) -> None:
        self.worker: Worker | None = None
        self.is_clean = False
        self.has_left = False


class Seats:
    """Who has a worker, who waits for one, and which workers wait."""

    def __init__(
        self, command: Sequence[str], *, most: int, kept: int, idle: float
    ) -> None:
        self._command, self._most, self._kept, self._idle = command, most, kept, idle
        self._change = threading.Condition()
        self._free: list[tuple[Worker, threading.Timer]] = []
        self._every: set[Worker] = set()
        self._starting = 0
        self._is_closed = False

    def take(self, seat: Seat) -> Worker:
        """Gives the seat a worker; blocks until there is one.

        Raises:
            RuntimeError: nobody needs it any more.
        """
        with self._change:
            self._change.wait_for(lambda: seat.has_left or self._has_room())
            if self._is_over(seat):
                raise RuntimeError("The firing has ended.")
            worker = seat.worker = self._free_one()
            if worker is not None:
                return worker
            self._starting += 1
        try:
            worker = Worker(self._command)
        finally:
            with self._change:
                self._starting -= 1
                if worker is not None:
                    self._every.add(worker)
                    seat.worker = worker
                self._change.notify_all()
        if self._is_over(seat):  # it was left while the worker started
            self.leave(seat)
            raise RuntimeError("The firing has ended.")
        return worker

    def leave(self, seat: Seat) -> None:
        """Takes the worker back, or ends it with what runs in it; returns when that is done."""
        with self._change:
            seat.has_left = True
            worker, seat.worker = seat.worker, None
            self._change.notify_all()
            if worker is None:
                return
            is_kept = seat.is_clean and len(self._free) < self._kept
            if is_kept and not self._is_closed:
                timer = threading.Timer(self._idle, self._retire, [worker])
                timer.daemon = True
                timer.start()
                self._free.append((worker, timer))
                return
        self._end(worker)

    def swap(self, seat: Seat) -> None:
        """Takes a dead worker from a seat that goes on."""
        with self._change:
            worker, seat.worker = seat.worker, None
        if worker is not None:
            self._end(worker)

    def close(self) -> None:
        """Kills every worker, at once."""
        with self._change:
            self._is_closed = True
            every = list(self._every)
            for _, timer in self._free:
                timer.cancel()
            self._free.clear()
            self._change.notify_all()
        for worker in every:
            worker.kill()
        for worker in every:
            self._end(worker)

    def _is_over(self, seat: Seat) -> bool:
        return seat.has_left or self._is_closed

    def _has_room(self) -> bool:
        used = len(self._every) - len(self._free) + self._starting
        return self._is_closed or used < self._most

    def _free_one(self) -> Worker | None:
        """A worker that waits, the one used last; those that died meanwhile are dropped."""
        while self._free:
            worker, timer = self._free.pop()
            timer.cancel()
            if worker.is_alive:
                return worker
            self._every.discard(worker)
            worker.end()
        return None

    def _retire(self, worker: Worker) -> None:
        with self._change:
            left = [pair for pair in self._free if pair[0] is not worker]
            is_free = len(left) < len(self._free)
            self._free = left
        if is_free:
            self._end(worker)

    def _end(self, worker: Worker) -> None:
        worker.end()
        with self._change:
            self._every.discard(worker)
            self._change.notify_all()
