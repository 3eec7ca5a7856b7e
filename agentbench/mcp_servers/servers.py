"""MCP servers: added once, allowed once, their tools pinned; what `agentbench.mcp` is."""

import asyncio
import dataclasses
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.context import Context
from agentbench.domain.errors import ConsentNeeded, McpSettingRefused, ToolFailed
from agentbench.domain.replay import LIVE_CALLS, Calls
from agentbench.mcp_servers.block import ToolBlock
from agentbench.mcp_servers.calls import asked, called, differences
from agentbench.mcp_servers.connection import Surroundings, connected, library
from agentbench.mcp_servers.content import Result, text_of
from agentbench.mcp_servers.owner import Owner
from agentbench.mcp_servers.settings import McpServer, McpSettings, why_not_said
from agentbench.mcp_servers.tool import Tool
from agentbench.mcp_servers.written import Written


@dataclasses.dataclass(frozen=True, kw_only=True)
class McpStatus:
    """How a server stands here: `open`, `closed`, or `not allowed` to start."""

    server: McpServer
    state: str
    written: str = ""
    """The end of what it wrote to its error stream."""


class McpServers:
    """Keeps the servers of one user, and this process's connections to them.

    What is a coroutine runs on the engine's loop; all else may be called anywhere.
    """

    def __init__(self, file: Path, around: Surroundings) -> None:
        self.settings = McpSettings(file)
        self._around = around
        self._owners: dict[str, tuple[McpServer, Owner, Written]] = {}

    def blocks(self, names: Iterable[str] = ()) -> list[ToolBlock]:
        """The accepted tools of these servers (of all, when none is named), as blocks."""
        servers = self.settings.all()
        wanted = list(names) or list(servers)
        return [
            block
            for name in wanted
            if name in servers
            for block in self._of(servers[name])
        ]

    def status(self, server: McpServer) -> McpStatus:
        """How one stands."""
        held = self._owners.get(server.name)
        is_same = held is not None and _reached(held[0]) == _reached(server)
        is_open = held is not None and is_same and held[1].is_open
        state = "open" if is_open else "closed" if server.is_allowed else "not allowed"
        return McpStatus(
            server=server, state=state, written=held[2].tail() if held else ""
        )

    def keep(self, server: McpServer, *, allow: bool) -> McpServer:
        """Keeps a server; what was accepted of one of that name stands.

        Raises:
            McpSettingRefused: a secret is among the words of its command.
        """
        if reason := why_not_said(server.command):
            raise McpSettingRefused(server.name, reason)
        old = self.settings.all().get(server.name)
        if old is not None:
            server = dataclasses.replace(server, tools=old.tools, allowed=old.allowed)
        if allow:
            server = dataclasses.replace(server, allowed=server.hash)
        return self.settings.put(server)

    def allow(self, name: str) -> McpServer:
        """Lets a server's command start, as it is now."""
        return self.settings.change(
            name, lambda old: dataclasses.replace(old, allowed=old.hash)
        )

    # ---- connecting ----------------------------------------------------------

    async def look(self, name: str) -> dict[str, Tool]:
        """The tools that a server has now, by name; it is started for it.

        Raises:
            UnknownMcpServer: there is no such server.
            ConsentNeeded: nobody allowed its command to start.
            McpServerDown: it cannot be started or reached.
            MissingLibrary: the MCP library is not installed.
        """
        _, owner, _ = await self._owner(name)
        async with owner.session(fresh=0.0) as session:
            return session.tools

    async def changes(self, name: str) -> list[str]:
        """What of a server's tools differs from what was accepted, in lines."""
        server, now = self.settings.one(name), await self.look(name)
        return differences({tool.name: tool for tool in server.tools}, now)

    async def accept(self, name: str) -> McpServer:
        """Pins a server's tools as they are now."""
        tools = await self.look(name)
        return self.settings.change(
            name, lambda old: dataclasses.replace(old, tools=tuple(tools.values()))
        )

    async def close(self, name: str) -> None:
        """Ends the connection to a server, if there is one."""
        held = self._owners.pop(name, None)
        if held is not None:
            await held[1].close()
            held[2].close()

    async def close_stale(self, name: str) -> None:
        """Ends the connection to a server that has been set up anew since."""
        held = self._owners.get(name)
        if held and _reached(held[0]) != _reached(self.settings.one(name)):
            await self.close(name)

    async def close_all(self) -> None:
        """Ends every connection."""
        await asyncio.gather(*(self.close(name) for name in list(self._owners)))

    # ---- calling -------------------------------------------------------------

    async def call(
        self, name: str, tool: Tool, arguments: Mapping[str, Any], context: Context
    ) -> Result:
        """Calls a tool, once it is known to be what was accepted.

        A call is made again only when the server went away in it and the tool says that
        this does no harm. Cancelling it tells the server. One that is answered from a
        recording needs no server.

        Raises:
            ToolFailed: it says that it failed, or said nothing for too long.
            ToolChanged: it is not what was accepted.
            McpServerDown: its server cannot be reached, or went away.
            ConsentNeeded: its server may not be started.
            ReplayMiss: it was not recorded, and may not be made.
        """
        said: list[str] = []

        async def live() -> Result:
            server, owner, written = await self._owner(name)
            mark = written.mark()
            result = await called(owner, server, tool, arguments, context)
            said.append(written.tail(mark))
            return result

        # Only a firing has calls that may be recorded; a block is called without, too.
        calls: Calls = getattr(context, "calls", LIVE_CALLS)
        result: Result = await calls.answered(asked(name, tool, arguments), live)
        if result.get("isError"):
            raise ToolFailed(name, tool.name, text_of(result), said="".join(said))
        return result

    async def _owner(self, name: str) -> tuple[McpServer, Owner, Written]:
        server = self.settings.one(name)
        if not server.is_allowed:
            raise ConsentNeeded(name, server.line, changed=bool(server.allowed))
        await self.close_stale(name)  # another process or cell set it up anew
        if (held := self._owners.get(name)) is None:
            await asyncio.to_thread(library)
            if (held := self._owners.get(name)) is None:  # nobody else was faster
                written = Written()
                connect = functools.partial(connected, server, written, self._around)
                held = server, Owner(name, connect, written), written
                self._owners[name] = held
        return held

    def _of(self, server: McpServer) -> list[ToolBlock]:
        taken: set[str] = set()
        blocks = []
        for tool in sorted(server.tools, key=lambda tool: tool.name):
            slug, number = tool.slug, 1
            while slug in taken:
                number += 1
                slug = f"{tool.slug}_{number}"
            taken.add(slug)
            blocks.append(
                ToolBlock(server.name, tool, self.call, slug=slug, url=server.url)
            )
        return blocks


def _reached(server: McpServer) -> McpServer:
    """What of a server decides whether a connection to it still stands."""
    return dataclasses.replace(server, tools=(), allowed="")
