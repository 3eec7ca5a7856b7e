"""The engine's own event loop, on its own thread: one a process, shared by all runs.

Blocks that are busy, cells that block and loops that come and go elsewhere do not
touch it. All doors hand work over with `submit`.
"""

import asyncio
import concurrent.futures
import contextvars
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from agentbench.engine.selector import new_selector
from agentbench.engine.stragglers import Stragglers
from agentbench.engine.threads import DaemonThreads

PATIENCE = 0.5
"""Seconds that a block's thread has to end by itself when nobody waits any more."""

CLOSING = 2.0
"""Seconds in which the loop's thread ends when it is closed."""

Result = TypeVar("Result")


class EngineLoop:
    """A loop thread that starts when first needed and ends when it is closed.

    Used again after that, it starts again.
    """

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = DaemonThreads("agentbench-block")
        self._turning = threading.current_thread()
        self._thread = 0
        self.stragglers = Stragglers()
        """Calls of blocks that go on though nobody waits for them."""

    @property
    def thread(self) -> int:
        """The number of the loop's thread; 0 while there is none."""
        return self._thread

    @property
    def is_open(self) -> bool:
        """Whether the loop has begun, and not been closed since."""
        return self._loop is not None

    @property
    def starved(self) -> float:
        """Seconds that the loop's thread has waited for a processor.

        0 where the system does not count them; Linux does.
        """
        counted = f"/proc/self/task/{self._turning.native_id}/schedstat"
        try:
            with open(counted) as file:  # noqa: PTH123 - asked for often
                return int(file.read().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

    def close(self) -> None:
        """Ends the loop and its thread, and cuts off what is still on it.

        Calls of blocks that nobody waits for are interrupted. A thread that a block
        holds is left behind; it ends with the process.
        """
        with self._starting:
            loop, thread, self._loop = self._loop, self._turning, None
            self._thread = 0
        if loop is not None and thread is not threading.current_thread():
            asyncio.run_coroutine_threadsafe(_end(loop), loop)
            thread.join(CLOSING)
            for call in self.stragglers.calls():  # their timers went with the loop
                self._threads.interrupt(call)

    def answers(self, within: float) -> bool:
        """Whether the loop turns within so many seconds; not to be asked on the loop."""
        return self.beat().wait(within)

    def beat(self) -> threading.Event:
        """Set as soon as the loop turns."""
        beat = threading.Event()
        self.call_soon(beat.set)
        return beat

    def submit(
        self, work: Coroutine[Any, Any, Result]
    ) -> "concurrent.futures.Future[Result]":
        """Runs a coroutine on the loop; from any thread.

        It keeps the caller's context, so that what a block prints lands in the cell
        that started the run.
        """
        return asyncio.run_coroutine_threadsafe(work, self._running())

    def call_soon(self, function: Callable[..., Any], *args: Any) -> None:
        """Calls a function on the loop, soon; from any thread."""
        context = contextvars.copy_context()
        self._running().call_soon_threadsafe(function, *args, context=context)

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls a blocking function in a worker thread, in the caller's context."""
        return await asyncio.wrap_future(self._threads.submit(function, *args))

    async def in_block_thread(
        self, name: str, function: Callable[..., Any], *args: Any
    ) -> Any:
        """As `in_thread`, for a block's own code.

        Cancelled, it leaves the call behind: after a moment it is interrupted, which
        ends what is Python; what hangs in C code stays, and counts as a straggler.
        """
        call = self._threads.submit(function, *args)
        try:
            return await asyncio.wrap_future(call)
        except asyncio.CancelledError:
            if not call.done():
                self.stragglers.add(call, name)
                timer = asyncio.get_running_loop()
                timer.call_later(PATIENCE, self._threads.interrupt, call)
            raise

    def refuse_to_block(self) -> None:
        """Refuses a blocking wait on the loop itself: every run would stand still.

        Raises:
            RuntimeError: the caller is a coroutine on this loop.
        """
        try:
            is_here = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            is_here = False
        if is_here:
            message = (
                "An async block cannot wait for a run without `await`: it would stop"
                " every run. Write `await graph.run(...)`, or make the block a `def`."
            )
            raise RuntimeError(message)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = _new_loop()
                # A fresh context: the thread must not live in the first caller's cell.
                context = contextvars.Context()
                self._turning = threading.Thread(
                    target=context.run,
                    args=(_turn, self._loop),
                    name="agentbench-engine",
                    daemon=True,
                )
                self._turning.start()
                self._thread = self._turning.ident or 0
            return self._loop


def _new_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    if type(loop) is not asyncio.SelectorEventLoop:  # Windows has another kind
        return loop
    loop.close()
    return asyncio.SelectorEventLoop(new_selector())


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Cuts off every task, gives them a moment to end, and stops the loop."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=CLOSING / 2)
    await loop.shutdown_asyncgens()
    loop.stop()
