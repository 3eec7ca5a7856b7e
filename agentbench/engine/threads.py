"""Threads for blocking calls: as many as overlap, and none that holds up the end of the process."""

import concurrent.futures
import contextvars
import queue
import threading
from collections.abc import Callable
from typing import Any

from agentbench.engine.interrupt import LeftBehind, raise_in

IDLE = 10.0
"""Seconds that a thread waits for more to do before it ends."""

_Call = tuple["concurrent.futures.Future[Any]", Callable[[], Any]]


class DaemonThreads:
    """Runs calls on daemon threads.

    Not a pool of fixed size: a block that never returns keeps its thread for good, and
    must take no one else's. How many calls overlap is bounded by whoever makes them.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._free = 0
        self._running: dict[concurrent.futures.Future[Any], int] = {}
        self._interrupted: set[concurrent.futures.Future[Any]] = set()

    def submit(
        self, function: Callable[..., Any], *args: Any
    ) -> "concurrent.futures.Future[Any]":
        """Runs a call, in the caller's context, on a thread that is free or new."""
        context = contextvars.copy_context()
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        with self._lock:
            is_taken_up = self._free > 0
            self._free -= is_taken_up
        self._calls.put((future, lambda: context.run(function, *args)))
        if not is_taken_up:
            threading.Thread(target=self._work, name=self._name, daemon=True).start()
        return future

    def interrupt(self, call: "concurrent.futures.Future[Any]") -> None:
        """Ends a call that runs, if it is Python and lets itself be ended; its thread ends too."""
        with self._lock:
            thread = self._running.get(call)
            if thread is not None:
                # While we hold the lock the thread cannot turn to another call.
                self._interrupted.add(call)
                raise_in(thread, LeftBehind)

    def _work(self) -> None:
        # The interrupt may come late, anywhere in here: the thread of an interrupted
        # call ends, counted free by nobody.
        try:
            while self._serve():
                pass
        except LeftBehind:
            pass
        finally:
            self._forget(threading.get_ident())

    def _serve(self) -> bool:
        """Takes one call; false when there is none left for this thread."""
        try:
            future, call = self._calls.get(timeout=IDLE)
        except queue.Empty:
            with self._lock:
                if self._free > 0:
                    self._free -= 1
                    return False
            return True  # somebody counts on this thread: its call is on the way
        if not future.set_running_or_notify_cancel():
            with self._lock:
                self._free += 1
            return True
        with self._lock:
            self._running[future] = threading.get_ident()
        _settle(future, call)
        with self._lock:
            del self._running[future]
            if future in self._interrupted:
                self._interrupted.discard(future)
                return False
            self._free += 1
        return True

    def _forget(self, thread: int) -> None:
        with self._lock:
            for future in [f for f, ident in self._running.items() if ident == thread]:
                del self._running[future]
                self._interrupted.discard(future)


def _settle(future: "concurrent.futures.Future[Any]", call: Callable[[], Any]) -> None:
    try:
        result = call()
    except Exception as error:  # noqa: BLE001 - it is whoever asked who wants to know
        # A future cannot carry StopIteration into a coroutine: it would never wake.
        is_odd = isinstance(error, StopIteration)
        future.set_exception(
            RuntimeError(f"StopIteration: {error}") if is_odd else error
        )
    except BaseException as error:  # noqa: BLE001 - `sys.exit()` ends a firing, not us
        future.set_exception(RuntimeError(f"{type(error).__name__}: {error}"))
    else:
        future.set_result(result)
