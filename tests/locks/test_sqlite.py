"""T15: what holds of a server holds of a file; here what is special about the file.

The rest of the catalogue is run over both kinds: `shared` in test_processes.py and
test_clock.py, and the conformance suite.
"""

import asyncio
import contextlib
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import (
    BackendError,
    LockBackendDown,
    LockLost,
    LockTimeout,
)
from agentbench.locks.base import clock
from agentbench.locks.sqlite import SqliteLocks
from tests.locks.gear import SHORT, Loss, Open, hold, process, queued, said
from tests.locks.history import History


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "locks.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@contextlib.contextmanager
def looking_into(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection from the side."""
    with contextlib.closing(
        sqlite3.connect(file, timeout=20, isolation_level=None)
    ) as c:
        yield c


def count(file: Path, table: str) -> int:
    with looking_into(file) as connection:
        (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(number)


async def test_t15_a_file_that_is_busy_loses_the_lease_in_time(
    file: Path, open_locks: Open, history: History
) -> None:
    ours, theirs = open_locks(lease=SHORT), open_locks()
    with pytest.raises(LockLost, match="cannot be used"):  # noqa: PT012
        async with hold(ours) as lease:
            assert await history.write(lease, "enters")
            loss, blocked = Loss(lease), time.monotonic()
            with looking_into(file) as other:
                other.execute("BEGIN IMMEDIATE")
                await asyncio.sleep(60)  # it is cut off here
    assert loss.at - blocked < 20
    after = await theirs.acquire("key", owner="next", timeout=60)
    await history.visit(after)
    assert not await history.write(lease, "leaves")


async def test_t15_a_file_that_is_taken_away_takes_the_lease_along(
    file: Path, open_locks: Open, history: History
) -> None:
    ours, theirs = open_locks(lease=SHORT), open_locks()
    lease = await ours.acquire("key", owner="holder")
    loss = Loss(lease)
    assert await history.write(lease, "enters")
    for part in file.parent.iterdir():
        part.unlink()
    assert await loss.told()
    after = await theirs.acquire("key", owner="next", timeout=60)
    await history.visit(after)
    assert after.fence > lease.fence
    assert not await history.write(lease, "leaves")


async def test_t15_a_machine_started_anew_finds_nobody_of_before(
    file: Path, open_locks: Open
) -> None:
    before = open_locks()
    lease = await before.acquire("key", owner="before")
    await before.close()
    with looking_into(file) as other:  # as if that clock had stood much higher
        later = clock() + 1e6
        other.execute("UPDATE moment SET seen = ?", (later,))
        other.execute("UPDATE clients SET until = ?", (later + SHORT,))
    after = await open_locks().acquire("key", owner="after", timeout=60)
    assert after.fence > lease.fence


@pytest.mark.timeout(180)
async def test_t15_kills_at_any_moment_break_nothing(
    url: str, namespace: str, open_locks: Open, history: History
) -> None:
    with contextlib.ExitStack() as stack:
        contenders = [
            stack.enter_context(
                process(url, namespace, tasks=30, store=history.url, lease=SHORT)
            )
            for _ in range(4)
        ]
        for number, victim in enumerate(contenders[:3]):
            for _ in range(3 + number):
                await asyncio.to_thread(said, victim)
            victim.kill()
        output, _ = await asyncio.to_thread(contenders[3].communicate)
    assert len(output.splitlines()) == 30
    history.check(visits=30)
    ours = open_locks()
    last = await ours.acquire("key", owner="last", timeout=60)
    await history.visit(last)


async def test_t15_nothing_remains_but_fences(file: Path, open_locks: Open) -> None:
    ours, theirs = open_locks(), open_locks()
    async with hold(ours):
        with pytest.raises(LockTimeout):
            await theirs.acquire("key", owner="waits", timeout=0.1)
    await theirs.close()
    stop = await ours.listen("key", lambda word: None)
    assert await ours.call_holder("key", "stop")
    stop()
    await ours.close()
    for table in ("places", "listeners", "clients"):
        assert count(file, table) == 0, table
    assert count(file, "fences") == 1


async def test_who_waits_writes_nothing(file: Path, open_locks: Open) -> None:
    ours, theirs = open_locks(lease=60), open_locks(lease=60)
    await ours.acquire("key", owner="holder")
    async with queued(theirs, "waiter"):
        with looking_into(file) as other:
            (before,) = other.execute("PRAGMA data_version").fetchone()
            await asyncio.sleep(0.5)
            (after,) = other.execute("PRAGMA data_version").fetchone()
    assert after == before


def test_the_file_is_the_user_s_alone(file: Path, url: str) -> None:
    locks = SqliteLocks(url)
    assert asyncio.run(locks.holder("key")) == ""
    asyncio.run(locks.close())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_file_that_cannot_be_made_is_said_soon(
    tmp_path: Path, open_locks: Open
) -> None:
    (tmp_path / "file").write_text("no folder")
    ours = open_locks(f"sqlite:///{tmp_path}/file/locks.db")
    with pytest.raises(LockBackendDown, match=r"file/locks\.db cannot be reached"):
        await ours.acquire("key", owner="holder")


def test_an_address_that_names_no_file_is_refused() -> None:
    with pytest.raises(BackendError, match="no address of locks"):
        SqliteLocks("sqlite:locks.db")


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_fork_must_open_its_own(open_locks: Open) -> None:
    ours = open_locks()
    await (await ours.acquire("key", owner="parent")).release()
    child = os.fork()
    if child == 0:
        try:
            ours.acquire("key", owner="child").send(None)
        except LockBackendDown:
            os._exit(7)
        os._exit(1)
    _, status = await asyncio.to_thread(os.waitpid, child, 0)
    assert os.waitstatus_to_exitcode(status) == 7
