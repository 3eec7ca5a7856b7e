"""Faults of the server: it hangs, dies, forgets, or cannot be reached."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import LockBackendDown, LockTimeout
from agentbench.embedded.valkey import ValkeyServer
from tests.locks.gear import LEASE, Loss, Open, queued
from tests.locks.proxy import Proxy


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server for one test, which may do to it what it likes."""
    with ValkeyServer(tmp_path) as server:
        yield server.start()


def server_of(admin: Any) -> int:
    return int(admin.info("server")["process_id"])


class TestServer:
    async def test_a_server_that_hangs_loses_the_lease_in_time(
        self, open_locks: Open, admin: Any
    ) -> None:
        lease = await open_locks().acquire("key", owner="holder")
        loss = Loss(lease)
        stopped, server = time.monotonic(), server_of(admin)
        os.kill(server, signal.SIGSTOP)
        try:
            assert await loss.told()
        finally:
            os.kill(server, signal.SIGCONT)
        assert loss.at - stopped < LEASE
        assert "does not answer" in loss.reason
        assert not lease.is_valid
        assert (await open_locks().acquire("key", owner="next", timeout=2)).is_valid

    async def test_a_server_that_forgets_takes_no_lock_away(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours, theirs = open_locks(), open_locks()
        await (await theirs.acquire("key", owner="before")).release()
        lease = await ours.acquire("key", owner="holder")
        os.kill(server_of(admin), signal.SIGKILL)
        with pytest.raises(LockTimeout):
            await theirs.acquire("key", owner="next", timeout=1.5 * LEASE)
        assert lease.is_valid
        assert await theirs.holder("key") == "holder"
        await lease.release()
        after = await theirs.acquire("key", owner="next", timeout=2)
        assert after.fence > lease.fence

    async def test_a_server_that_forgets_lets_nobody_in_for_a_lease(
        self, proxy: Proxy, open_locks: Open, admin: Any
    ) -> None:
        ours, theirs = open_locks(proxy.url), open_locks()
        await (await theirs.acquire("another", owner="before")).release()
        lease = await ours.acquire("key", owner="out of reach")
        loss = Loss(lease)
        proxy.freeze()
        os.kill(server_of(admin), signal.SIGKILL)
        with pytest.raises(LockTimeout, match="before the lock server was restarted"):
            await theirs.acquire("key", owner="next", timeout=0.3)
        after = await theirs.acquire("key", owner="next", timeout=2 * LEASE)
        proxy.thaw()
        assert 0 < loss.at < time.monotonic()
        assert after.fence > lease.fence

    async def test_waiters_outlive_a_restart(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours, theirs = open_locks(), open_locks()
        lease = await ours.acquire("key", owner="holder")
        async with queued(theirs, "waiter") as task:
            os.kill(server_of(admin), signal.SIGKILL)
            await asyncio.sleep(LEASE / 2)
            await lease.release()
            assert (await asyncio.wait_for(task, 2 * LEASE)).fence > lease.fence

    async def test_a_fence_never_falls_when_all_is_flushed(
        self, open_locks: Open, admin: Any
    ) -> None:
        fences = []
        for _ in range(4):
            lease = await open_locks().acquire("key", owner="holder")
            fences.append(lease.fence)
            await lease.release()
            admin.flushall()
        assert fences == sorted(set(fences))

    async def test_lost_scripts_are_given_again(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours = open_locks()
        lease = await ours.acquire("key", owner="holder")
        for _ in range(2):
            admin.script_flush()
            await asyncio.sleep(LEASE / 2)
        assert lease.is_valid
        await lease.release()
        assert await ours.holder("key") == ""

    async def test_a_jump_of_the_clock_keeps_no_dead_holder(
        self, open_locks: Open, admin: Any, namespace: str
    ) -> None:
        ours = open_locks()
        await (await ours.acquire("key", owner="before")).release()
        # What the hash looks like when its holder died before the clock was set back.
        dead = f"{'0' * 32}:1:{round(LEASE * 1000)}:dead"
        admin.hset(
            f"{namespace}:lock:key", mapping={"entry": dead, "fence": 1, "since": 1}
        )
        admin.pexpire(f"{namespace}:lock:key", 3_600_000)
        assert (await ours.acquire("key", owner="next", timeout=LEASE + 1)).is_valid

    async def test_no_server_is_said_soon(
        self, tmp_path: Path, open_locks: Open
    ) -> None:
        ours = open_locks(f"unix://{tmp_path}/nothing.sock", patience=0.3)
        with pytest.raises(LockBackendDown, match=r"nothing\.sock"):
            await ours.acquire("key", owner="holder")
        with pytest.raises(LockBackendDown, match="cannot be reached"):
            await ours.holder("key")


class TestSecrecy:
    async def test_a_password_is_shown_nowhere(
        self, url: str, admin: Any, open_locks: Open
    ) -> None:
        admin.config_set("requirepass", "hunter2")
        path = url.removeprefix("unix://")
        right = open_locks(f"unix://:hunter2@{path}")
        assert (await right.acquire("key", owner="holder")).is_valid
        wrong = open_locks(f"unix://ann:hunter3@{path}?db=0&password=hunter4")
        with pytest.raises(LockBackendDown) as caught:
            await wrong.acquire("key", owner="holder")
        shown = f"{right.url} {wrong.url} {caught.value!r} {caught.value.__cause__!r}"
        assert "hunter" not in shown
        assert wrong.url == f"unix://ann@{path}?db=0"
