"""A server of tools (MCP) is unknown, not allowed, away, or not what it was."""

from collections.abc import Iterable, Sequence

from agentbench.domain.errors.backend import BackendError
from agentbench.domain.errors.base import close_to


class McpError(BackendError):
    """An MCP server cannot do it."""


class UnknownMcpServer(McpError):
    """No MCP server has that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        there = list(known)
        said = f" There are: {', '.join(there)}." if there else " There is none yet."
        super().__init__(
            f"There is no MCP server {name!r}.{close_to(name, there)}{said}"
            " `agentbench.mcp.add(NAME, command=[...])` (or `url=`) adds one;"
            " `%agent mcp add` and `agentbench mcp add` do the same."
        )


class McpSettingRefused(McpError):
    """An MCP server cannot be set up like that."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(f"The MCP server {name!r} was not kept: {reason}")


class ConsentNeeded(McpError):
    """A command was never allowed to start here, or has changed since it was."""

    def __init__(self, name: str, command: str, *, changed: bool) -> None:
        self.name, self.command = name, command
        why = "has changed since you allowed it" if changed else "was never allowed"
        super().__init__(
            f"The MCP server {name!r} was not started: its command {why}. It is\n"
            f"    {command}\n"
            "and would run with your rights. If you trust it:"
            f" `agentbench.mcp.allow({name!r})`, `%agent mcp allow {name}` or"
            f" `agentbench mcp allow {name}`."
        )


class McpServerDown(McpError):
    """An MCP server cannot be started or reached, or went away."""

    def __init__(self, name: str, reason: str, *, said: str = "") -> None:
        self.name, self.reason = name, reason
        tail = f"\nThe end of what it wrote:\n{said}" if said else ""
        super().__init__(
            f"The MCP server {name!r} {reason}. `%agent mcp restart {name}` (or"
            f" `agentbench.mcp.restart({name!r})`) tries it again at once.{tail}"
        )


class ToolChanged(McpError):
    """A tool is not what was accepted: what it says or takes has changed."""

    def __init__(self, server: str, tool: str, changes: Sequence[str]) -> None:
        self.server, self.tool, self.changes = server, tool, list(changes)
        lines = "".join(f"\n  {line}" for line in self.changes)
        super().__init__(
            f"The tool {tool!r} of the MCP server {server!r} is not what you accepted,"
            f" so it was not called:{lines}\n"
            f"If that is well: `agentbench.mcp.accept({server!r})`,"
            f" `%agent mcp accept {server}` or `agentbench mcp accept {server}`."
        )


class ToolFailed(McpError):
    """A tool said that it failed."""

    def __init__(self, server: str, tool: str, text: str, *, said: str = "") -> None:
        self.server, self.tool, self.text = server, tool, text
        tail = f"\nThe end of what its server wrote:\n{said}" if said else ""
        super().__init__(
            f"{server}: {tool}: {text or 'it failed and did not say why.'}{tail}"
        )
