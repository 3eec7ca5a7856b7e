"""Parking: the firings of a run that wait for an answer, or for a time to come."""

import asyncio
import time
from collections.abc import Callable, Iterable

from agentbench.domain.event import (
    CALLED,
    CLOCK,
    TOOLS_DONE,
    FiringAnswered,
    RunParked,
)
from agentbench.domain.value import InlineValue, ValueRef
from agentbench.engine.chronicle import Chronicle
from agentbench.engine.plan import Key, Ready


class Parking:
    """Has parked firings go on, when they are answered or their time has come."""

    def __init__(
        self,
        book: Chronicle,
        *,
        is_part: bool,
        wake: Callable[[], None],
    ) -> None:
        """`wake` has the run look for what has become ready.

        What a run asks that is a part of another one, its caller asks too, and has the
        clock.
        """
        self._book, self._is_part = book, is_part
        self._wake = wake
        self._timers: dict[Key, asyncio.TimerHandle] = {}

    @property
    def has_timers(self) -> bool:
        """Whether some firing waits for a time."""
        return bool(self._timers)

    def wait_for(self, ready: Ready) -> None:
        """Wakes a parked firing when its time has come, if it waits for one."""
        parked = self._book.trail.past(ready.node, ready.firing).parked
        until, answer = parked.clock(is_part=self._is_part) if parked else (0.0, None)
        if until:
            wait = max(0.0, until - time.time())
            self._timers[ready[:2]] = asyncio.get_running_loop().call_later(
                wait, self.answer, *ready[:2], InlineValue(answer), CLOCK
            )

    def tell(self, parked: Iterable[Ready]) -> None:
        """Records that the run waits, and for which firings."""
        firings: dict[str, list[int]] = {}
        for ready in parked:
            firings.setdefault(ready.node, []).append(ready.firing)
        self._book.record(RunParked, firings=firings)

    def wake_callers(self, *, if_nothing_else: bool = False) -> bool:
        """Has those go on that were parked with their tools: they see what these gave.

        Says whether there were any; with `if_nothing_else`, only when nobody else waits:
        the answer came while their callers were being parked.
        """
        past, every = self._book.trail.past, self._book.plan.parked()
        callers = [
            ready
            for ready in every
            if (parked := past(*ready[:2]).parked) is not None and parked.part == CALLED
        ]
        if if_nothing_else and len(callers) < len(every):
            return False
        for ready in callers:
            self.answer(*ready[:2], InlineValue(None), TOOLS_DONE)
        return bool(callers)

    def answer(self, node: str, firing: int, answer: ValueRef, by: str) -> bool:
        """Answers a parked firing; false when it does not wait. On the engine's loop only."""
        if self._book.end is not None or not self._book.plan.is_parked(node, firing):
            return False
        timer = self._timers.pop((node, firing), None)
        if timer is not None:
            timer.cancel()
        facts = {"node": node, "firing": firing, "answer": answer, "by": by}
        self._book.record(FiringAnswered, **facts)
        self._wake()
        return True

    def close(self) -> None:
        """Waits for no time any more."""
        for timer in self._timers.values():
            timer.cancel()
