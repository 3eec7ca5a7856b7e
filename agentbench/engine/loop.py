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

from agentbench.engine.threads import DaemonThreads

Result = TypeVar("Result")


class EngineLoop:
    """A loop thread that starts when first needed and ends with the process."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = DaemonThreads("agentbench-block")

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
                self._loop = asyncio.new_event_loop()
                # A fresh context: the thread must not live in the first caller's cell.
                context = contextvars.Context()
                thread = threading.Thread(
                    target=context.run,
                    args=(self._loop.run_forever,),
                    name="agentbench-engine",
                    daemon=True,
                )
                thread.start()
            return self._loop
