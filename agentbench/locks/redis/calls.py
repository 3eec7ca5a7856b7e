"""Calls to the server from any event loop, in the order in which they were made."""

import math
import threading
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Any

from agentbench.domain.errors import LockBackendDown
from agentbench.locks.base import Bell, clock, ring_all
from agentbench.locks.redis.wire import Command, Wire, WireDown

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.5
"""Seconds between attempts to reach a server that is away; each pause is twice the last."""

MOST_AT_ONCE = 256


class Call:
    """A command on its way, and who waits for the answer, if anybody."""

    __slots__ = ("answer", "bell", "command", "until")

    def __init__(self, command: Command, bell: Bell | None, *, until: float) -> None:
        self.command, self.bell, self.until = command, bell, until
        self.answer: Any = None

    @staticmethod
    def end(calls: "Sequence[Call]", answers: Sequence[Any]) -> None:
        """Answers them, by an exception where one failed."""
        for call, answer in zip(calls, answers, strict=True):
            call.answer = answer
        ring_all(call.bell for call in calls if call.bell)


class Calls:
    """One thread and one connection that carry the calls of all loops.

    What is called while an answer is awaited goes out together, so many callers cost
    few round trips. A caller that is cancelled leaves nothing half done: its call is
    carried out, and what it calls to undo it comes after. Calls are repeated when the
    connection breaks: the scripts may be, and a word for a holder may come twice.
    """

    def __init__(self, wire: Wire, *, where: str, keep: float) -> None:
        self._wire, self._where, self._keep = wire, where, keep
        self._queue: SimpleQueue[Call | None] = SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="lock calls", daemon=True
        )
        self._starting = threading.Lock()
        self._trouble = ""

    async def ask(self, command: Command, *, wait: float) -> Any:
        """The answer to a command.

        Raises:
            LockBackendDown: there was none in `wait` seconds, or the server refused.
        """
        bell = Bell()
        call = self._put(command, bell)
        if not await bell.heard(wait):
            reason = self._trouble or f"no answer within {wait:g} s"
            raise LockBackendDown(self._where, reason)
        if isinstance(call.answer, Exception):
            raise LockBackendDown(self._where, str(call.answer)) from call.answer
        return call.answer

    def post(self, command: Command) -> None:
        """Sends a command without waiting; it is tried for the length of a lease."""
        self._put(command, None)

    def close(self) -> None:
        """Carries out what was called, then ends."""
        self._closing.set()
        self._queue.put(None)

    def join(self, timeout: float) -> None:
        """Waits until it has ended."""
        if self._thread.ident:
            self._thread.join(timeout)

    def _put(self, command: Command, bell: Bell | None) -> Call:
        if not self._thread.ident:
            with self._starting:
                if not self._thread.ident:
                    self._thread.start()
        call = Call(command, bell, until=clock() + self._keep)
        self._queue.put(call)
        return call

    def _run(self) -> None:
        calls: list[Call] = []
        pause = FIRST_PAUSE
        while calls := self._more(calls):
            try:
                answers = self._wire.call([call.command for call in calls])
            except WireDown as down:
                self._trouble = down.reason
                calls = self._worth_repeating(calls, down)
                self._closing.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                Call.end(calls, answers)
                calls, pause, self._trouble = [], FIRST_PAUSE, ""
        self._wire.drop()

    def _more(self, calls: list[Call]) -> list[Call]:
        """The calls and those that came since; waits if there are none."""
        while not calls or (len(calls) < MOST_AT_ONCE and not self._queue.empty()):
            if self._closing.is_set() and self._queue.empty():
                break
            call = self._queue.get()
            if call:
                calls.append(call)
        return calls

    def _worth_repeating(self, calls: list[Call], down: WireDown) -> list[Call]:
        is_over = down.is_final or self._closing.is_set()
        now = math.inf if is_over else clock()
        over = [call for call in calls if now > call.until]
        Call.end(over, [down] * len(over))
        return [call for call in calls if call not in over]
