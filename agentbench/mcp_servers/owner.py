"""The owner of a connection: one task that opens it, keeps it and closes it.

What holds an MCP connection open (task groups, a child process) must be left in the task
that entered it, and calls come from any firing's task. So one task a server does nothing
but hold the connection, and everybody else only sends through it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Any

from agentbench.domain.errors import AgentbenchError, McpServerDown
from agentbench.mcp_servers.tool import Tool
from agentbench.mcp_servers.written import Written

STARTING = 60.0
"""Seconds in which a server has to be there: a first `npx` or `uvx` downloads it."""
IDLE = 600.0
"""Seconds without a call after which the connection is closed; the next opens it."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
"""Seconds before a server that failed is tried again; they double each time."""
MOST_TOOLS = 1000

Connect = Callable[[], AbstractAsyncContextManager[Any]]
"""Opens the connection; gives an `mcp.Client`."""


@dataclass
class Session:
    """A connection that is open, and the tools that the server had when last asked."""

    client: Any
    tools: dict[str, Tool]
    asked: float
    """When it was asked for them, by the loop's clock."""


class Owner:
    """Holds the one connection to a server. All of it on the engine's loop."""

    def __init__(
        self, name: str, connect: Connect, written: Written, *, idle: float = IDLE
    ) -> None:
        """`idle` is for how many seconds an unused connection is kept."""
        self.name, self.written = name, written
        self._connect, self._idle = connect, idle
        self._is_closed = False
        self._opening = asyncio.Lock()
        self._session: Session | None = None
        self._task: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._used = asyncio.Event()
        self._leaving = asyncio.Event()
        self._busy = 0
        self._failed, self._not_before = 0, 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is a connection now."""
        return self._session is not None

    @contextlib.asynccontextmanager
    async def session(self, *, fresh: float) -> AsyncIterator[Session]:
        """The connection, opened when there is none; it stays open while in use.

        The tools in it are not older than `fresh` seconds, so that the server was alive
        then, too.

        Raises:
            McpServerDown: it cannot be had.
        """
        async with self._opening:
            if self._is_closed:  # who asks has waited here while it was removed
                raise McpServerDown(self.name, "was closed meanwhile; try again")
            session = await self._alive(fresh)
            self._busy += 1
        try:
            yield session
            self._failed = 0
        finally:
            self._busy -= 1
            self._used.set()

    async def close(self) -> None:
        """Closes the connection for good."""
        async with self._opening:
            self._is_closed = True
            await self._left()

    async def lose(self, session: Session) -> None:
        """Closes a connection that no longer works; the next call opens another."""
        async with self._opening:
            if self._session is session:
                await self._left()
                self._note_failure()

    # ---- inside; only while `_opening` is held ---------------------------------

    async def _alive(self, fresh: float) -> Session:
        session = self._session
        if session is not None:
            now = asyncio.get_running_loop().time()
            if now - session.asked <= fresh:
                return session
            try:
                async with asyncio.timeout(STARTING):
                    session.tools = await listed(session.client)
            except Exception:  # noqa: BLE001 - whatever it was, another one is opened
                await self._left()
            else:
                session.asked = now
                return session
        return await self._opened()

    async def _opened(self) -> Session:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._not_before - loop.time()))
        mark = self.written.mark()
        ready: asyncio.Future[Session] = loop.create_future()
        self._leaving.clear()
        task = asyncio.create_task(self._own(ready), name=f"mcp {self.name}")
        self._task = task
        try:
            self._session = await asyncio.shield(ready)
        except asyncio.CancelledError:
            task.cancel()  # it may have a minute to start, and nobody waits for it
            await self._left()
            raise
        except Exception as error:
            self._note_failure()
            if isinstance(error, AgentbenchError):
                raise
            reason = f"did not come up: {_reason(error)}"
            raise McpServerDown(
                self.name, reason, said=self.written.tail(mark)
            ) from error
        return self._session

    async def _own(self, ready: "asyncio.Future[Session]") -> None:
        """The owner task: nobody else enters or leaves the connection."""
        try:
            async with AsyncExitStack() as stack:
                async with asyncio.timeout(STARTING):
                    client = await stack.enter_async_context(self._connect())
                    tools = await listed(client)
                session = Session(client, tools, asyncio.get_running_loop().time())
                ready.set_result(session)
                try:
                    await self._until_left()
                finally:  # closing takes a while, in which nobody is to use it
                    if self._session is session:
                        self._session = None
                        self._let_end()
        except BaseException as error:
            if not ready.done():
                is_ours = isinstance(error, Exception)
                ready.set_exception(error if is_ours else RuntimeError("was cancelled"))
                ready.exception()  # looked at, also when nobody waits any more
            if not isinstance(error, Exception):
                raise

    def _let_end(self) -> None:
        """Lets the owner task end on its own; another one may begin meanwhile."""
        if self._task is not None:
            self._ending.add(self._task)
            self._task.add_done_callback(self._ending.discard)
            self._task = None

    async def _until_left(self) -> None:
        """Returns when it shall be closed, or nobody has used it for long."""
        while not self._leaving.is_set():
            self._used.clear()
            leaving = asyncio.ensure_future(self._leaving.wait())
            used = asyncio.ensure_future(self._used.wait())
            try:
                patience = None if self._busy else self._idle
                done, _ = await asyncio.wait(
                    {leaving, used},
                    timeout=patience,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            finally:
                leaving.cancel()
                used.cancel()
            if not done and not self._busy:
                return

    async def _left(self) -> None:
        task, self._task, self._session = self._task, None, None
        self._leaving.set()
        ending = self._ending | ({task} if task is not None else set())
        if ending:
            await asyncio.wait(ending)

    def _note_failure(self) -> None:
        wait = min(FIRST_WAIT * 2**self._failed, LONGEST_WAIT)
        self._failed += 1
        self._not_before = asyncio.get_running_loop().time() + wait


async def listed(client: Any) -> dict[str, Tool]:
    """Every tool of a server, by name, asked for now."""
    tools: dict[str, Tool] = {}
    cursor: str | None = None
    while len(tools) < MOST_TOOLS:
        page = await client.list_tools(cursor=cursor, cache_mode="refresh")
        tools.update((given.name, _tool(given)) for given in page.tools)
        cursor = page.next_cursor
        if cursor is None:
            break
    return tools


def _tool(given: Any) -> Tool:
    hints = given.annotations
    said = {
        "read_only": getattr(hints, "read_only_hint", None),
        "destructive": getattr(hints, "destructive_hint", None),
        "idempotent": getattr(hints, "idempotent_hint", None),
    }
    return Tool(
        name=given.name,
        title=given.title or getattr(hints, "title", None) or "",
        description=given.description or "",
        input_schema=given.input_schema,
        output_schema=given.output_schema,
        hints={name: value for name, value in said.items() if value is not None},
    )


def _reason(error: BaseException) -> str:
    """What went wrong, out of the groups that it was wrapped in."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, TimeoutError):
        return f"it was not there within {STARTING:g} s"
    return str(error).strip().rstrip(".") or type(error).__name__
