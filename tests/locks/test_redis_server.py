"""Faults of the server: it hangs, dies, forgets, or cannot be reached."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import LockBackendDown, LockLost, LockTimeout
from agentbench.domain.lock import Locks
from agentbench.embedded.valkey import ValkeyServer
from tests.locks.gear import (
    IS_SOAK,
    SHORT,
    Loss,
    Open,
    hold,
    queued,
    until_waiting,
    within,
)
from tests.locks.history import History
from tests.locks.proxy import Proxy
from tests.locks.server import Server


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server for one test, which may do to it what it likes."""
    with ValkeyServer(tmp_path) as server:
        yield server.start()


def server_of(admin: Any) -> int:
    return int(admin.info("server")["process_id"])


def kinds(admin: Any) -> set[str]:
    """What the server keeps of any namespace."""
    return {name.split(":")[1] for name in admin.scan_iter()}


async def visit(locks: Locks, history: History) -> None:
    """Takes the lock once, and writes."""
    with history.asking():
        lease = await locks.acquire("key", owner="visitor", timeout=60)
        await history.visit(lease)
        await lease.release()


class TestServer:
    async def test_t02_a_killed_server_that_comes_back_with_its_data(
        self, tmp_path: Path, open_locks: Open, history: History
    ) -> None:
        lasts = 1.2 * SHORT
        with Server(tmp_path, keeps=True) as server:
            ours, theirs = (open_locks(server.url, lease=lasts) for _ in range(2))
            lease = await ours.acquire("key", owner="holder")
            loss = Loss(lease)
            assert await history.write(lease, "enters")
            async with asyncio.TaskGroup() as group:
                for _ in range(5):
                    group.create_task(visit(theirs, history))
                await until_waiting(ours, 5)
                server.kill()
                await asyncio.sleep(1)
                await asyncio.to_thread(server.start)
                await asyncio.sleep(lasts)
                if lease.is_valid:
                    await history.write(lease, "leaves")
                else:
                    assert await loss.told()
                await lease.release()
            history.check(visits=5)
            assert history.outcomes == {"granted": 5}

    @pytest.mark.parametrize("fault", ["stopped", "paused"])
    async def test_t04_a_server_that_hangs_loses_the_lease_in_time(
        self, fault: str, tmp_path: Path, open_locks: Open, history: History
    ) -> None:
        with Server(tmp_path) as server, server.admin() as admin:
            ours, theirs = open_locks(server.url, lease=SHORT), open_locks(server.url)
            with pytest.raises(LockLost, match="does not answer"):  # noqa: PT012
                async with hold(ours) as lease:
                    loss = Loss(lease)
                    assert await history.write(lease, "enters")
                    task = asyncio.create_task(visit(theirs, history))
                    await until_waiting(ours, 1)
                    hung = time.monotonic()
                    if fault == "stopped":
                        server.freeze()
                    else:
                        admin.client_pause(round(2 * SHORT * 1000))
                    await asyncio.sleep(60)  # it is cut off here
            assert loss.at - hung < 20
            if fault == "stopped":
                await asyncio.sleep(2 * SHORT - (time.monotonic() - hung))
                server.thaw()
            await asyncio.wait_for(task, 60)
            assert not await history.write(lease, "leaves")
            history.check(visits=1)
            assert await within(lambda: kinds(admin) <= {"fence", "memory"})

    async def test_t03_a_server_that_forgets_takes_no_lock_away(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours, theirs = (open_locks(lease=2 * SHORT) for _ in range(2))
        await (await theirs.acquire("key", owner="before")).release()
        lease = await ours.acquire("key", owner="holder")
        os.kill(server_of(admin), signal.SIGKILL)
        with pytest.raises(LockTimeout):
            await theirs.acquire("key", owner="next", timeout=SHORT)
        assert lease.is_valid
        assert await theirs.holder("key") == "holder"
        await lease.release()
        after = await theirs.acquire("key", owner="next", timeout=60)
        assert after.fence > lease.fence

    async def test_t03_a_server_that_forgets_lets_nobody_in_for_a_lease(
        self, proxy: Proxy, open_locks: Open, admin: Any, history: History
    ) -> None:
        ours, theirs = (open_locks(at, lease=SHORT) for at in (proxy.url, ""))
        await (await theirs.acquire("another", owner="before")).release()
        lease = await ours.acquire("key", owner="out of reach")
        loss = Loss(lease)
        assert await history.write(lease, "enters")
        proxy.freeze()
        killed = time.monotonic()
        os.kill(server_of(admin), signal.SIGKILL)
        with pytest.raises(LockTimeout, match="before the lock server was restarted"):
            await theirs.acquire("key", owner="next", timeout=0.3)
        after = await theirs.acquire("key", owner="next", timeout=60)
        assert time.monotonic() - killed > SHORT
        proxy.thaw()
        assert 0 < loss.at < time.monotonic()
        assert after.fence > lease.fence
        await history.visit(after)
        assert not await history.write(lease, "leaves")

    async def test_t03_what_a_newcomer_overtakes_the_store_refuses(
        self, proxy: Proxy, open_locks: Open, admin: Any, history: History
    ) -> None:
        # It does not know that the server has forgotten, so nothing holds it up.
        ours, newcomer = open_locks(proxy.url), open_locks()
        lease = await ours.acquire("key", owner="out of reach")
        assert await history.write(lease, "enters")
        proxy.freeze()
        os.kill(server_of(admin), signal.SIGKILL)
        above = history.high_water
        after = await newcomer.acquire("key", owner="next", above=above)
        await history.visit(after)
        assert not await history.write(lease, "leaves")
        assert history.refused == 1
        proxy.thaw()

    async def test_waiters_outlive_a_restart(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours, theirs = (open_locks(lease=SHORT) for _ in range(2))
        lease = await ours.acquire("key", owner="holder")
        async with queued(theirs, "waiter") as task:
            os.kill(server_of(admin), signal.SIGKILL)
            await asyncio.sleep(0.6)
            await lease.release()
            assert (await asyncio.wait_for(task, 60)).fence > lease.fence

    async def test_t11_a_fence_never_falls(
        self, tmp_path: Path, open_locks: Open
    ) -> None:
        fences = []
        with Server(tmp_path) as server, server.admin() as admin:
            for turn in range(10):
                ours = open_locks(server.url, lease=30)
                for _ in range(1000 if IS_SOAK else 50):
                    lease = await ours.acquire("key", owner="holder")
                    fences.append(lease.fence)
                    await lease.release()
                await ours.close()
                if turn % 2:
                    admin.flushall()
                else:  # a failover, to one that knows nothing
                    server.kill()
                    await asyncio.to_thread(server.start)
        assert fences == sorted(set(fences))
        assert len(fences) == (10_000 if IS_SOAK else 500)

    async def test_lost_scripts_are_given_again(
        self, open_locks: Open, admin: Any
    ) -> None:
        ours = open_locks(lease=2 * SHORT)
        lease = await ours.acquire("key", owner="holder")
        admin.script_flush()
        await asyncio.sleep(SHORT)  # through a renewal
        assert lease.is_valid
        await lease.release()
        assert await ours.holder("key") == ""

    async def test_a_jump_of_the_clock_keeps_no_dead_holder(
        self, open_locks: Open, admin: Any, namespace: str
    ) -> None:
        ours = open_locks()
        await (await ours.acquire("key", owner="before")).release()
        # What the hash looks like when its holder died before the clock was set back.
        dead = f"{'0' * 32}:1:{round(SHORT * 1000)}:dead"
        admin.hset(
            f"{namespace}:lock:key", mapping={"entry": dead, "fence": 1, "since": 1}
        )
        admin.pexpire(f"{namespace}:lock:key", 3_600_000)
        assert (await ours.acquire("key", owner="next", timeout=60)).is_valid

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
