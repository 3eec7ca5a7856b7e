"""What the server tells us unasked: whose turn it is, and words for holders."""

import json
import threading
from collections.abc import Callable
from typing import Any

from agentbench.locks.base import Bell, Listeners, ring_all
from agentbench.locks.redis.calls import FIRST_PAUSE, LONGEST_PAUSE
from agentbench.locks.redis.channels import Channels
from agentbench.locks.redis.wire import Wire, WireDown, load_library


class Turn:
    """A place in a queue; `fence` is set when its turn has come."""

    def __init__(self) -> None:
        self.bell = Bell()
        self.fence = 0


class Pushes:
    """One thread and one connection that listen for all loops.

    A turn's bell also rings when the connection is back after a break, for its turn
    may have come and gone meanwhile: who hears it asks again.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        where: str,
        channel: str,
        interval: float,
        on_stray: Callable[[str, str], None],
        nudge: Callable[[], None],
    ) -> None:
        self.channel = channel
        self.listeners = Listeners()
        self._wire, self._interval = wire, interval
        self._on_stray, self._nudge = on_stray, nudge
        self._turns: dict[str, Turn] = {}
        self._asked: set[str] = set()
        self._channels = Channels(where=where)
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="lock pushes", daemon=True
        )

    def expect(self, entry: str) -> Turn:
        """From now on the entry is known, and told when its turn has come."""
        turn = self._turns[entry] = Turn()
        return turn

    def forget(self, entry: str) -> None:
        """The entry is no longer ours: should it get a turn, it is given away."""
        self._turns.pop(entry, None)

    async def confirmed(self, channel: str, *, wait: float) -> None:
        """Waits until the server has confirmed that we listen to a channel.

        Raises:
            LockBackendDown: it has not, in so many seconds.
        """
        if not self._thread.ident:
            with self._lock:
                if not self._thread.ident:
                    self._thread.start()
        await self._channels.confirmed(channel, wait=wait)

    async def listen(
        self, channel: str, listener: Callable[[str], None], *, wait: float
    ) -> Callable[[], None]:
        """Calls `listener` with what is said on a channel, until told to stop."""
        remove = self.listeners.add(channel, listener)
        is_heard = False
        try:
            self._nudge()
            await self.confirmed(channel, wait=wait)
            is_heard = True
        finally:
            if not is_heard:
                remove()

        def stop() -> None:
            remove()
            self._nudge()

        return stop

    def close(self) -> None:
        """Ends at the next push, or break; everybody that waits is woken."""
        self._closing.set()
        if self._thread.ident:
            self._nudge()
        ring_all([turn.bell for turn in list(self._turns.values())])

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident:
            self._thread.join(timeout)

    def _run(self) -> None:
        load_library()
        self._channels.may_be_asked()
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            try:
                self._follow()
            except WireDown as down:
                was_up = self.channel in self._channels
                pause = FIRST_PAUSE if was_up else min(2 * pause, LONGEST_PAUSE)
                self._asked = set()
                self._channels.lose(down)
                self._closing.wait(pause)
        self._wire.drop()

    def _follow(self) -> None:
        was_silent = False
        while not self._closing.is_set():
            self._subscribe()
            heard = self._wire.hear(self._interval)
            if heard is not None:
                self._take_in(*heard)
            elif was_silent:
                self._wire.drop()
                raise WireDown("it stopped answering")
            else:
                self._wire.say("PING")
            was_silent = heard is None

    def _subscribe(self) -> None:
        """Asks the server for the channels that we need now, and for no others."""
        wanted = {self.channel} | self.listeners.topics()
        new, old = wanted - self._asked, self._asked - wanted
        self._asked = wanted
        self._channels.leave(old)
        if new:
            self._wire.say("SUBSCRIBE", *new)
        if old:
            self._wire.say("UNSUBSCRIBE", *old)

    def _take_in(self, kind: str, channel: str, word: Any = "") -> None:
        if kind == "subscribe":
            self._confirm(channel)
        elif kind == "message" and channel != self.channel:
            self.listeners.tell(channel, word)
        elif kind == "message" and word:
            try:
                fence, lock, entry = json.loads(word)
                turn, number = self._turns.get(entry), int(fence)
            except (ValueError, TypeError, RecursionError):
                return  # not of ours: whoever waits asks again by themselves
            if turn is not None:
                turn.fence = number
            # It was cancelled while its turn was on the way, or its loop was closed.
            if turn is None or not turn.bell.ring():
                self._on_stray(lock, entry)

    def _confirm(self, channel: str) -> None:
        if channel in self._asked:
            self._channels.confirm(channel)
        if channel == self.channel:
            ring_all([turn.bell for turn in list(self._turns.values())])
