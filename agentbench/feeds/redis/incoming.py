"""Incoming notices: one thread hears, for every listener of this process."""

import logging
import threading
from collections.abc import Sequence
from typing import Any

from agentbench.domain.errors import BackendError
from agentbench.feeds.base import Listeners
from agentbench.feeds.redis.line import FIRST_PAUSE, LONGEST_PAUSE, Line, LineDown
from agentbench.feeds.redis.notices import (
    Names,
    hold_in,
    last_event_in,
    progress_in,
)

_log = logging.getLogger(__name__)

LOOK = 1.0
"""Seconds of silence after which the log itself is asked: a notice may have been lost."""

AT_ONCE = 500
"""Notices that are read at once from a stream."""


class Incoming:
    """Hears the streams that somebody listens to, and has listeners read the log.

    It keeps no queue: while a listener takes its time the notices wait on the server,
    and should they be dropped there, the next one says all the same how far the log
    goes. While the server is away the log is looked at instead, again and again.
    """

    def __init__(self, line: Line, names: Names, listeners: Listeners) -> None:
        self._line, self._names, self._listeners = line, names, listeners
        self._places: dict[str, str] = {}
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread = threading.Thread(
            target=self._run, name="feed incoming", daemon=True
        )

    def want(self) -> None:
        """There is a new listener."""
        self._wanted.set()
        with self._starting:
            if not self._thread.ident and not self._closing.is_set():
                self._thread.start()

    def close(self) -> None:
        """Ends after the notices that it waits for."""
        self._closing.set()
        self._wanted.set()

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            try:
                self._follow()
                pause = FIRST_PAUSE
            except LineDown:
                # Places are of the server that was; the next may know nothing.
                pause = FIRST_PAUSE if self._places else min(2 * pause, LONGEST_PAUSE)
                self._places = {}
                self._closing.wait(pause)
                self._look()
        self._line.drop()

    def _follow(self) -> None:
        """Hears until nobody listens any more, then sleeps until somebody does."""
        while (streams := self._streams()) and not self._closing.is_set():
            self._join_in(streams)
            heard = self._hear()
            if heard:
                self._take_in(heard)
            else:
                self._look()
        self._places = {}
        self._line.drop()
        self._wanted.wait()
        self._wanted.clear()

    def _streams(self) -> set[str]:
        names, listeners = self._names, self._listeners
        streams = {names.run(run) for run in listeners.runs()}
        streams |= {names.agent(agent) for agent in listeners.agents()}
        return streams and streams | {names.wake()}

    def _join_in(self, streams: set[str]) -> None:
        """Begins with new streams at their end: what was before is in the log."""
        new = sorted(streams - self._places.keys())
        self._places = {s: p for s, p in self._places.items() if s in streams}
        if not new:
            return
        ends = self._line.call(*[("XREVRANGE", s, "+", "-", "COUNT", 1) for s in new])
        for stream, end in zip(new, ends, strict=True):
            if isinstance(end, Exception):
                self._line.drop()
                raise LineDown(str(end)) from end
            self._places[stream] = end[0][0] if end else "0-0"
        self._look()

    def _hear(self) -> list[Any]:
        streams = list(self._places)
        wait = round(LOOK * 1000)
        words = ("XREAD", "COUNT", AT_ONCE, "BLOCK", wait, "STREAMS", *streams)
        (heard,) = self._line.call((*words, *(self._places[s] for s in streams)))
        if isinstance(heard, Exception):
            self._line.drop()
            raise LineDown(str(heard)) from heard
        return list(heard.items() if isinstance(heard, dict) else heard or ())

    def _take_in(self, heard: Sequence[Any]) -> None:
        last: dict[str, int] = {}
        for stream, entries in heard:
            for place, words in entries:
                self._places[stream] = place
                notice = words if isinstance(words, dict) else _paired(words)
                run = notice.get("run", "")
                if not run or notice.get("by") == self._names.client:
                    continue  # what happens here was told already
                last[run] = max(last.get(run, 0), last_event_in(notice))
                for told in (progress_in(notice), hold_in(notice)):
                    if told is not None:
                        self._listeners.tell(run, "", [told])
        for run, seq in last.items():
            self._guarded(self._listeners.catch_up, run, seq)

    def _look(self) -> None:
        self._guarded(self._listeners.look)

    def _guarded(self, function: Any, *words: Any) -> None:
        try:
            function(*words)
        except BackendError as error:  # the next look may do better
            _log.warning("The log of a run could not be read: %s", error)
        except Exception:  # noqa: BLE001 - it goes on for the others
            _log.exception("The feed stumbled over a run.")


def _paired(words: Sequence[str]) -> dict[str, str]:
    return dict(zip(words[::2], words[1::2], strict=False))
