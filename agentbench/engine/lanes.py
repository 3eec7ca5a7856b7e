"""Lanes: the tasks in which firings are carried out, one after the other in each.

A task for every firing would cost more than most firings do. So a lane goes on with
what has become ready by its last firing, and more lanes are opened only while lanes
wait: as many again as there are, so that a hundred requests are under way after a few
turns of the loop, while a thousand small sums pass through one lane.
"""

import asyncio
import contextvars
import time
from collections.abc import Awaitable, Callable

from agentbench.engine.journal import Journal
from agentbench.engine.plan import Ready
from agentbench.engine.roster import Roster

SLICE = 0.01
"""Seconds that a lane goes on before it lets others have the loop."""
BRIEF = 0.001
"""The same while events are being written.

Whoever writes them needs the interpreter between two statements, and would have to wait
until Python takes it from us: five milliseconds each time, and a long run for that.
"""
GROWTH = 7
"""So many lanes are opened for every one that waits."""
CROWD = 1000
"""With so many firings waiting, a stream waits too, unless nothing else runs."""


class Lanes:
    """Carries out what the roster hands out, until there is nothing left."""

    def __init__(
        self,
        roster: Roster,
        journal: Journal,
        *,
        take: Callable[[], Ready | None],
        fire: Callable[[Ready], Awaitable[None]],
        has_more: Callable[[], bool],
        ended: Callable[[Ready], None],
        closed: Callable[[BaseException | None], None],
    ) -> None:
        """`take` gives the next firing, once its start is recorded; `fire` carries it out.

        `has_more` says whether any firing waits, so that a lane without one ends at once.
        `ended` is told of every firing that did not outlive its lane, `closed` of every
        lane that ends, with what it raised: that is no block's error, but ours.
        """
        self.tasks: set[asyncio.Task[None]] = set()
        self._roster, self._journal = roster, journal
        self._take, self._fire, self._has_more = take, fire, has_more
        self._ended, self._closed = ended, closed
        # A block may change the context of its lane; the next lane starts from this one.
        self._context = contextvars.copy_context()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._coming = 0
        self._held_back = 0
        self._thinned = asyncio.Event()
        self._turned = time.monotonic()

    def open(self) -> None:
        """Opens lanes for what may start, if those that there are do not suffice."""
        # After every firing, so what is most often so is looked at first.
        most = (GROWTH * self._roster.running or 1) - self._coming
        if most <= 0:
            return
        more = min(self._roster.startable - self._coming, most)
        if more <= 0:
            return
        if self._loop is None:  # kept, for to ask for it is to ask the system
            self._loop = asyncio.get_running_loop()
        loop = self._loop
        for _ in range(more):
            self._coming += 1
            task = loop.create_task(self._go(), context=self._context.copy())
            self.tasks.add(task)

    async def cut_off(self, *, within: float) -> None:
        """Cancels what still runs. A firing that will not end is left behind."""
        # No task group: it would wait for ever for a block that swallows its
        # cancellation, and a stop has to be final within its bound.
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=within)
        self.tasks.clear()

    async def breathe(self, *, is_patient: bool) -> None:
        """Lets others have the loop; one that is patient waits until they catch up.

        For a firing that gives many values.
        """
        self.open()
        most = BRIEF if self._journal.is_writing else SLICE
        if time.monotonic() - self._turned > most:
            await self._turn()
        while is_patient and self._roster.waiting > CROWD and self._others_run():
            self._held_back += 1
            try:
                await self._thinned.wait()
            finally:
                self._held_back -= 1
                self._thinned.clear()
        if self._journal.is_behind:
            await self._journal.settled()

    async def _go(self) -> None:
        self._coming -= 1
        task = asyncio.current_task()
        context = contextvars.copy_context()
        fault: BaseException | None = None
        # Not a callback of the task: a turn of the loop for each would be a tenth of the
        # cost of a firing that has a lane of its own.
        try:
            while (ready := self._take()) is not None:
                self.open()
                await self._fire(ready)
                self._ended(ready)
                if self._held_back:
                    self._let_go_on()
                is_marked = task is not None and task.cancelling()
                if is_marked or contextvars.copy_context() != context:
                    break  # what a block leaves behind is not for the next one
                if self._journal.is_behind:
                    await self._journal.settled()
                most = BRIEF if self._journal.is_writing else SLICE
                if time.monotonic() - self._turned > most and self._has_more():
                    await self._turn()
        except GeneratorExit:  # the loop is gone, and nobody to be told
            raise
        except asyncio.CancelledError:
            self._close(task)
            raise
        except BaseException as error:  # noqa: BLE001 - the run ends by it
            fault = error
        self._close(task, fault)

    async def _turn(self) -> None:
        await asyncio.sleep(0)
        self._turned = time.monotonic()

    def _others_run(self) -> bool:
        """Whether anybody but those held back, and the one that asks, takes firings on."""
        return self._roster.at_work - self._held_back > 1

    def _close(
        self, task: "asyncio.Task[None] | None", fault: BaseException | None = None
    ) -> None:
        self.tasks.discard(task)
        if self._held_back:
            self._thinned.set()
        self._closed(fault)

    def _let_go_on(self) -> None:
        if self._roster.waiting <= CROWD // 2 or not self._others_run():
            self._thinned.set()
