"""LocalFeed: delivers events within this process."""

import collections
import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from agentbench.domain.feed import Listener

_log = logging.getLogger(__name__)


class LocalFeed:
    """Calls the listeners one after the other, in the thread that publishes.

    All listeners hear everything in one order. Should two threads publish at once, or a
    listener publish itself, whoever delivers already delivers that too, in its turn.
    """

    def __init__(self, url: str = "local:") -> None:
        self.url = url
        self._lock = threading.Lock()
        self._listeners: dict[int, tuple[Listener, str | None]] = {}
        self._numbers = itertools.count()
        self._waiting: collections.deque[tuple[str, Sequence[Any]]] = (
            collections.deque()
        )
        self._is_delivering = False

    def publish(self, run: str, events: Sequence[Any]) -> None:
        with self._lock:
            self._waiting.append((run, tuple(events)))
            if self._is_delivering:
                return
            self._is_delivering = True
        while self._deliver_next():
            pass

    def listen(
        self, listener: Listener, *, run: str | None = None
    ) -> Callable[[], None]:
        number = next(self._numbers)
        with self._lock:
            self._listeners[number] = (listener, run)

        def stop() -> None:
            with self._lock:
                self._listeners.pop(number, None)

        return stop

    def _deliver_next(self) -> bool:
        with self._lock:
            if not self._waiting:
                self._is_delivering = False
                return False
            run, events = self._waiting.popleft()
            numbers = list(self._listeners)
        for number in numbers:
            # Looked up again: the listener before it may have told it to stop.
            listener, only = self._listeners.get(number, (None, None))
            if listener is not None and only in {None, run}:
                self._tell(listener, run, events)
        return True

    def _tell(self, listener: Listener, run: str, events: Sequence[Any]) -> None:
        try:
            listener(run, events)
        except Exception:  # noqa: BLE001 - whoever watches must not stop what is watched
            _log.exception("A listener to the run %s failed.", run)
        except BaseException:
            with self._lock:
                self._is_delivering = False
            raise
