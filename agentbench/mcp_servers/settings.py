"""How each MCP server is reached and what was accepted of it: one file, without secrets."""

import contextlib
import dataclasses
import hashlib
import itertools
import json
import os
import re
import shlex
import tempfile
import threading
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.credential import why_no_name
from agentbench.domain.errors import (
    McpError,
    McpSettingRefused,
    UnknownMcpServer,
)
from agentbench.mcp_servers.tool import Tool

FORMAT = 1
TIMEOUT = 60.0
"""Seconds that a call may take without a word from the tool."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECRET = re.compile(r"key|token|secret|passw|auth|credential|cookie", re.IGNORECASE)

_SECRET_FLAG = re.compile(
    r"--?([\w-]*[-_])?(api[-_]?key|token|secret|passw(or)?d)", re.IGNORECASE
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class McpServer:
    """One MCP server: a `command` that is started here, or a `url`.

    `env` is what the command finds in its environment besides what every program needs;
    `credentials` names, by variable, the credential whose secret is put there when it
    starts. `headers` and the one `credential` go to the URL. `timeout` is in seconds.
    `allowed` is the hash of the command that somebody allowed to start.
    """

    name: str
    command: tuple[str, ...] = ()
    url: str = ""
    env: Mapping[str, str] = dataclasses.field(default_factory=dict)
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    credentials: Mapping[str, str] = dataclasses.field(default_factory=dict)
    credential: str = ""
    folder: str = ""
    timeout: float = TIMEOUT
    allowed: str = ""
    tools: tuple[Tool, ...] = ()
    """The tools as they were accepted."""

    def __post_init__(self) -> None:
        if reason := _why_not(self):
            raise McpSettingRefused(self.name, reason)

    @property
    def hash(self) -> str:
        """Of all that decides what is started: a change of it asks for consent again."""
        facts = [self.command, dict(self.env), dict(self.credentials), self.folder]
        text = json.dumps(facts, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def is_allowed(self) -> bool:
        """Whether it may be started; an address needs no consent, only the network's."""
        return bool(self.url) or self.allowed == self.hash

    @property
    def line(self) -> str:
        """What is started or asked, in a line."""
        if self.url:
            return self.url
        named = {**self.env, **{k: f"<{v}>" for k, v in self.credentials.items()}}
        settings = [f"{name}={shlex.quote(value)}" for name, value in named.items()]
        where = "." if self.folder == str(Path.cwd()) else self.folder
        at = [f"(in {where})"] if where else []
        return " ".join([*settings, shlex.join(self.command), *at])

    def to_json(self) -> dict[str, Any]:
        """As it is kept: what has its default is left out."""
        kept: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name not in ("name", "tools") and value:
                kept[field.name] = list(value) if field.name == "command" else value
        kept["tools"] = [tool.to_json() for tool in self.tools]
        return kept

    @classmethod
    def from_json(cls, name: str, given: Mapping[str, Any]) -> "McpServer":
        """What `to_json` gave."""
        known = {field.name for field in dataclasses.fields(cls)} - {"name"}
        facts = {key: value for key, value in given.items() if key in known}
        facts["command"] = tuple(facts.get("command", ()))
        facts["tools"] = tuple(Tool.from_json(tool) for tool in facts.get("tools", ()))
        return cls(name=name, **facts)


def _why_not(server: McpServer) -> str:
    if not _NAME.fullmatch(server.name):
        return "a name is small letters, digits and `_`, a letter first."
    if bool(server.command) == bool(server.url):
        return "give either the command that starts it or its URL."
    if not 0 < server.timeout < float("inf"):
        return f"timeout takes seconds above 0, not {server.timeout!r}."
    for name in [*server.env, *server.headers]:
        if _SECRET.search(name):
            return (
                f"{name!r} looks like a secret, and this is kept in a file. Add it as a"
                " credential, and give its name instead: credential=NAME for a URL,"
                f' credentials={{"{name}": NAME}} for a command.'
            )
    for name in filter(None, [server.credential, *server.credentials.values()]):
        if reason := why_no_name(name):
            return reason
    return _why_not_url(server.url) if server.url else ""


def why_not_said(command: tuple[str, ...]) -> str:
    """Why a command is not to be kept: one of its words is a secret, in all likelihood."""
    for word, after in itertools.zip_longest(command, command[1:], fillvalue=""):
        flag, has_value, value = word.partition("=")
        given = value if has_value else after
        if _SECRET_FLAG.fullmatch(flag) and _is_secret(given):
            return (
                f"{flag!r} looks like a secret, which everybody on this machine could"
                ' read. Give it as a variable: credentials={"VARIABLE": NAME}.'
            )
    return ""


def _is_secret(given: str) -> bool:
    """Whether a word may be one: no other flag, no number, no place."""
    is_other = given.startswith(("-", "/", ".", "~", "http:", "https:"))
    return len(given) >= 8 and not is_other and not given.isdigit()


def _why_not_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"{url!r} is no http:// or https:// address."
    if parts.username or parts.password:
        return "its URL holds a name or password; name a `credential` instead."
    for name, _ in urllib.parse.parse_qsl(parts.query):
        if _SECRET.search(name):
            return f"its URL holds {name!r}, a secret; name a `credential` instead."
    return ""


class McpSettings:
    """The MCP servers of one user, in one file; safe from any thread and process."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._writing = threading.RLock()

    def all(self) -> dict[str, McpServer]:
        """Every server, by name.

        Raises:
            McpError: the file is damaged, or of a later version.
        """
        try:
            given = json.loads(self.file.read_text(encoding="utf-8"))
            if given["format"] > FORMAT:
                raise McpError(
                    f"{self.file} was written by a later version of agentbench; update"
                    " this one, or move the file away."
                )
            servers = given["servers"].items()
            return {name: McpServer.from_json(name, facts) for name, facts in servers}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise McpError(
                f"{self.file} cannot be read ({error}). It holds how your MCP servers"
                " are reached: repair it, or move it away and add them again."
            ) from error

    def one(self, name: str) -> McpServer:
        """The server of that name.

        Raises:
            UnknownMcpServer: there is none.
        """
        servers = self.all()
        if name not in servers:
            raise UnknownMcpServer(name, servers)
        return servers[name]

    def put(self, server: McpServer) -> McpServer:
        """Keeps a server, in the place of one of that name."""
        with self._changing() as servers:
            servers[server.name] = server
        return server

    def change(self, name: str, change: Callable[[McpServer], McpServer]) -> McpServer:
        """Changes a server as it stands now, whoever changed it meanwhile."""
        with self._changing() as servers:
            if name not in servers:
                raise UnknownMcpServer(name, servers)
            servers[name] = change(servers[name])
            return servers[name]

    def remove(self, name: str) -> None:
        """Forgets a server.

        Raises:
            UnknownMcpServer: there is none.
        """
        with self._changing() as servers:
            if name not in servers:
                raise UnknownMcpServer(name, servers)
            del servers[name]

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, McpServer]]:
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._writing, _alone(self.file.with_suffix(".lock")):
            servers = self.all()
            yield servers
            kept = {name: server.to_json() for name, server in sorted(servers.items())}
            text = json.dumps({"format": FORMAT, "servers": kept}, indent=2)
            handle, place = tempfile.mkstemp(dir=self.file.parent, prefix="mcp-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text + "\n")
                Path(place).replace(self.file)
            except BaseException:
                Path(place).unlink(missing_ok=True)
                raise


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time, where the system knows such locks."""
    try:
        import fcntl
    except ImportError:  # Windows: the thread's lock and the rename have to do
        yield
        return
    with file.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
