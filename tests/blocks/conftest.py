"""What the tests of blocks use: a context, a way to fire a block, a web server."""

import asyncio
import dataclasses
import http.server
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.block import Block, Emission
from agentbench.domain.context import Context
from agentbench.domain.credential import Credential, Secret
from agentbench.domain.port import MISSING
from agentbench.domain.replay import LIVE_CALLS
from agentbench.network.outbound import HttpxOutbound
from agentbench.network.policy import looked_up
from agentbench.stores.notes import FileMemories, FileMemory
from tests.blocks.apis import Apis, Detour, speaking
from tests.network.audit import dialled

Fire = Callable[..., Awaitable[dict[str, list[Any]]]]


class OneCredential:
    """Credentials of which every name is the same key, for this machine only."""

    def get(self, name: str) -> Credential:
        if name.startswith("mail"):
            kind, user = "user_password", "ada@example.com"
        else:
            kind, user = "api_key", ""
        return Credential(
            name=name,
            kind=kind,
            hosts=("127.0.0.1", "localhost"),
            secret=Secret("the-secret-key"),
            user=user,
        )


CREDENTIALS: Any = OneCredential()


@dataclasses.dataclass
class LocalContext:
    """A context that looks for files in one folder and reaches one server."""

    folder: Path
    outbound: HttpxOutbound
    run_id: str = "run-1"
    node: str = "node"
    firing: int = 1
    lines: list[str] = dataclasses.field(default_factory=list)
    models: Any = None
    calls: Any = LIVE_CALLS
    answers: list[Any] = dataclasses.field(default_factory=list)
    further: tuple[Path, ...] = ()

    @property
    def workspace(self) -> Path:
        return self.folder

    @property
    def folders(self) -> tuple[Path, ...]:
        return (self.folder, *self.further)

    @property
    def memory(self) -> FileMemory:
        return FileMemories(self.folder / ".memory").of("agent")

    def refuse_off(self, block: str) -> None:
        """Nothing is switched off."""

    async def take(self, key: str, rate: Any, **more: Any) -> float:
        return 0.0

    async def ask(self, question: str, **terms: Any) -> Any:
        return self.answers.pop(0)

    async def credential(self, name: str) -> Credential:
        return CREDENTIALS.get(name)

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        self.lines.append(f"{done}/{total} {text}")

    def log(self, text: str) -> None:
        self.lines.append(text)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def once(self, step: str, make: Callable[[], Awaitable[Any]]) -> Any:
        return await make()

    def find_file(self, path: str) -> Path:
        found = self.folder / path
        if not found.is_file():
            raise FileNotFoundError(f"There is no file {path!r} in {self.folder}.")
        return found

    async def in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.to_thread(function, *args)


@pytest.fixture(autouse=True)
def checked() -> Iterator[set[str]]:
    """The addresses that the door has checked; T44: no block dials another one."""
    addresses: set[str] = set()
    with dialled() as seen:
        yield addresses
    assert set(seen) <= addresses


@pytest.fixture
def context(tmp_path: Path, checked: set[str]) -> Context:
    async def resolve(host: str, port: int) -> list[str]:
        found = await looked_up(host, port)
        checked.update(found)
        return found

    door = HttpxOutbound(["127.0.0.1"], credentials=CREDENTIALS, resolve=resolve)
    return LocalContext(tmp_path, door)


@pytest.fixture(scope="session")
def speaking_apis() -> Iterator[Apis]:
    with speaking() as apis:
        yield apis


@pytest.fixture
def apis(speaking_apis: Apis, context: Any) -> Apis:
    """A server that speaks the APIs of others; what blocks send there gets to it."""
    speaking_apis.asked.clear()
    speaking_apis.planned.clear()
    context.outbound = context.outbound.through(Detour(speaking_apis))
    return speaking_apis


@pytest.fixture
def fire(context: Context) -> Fire:
    """Fires a block as the engine does: checked inputs in, checked outputs out."""

    async def fire(block: Block, **constants: Any) -> dict[str, list[Any]]:
        outputs = {port.name: port for port in block.outputs(constants)}
        given: dict[str, list[Any]] = {}
        async for name, value in fired(block, constants, context):
            given.setdefault(name, []).append(outputs[name].check(value, "output"))
        return given

    return fire


def fired(
    block: Block, constants: dict[str, Any], context: Context
) -> AsyncIterator[Emission]:
    ports = {port.name: port for port in block.inputs(constants)}
    unknown = set(constants) - set(ports)
    assert not unknown, f"{block.id} has no input {unknown}"
    inputs = {}
    for name, port in ports.items():
        value = constants.get(name, port.default)
        assert value is not MISSING, f"{block.id} needs {name!r}"
        inputs[name] = port.check(value, "input") if name in constants else value
    return block.run(inputs, context)


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers with what the path asks for; `/echo` says what came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        sent = self.rfile.read(length).decode()
        path = self.path.partition("?")[0]
        status, kind, content = {
            "/json": (200, "application/json; charset=utf-8", b'{"ok": [1, 2]}'),
            "/text": (200, "text/plain; charset=latin-1", "né".encode("latin-1")),
            "/bytes": (200, "image/png", b"\x89PNG"),
            "/bad-json": (200, "application/json", b"<html>"),
            "/missing": (404, "text/html", b"<p>no such\n page</p>" + b"x" * 500),
        }.get(path, (200, "application/json", b""))
        if path == "/echo":
            facts = {"method": self.command, "path": self.path, "body": sent}
            content = json.dumps(facts | {"headers": dict(self.headers)}).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=served.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()
