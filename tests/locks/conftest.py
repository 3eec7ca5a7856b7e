"""A real server, ways to reach it, and locks on it that are closed at the end."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.lock import Locks
from agentbench.embedded.valkey import ValkeyServer
from tests.locks.gear import LEASE, PATIENCE, Open, make_locks
from tests.locks.history import History, history_in
from tests.locks.proxy import Proxy


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ValkeyServer(tmp_path_factory.mktemp("run")) as server:
        yield server.start()


@pytest.fixture
def admin(url: str) -> Iterator[Any]:
    """A client that looks at the server from the side."""
    import redis

    with redis.Redis.from_url(url, decode_responses=True) as client:
        yield client


@pytest.fixture
def proxy(url: str, tmp_path: Path) -> Iterator[Proxy]:
    with Proxy(url, path=tmp_path / "proxy.sock") as proxy:
        yield proxy


@pytest.fixture
def namespace() -> str:
    """One that no other test uses."""
    return uuid.uuid4().hex


@pytest.fixture
async def open_locks(
    request: pytest.FixtureRequest, namespace: str
) -> AsyncIterator[Open]:
    """Opens locks as one more kernel would; all of one test share a namespace."""
    opened: list[Locks] = []

    def open_locks(at: str = "", **options: Any) -> Locks:
        where = at or request.getfixturevalue("url")
        chosen = {"lease": LEASE, "namespace": namespace} | options
        if not where.startswith("sqlite"):
            chosen = {"patience": PATIENCE} | chosen
        opened.append(make_locks(where, **chosen))
        return opened[-1]

    yield open_locks
    for locks in opened:
        await locks.close()


@pytest.fixture(params=["redis", "sqlite"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a place that kernels share, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/locks.db"
    url: str = request.getfixturevalue("url")
    return url


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    """What holders write, judged at the end."""
    async with history_in(tmp_path) as history:
        yield history
