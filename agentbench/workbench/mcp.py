"""MCP servers as people have them: `agentbench.mcp`, and what the other doors do alike."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from agentbench.domain.block import Block
from agentbench.mcp_servers.settings import TIMEOUT, McpServer

if TYPE_CHECKING:
    from agentbench.workbench.parts import Parts

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class McpView:
    """One MCP server as it stands; `changes` is what differs from what was accepted.

    `state` is `open`, `closed`, or `not allowed` to start. `written` is the end of what
    it wrote to its error stream.
    """

    name: str
    reached: str
    state: str
    blocks: Sequence[str]
    changes: Sequence[str] = ()
    written: str = ""

    def __repr__(self) -> str:
        lines = [f"{self.name}  {self.state:<12}  {self.reached}"]
        lines += [f"    {block}" for block in self.blocks]
        if self.state == "not allowed":
            lines += [
                "    It has not been started: it would run with your rights. To let it:",
                f"    `%agent mcp allow {self.name}` (or `agentbench mcp allow {self.name}`)",
            ]
        if self.changes:
            lines.append("    It is not what you accepted:")
            lines += [f"      {line}" for line in self.changes]
            lines.append(
                f"    `%agent mcp accept {self.name}` (or `agentbench mcp accept"
                f" {self.name}`) takes it as it is now."
            )
        return "\n".join(lines)


class Mcp:
    """The MCP servers: programs whose tools are blocks `mcp.<server>.<tool>`.

    `agentbench.mcp.add("files", command=["uvx", "some-mcp-server"])` keeps how it is
    reached, `agentbench.mcp.allow("files")` lets it start. What it offers is then pinned:
    a tool that changes later is not called until you `accept` the change.
    """

    def __init__(self, parts: "Callable[[], Parts]") -> None:
        self._parts = parts

    def add(
        self,
        name: str,
        *,
        command: Sequence[str] = (),
        url: str = "",
        env: Mapping[str, str] | None = None,
        credentials: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        credential: str = "",
        folder: str = "",
        timeout: float = TIMEOUT,
        allow: bool = False,
    ) -> McpView:
        """Keeps how a server is reached; with `allow`, or by a URL, asks it for its tools.

        Args:
            name: the middle of its blocks' ids.
            command: what starts it, word by word; no shell is in between.
            url: where it is, when it runs already; the rules of the network hold.
            env: variables for the command, besides the few that every program needs.
            credentials: by variable, the name of the credential that is put there.
            headers: what is sent to the URL with every request.
            credential: the name of the credential that goes to the URL.
            folder: where the command is started; by default where we are now.
            timeout: seconds that a call may take without a word from the tool.
            allow: lets this command start, now and later, here and in other kernels.

        Raises:
            McpSettingRefused: it cannot be kept like that.
            McpServerDown: it cannot be started or reached; it is kept all the same.
        """
        made = McpServer(
            name=name,
            command=tuple(command),
            url=url,
            env=dict(env or {}),
            credentials=dict(credentials or {}),
            headers=dict(headers or {}),
            credential=credential,
            # Kept, since another folder may hold another program of that name.
            folder=str(Path(folder).expanduser().resolve()) if command else "",
            timeout=timeout,
        )
        self._servers.keep(made, allow=allow)
        self._do(self._servers.close_stale(name))
        return self._looked(name)

    def allow(self, name: str) -> McpView:
        """Lets a server's command start, as it is now, and pins its tools.

        Raises:
            UnknownMcpServer: there is no such server.
            McpServerDown: it cannot be started.
        """
        self._servers.allow(name)
        return self._looked(name)

    def accept(self, name: str) -> McpView:
        """Takes a server's tools as they are now; they are its blocks from now on."""
        self._do(self._servers.accept(name))
        return self._registered(name)

    def restart(self, name: str) -> McpView:
        """Ends a server's connection and opens it again."""
        self._servers.settings.one(name)
        self._do(self._servers.close(name))
        return self._looked(name)

    def remove(self, name: str) -> None:
        """Forgets a server; its blocks can no longer be placed.

        Raises:
            UnknownMcpServer: there is no such server.
        """
        self._servers.settings.remove(name)
        self._do(self._servers.close(name))
        self._forget(name)

    def list(self) -> list[McpView]:
        """Every server, as it was accepted; none is started for it."""
        return [self._view(name) for name in self._servers.settings.all()]

    def look(self, name: str) -> McpView:
        """A server, compared with what it offers now; it is started for it.

        Raises:
            UnknownMcpServer: there is no such server.
            ConsentNeeded: nobody allowed its command to start.
            McpServerDown: it cannot be started or reached.
        """
        return self._view(name, changes=self._do(self._servers.changes(name)))

    def view(self, name: str) -> McpView:
        """A server, as it was accepted; it is not started for it.

        Raises:
            UnknownMcpServer: there is no such server.
        """
        return self._view(name)

    # ---- inside ------------------------------------------------------------------

    @property
    def _servers(self) -> Any:
        return self._parts().mcp_servers

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        loop = self._parts().loop
        try:
            loop.refuse_to_block()
        except RuntimeError:
            work.close()
            raise
        return loop.submit(work).result()

    def _looked(self, name: str) -> McpView:
        """A server that may be started, with its tools pinned if they never were."""
        server = self._servers.settings.one(name)
        if not server.is_allowed:
            return self._registered(name)
        if not server.tools:
            return self.accept(name)
        self._registered(name)
        return self.look(name)

    def _registered(self, name: str) -> McpView:
        """Makes the registry hold what was accepted of a server, and no more."""
        registry = self._parts().blocks
        blocks: list[Block] = list(self._servers.blocks([name]))
        self._forget(name, besides={block.id for block in blocks})
        for block in blocks:
            registry.register(block, replace=True)
        return self._view(name)

    def _forget(
        self, name: str, besides: frozenset[str] | set[str] = frozenset()
    ) -> None:
        registry = self._parts().blocks
        for id in registry.names():
            if id.startswith(f"mcp.{name}.") and id not in besides:
                registry.remove(id)

    def _view(self, name: str, changes: Sequence[str] = ()) -> McpView:
        server = self._servers.settings.one(name)
        status = self._servers.status(server)
        return McpView(
            name=name,
            reached=server.line,
            state=status.state,
            blocks=[block.id for block in self._servers.blocks([name])],
            changes=changes,
            written=status.written,
        )

    def __repr__(self) -> str:
        lines = [repr(view) for view in self.list()]
        return "\n".join(lines) or "No MCP server yet: `agentbench.mcp.add(...)`."
