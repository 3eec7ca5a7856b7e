"""The watch: sees when a block holds the engine's loop, and says which one and where.

Everything on the loop stands still meanwhile, so this has a thread of its own.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from agentbench.engine.attempts import Attempts
from agentbench.engine.firing import FiringContext, emissions
from agentbench.engine.interrupt import LeftBehind, frame_of, raise_in
from agentbench.engine.loop import EngineLoop

LOOK = 0.25
"""Seconds between two looks at what the loop does."""

PATIENCE = 1.0
"""Seconds that a block may hold the loop before anybody is told.

Those in which the machine gives the loop's thread no processor are not the block's.
"""

FRAMES = 12
"""So many lines of where a block stands are told, the innermost."""

_FIRINGS = {emissions.__code__, Attempts.work.__code__}
"""What calls a block's code, with the context and the site at hand."""

_log = logging.getLogger("agentbench")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A block that has the loop: its firing's context, its id, and where it stands."""

    context: FiringContext
    block: str
    stack: str

    def __str__(self) -> str:
        return (
            f"The block {self.block!r} (node {self.context.node!r}) holds the engine's"
            " loop, and every run waits for it. Let an async block await, make it a"
            ' plain `def`, or give it a process (`isolation="process"`). It stands at:'
        )


class Watch:
    """Watches a loop from another thread, until it is closed."""

    def __init__(self, loop: EngineLoop) -> None:
        self._loop = loop
        self._told: set[str] = set()
        watching = threading.Thread(
            target=self._watch, name="agentbench-watch", daemon=True
        )
        watching.start()

    def cut_in(self, run: str, before: Callable[[], None]) -> None:
        """Interrupts the block that holds the loop, if a run (or a part of it) is its own.

        `before` is called first, while the loop stands still.
        """
        held = self._holder()
        if held is not None and held.context.run_id.partition(".")[0] == run:
            before()
            # Should the block end just now, this hits our own code on the loop: asyncio
            # logs it, or a firing of a run that is being stopped anyway ends by it.
            raise_in(self._loop.thread, LeftBehind)

    def _watch(self) -> None:
        while self._loop.is_open:
            time.sleep(LOOK)
            held = self._holder()
            if held is not None:
                self._follow(held)

    def _follow(self, held: Held) -> None:
        """Tells of a block that keeps the loop, and then when it lets go."""
        beat, began, kept = self._loop.beat(), time.monotonic(), 0.0
        while kept < PATIENCE:
            looked, starved = time.monotonic(), self._loop.starved
            if beat.wait(LOOK) or not self._loop.is_open:
                return
            now = self._holder()
            if now is None or now.block != held.block:
                return
            held = now
            passed = time.monotonic() - looked - (self._loop.starved - starved)
            kept += min(passed, LOOK)  # where everything stood still, it counts once
        self._tell(held)
        while not beat.wait(LOOK) and self._loop.is_open:
            pass
        if beat.is_set():
            seconds = time.monotonic() - began
            held.context.log(f"It let go of the loop after {seconds:.0f} s or more.")

    def _tell(self, held: Held) -> None:
        """Tells the run, once the loop turns again, and the user at once, but only once."""
        held.context.log(f"{held}\n{held.stack}")
        if held.block not in self._told:
            self._told.add(held.block)
            _log.warning("%s\n%s", held, held.stack)

    def _holder(self) -> Held | None:
        """The block whose code the loop is in, this very moment."""
        innermost = frame_of(self._loop.thread)
        frame: FrameType | None = innermost
        while frame is not None:
            if frame.f_code in _FIRINGS and innermost is not frame:
                return _held(frame, innermost)
            frame = frame.f_back
        return None


def _held(frame: FrameType, innermost: FrameType | None) -> Held | None:
    facts = frame.f_locals
    context, site = facts.get("context"), facts.get("site")
    if not isinstance(context, FiringContext) or site is None:
        return None
    # From the block on: how our own code came there tells people nothing.
    depth, at = 0, innermost
    while at is not None and at is not frame:
        depth, at = depth + 1, at.f_back
    lines = traceback.format_stack(innermost, limit=min(depth, FRAMES))
    return Held(context=context, block=site.block.id, stack="".join(lines).rstrip())
