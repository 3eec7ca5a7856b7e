"""Wall clocks that jump: the server's, and a kernel's."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.locks.clock import Clock
from tests.locks.gear import (
    SHORT,
    Loss,
    Open,
    process,
    queued,
    said,
    until_waiting,
    within,
)
from tests.locks.history import History
from tests.locks.server import Server

HOUR = 3600

pytestmark = pytest.mark.skipif(bool(Clock.missing()), reason=Clock.missing())


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


def outstaying(admin: Any) -> list[str]:
    """What is kept of "key" that lives for longer than two leases; its fence may."""
    most = 2 * SHORT * 1000
    names = [n for n in admin.scan_iter() if n.endswith(":key") and ":fence:" not in n]
    return [name for name in names if not 0 < admin.pttl(name) <= most]


@pytest.mark.parametrize("hours", [1, -1])
async def test_t10_a_jump_of_the_server_s_clock_breaks_nothing(
    tmp_path: Path, clock: Clock, open_locks: Open, history: History, hours: int
) -> None:
    with Server(tmp_path, environment=clock.environment) as server:
        ours, theirs = (open_locks(server.url, lease=SHORT) for _ in range(2))
        lease = await ours.acquire("key", owner="holder")
        loss = Loss(lease)
        assert await history.write(lease, "enters")
        async with queued(theirs, "waiter") as task:
            clock.move(hours * HOUR)
            await asyncio.sleep(1.2 * SHORT)
            if await history.write(lease, "leaves"):
                await lease.release()
            else:  # it ran out at once on the server, and the waiter was let in
                assert await loss.told()
            following = await asyncio.wait_for(task, 60)
        await history.visit(following)
        assert following.fence > lease.fence
        await following.release()
        again = await ours.acquire("key", owner="again", timeout=60)
        assert again.fence > following.fence


async def test_t10_no_key_of_the_dead_outstays_a_clock_that_is_set_back(
    tmp_path: Path, clock: Clock, open_locks: Open, namespace: str
) -> None:
    server = Server(tmp_path, environment=clock.environment)
    with server, server.admin() as admin:
        theirs = open_locks(server.url, lease=SHORT)
        # Whoever holds some lease is the janitor.
        keeping = open_locks(server.url, lease=3 * SHORT)
        janitor = await keeping.acquire("another key", owner="janitor")
        with process(server.url, namespace, lease=SHORT) as holder:
            await asyncio.to_thread(said, holder)
            with process(server.url, namespace, tasks=1, lease=SHORT) as waiter:
                await until_waiting(theirs, 1)
                for dies in (holder, waiter):
                    dies.kill()
                    dies.wait()
        clock.move(-HOUR)
        assert outstaying(admin)
        assert await within(lambda: not outstaying(admin))
        assert await within(lambda: not admin.exists(f"{namespace}:queue:key"))
        assert (await theirs.acquire("key", owner="next", timeout=60)).is_valid
        assert janitor.is_valid


async def test_t10_a_restart_before_the_jump_shuts_nobody_out_for_an_hour(
    tmp_path: Path, clock: Clock, open_locks: Open
) -> None:
    with Server(tmp_path, environment=clock.environment) as server:
        ours = open_locks(server.url, lease=SHORT)
        await (await ours.acquire("key", owner="before")).release()
        server.kill()
        await asyncio.to_thread(server.start)
        async with queued(ours, "has to wait for a lease"):
            clock.move(-HOUR)
        assert (await ours.acquire("key", owner="after", timeout=60)).is_valid


@pytest.mark.parametrize("hours", [1, -1])
async def test_t10_a_jump_of_a_kernel_s_clock_breaks_nothing(
    shared: str,
    namespace: str,
    clock: Clock,
    open_locks: Open,
    history: History,
    hours: int,
) -> None:
    ours = open_locks(shared)
    first = await ours.acquire("key", owner="first")
    assert await history.write(first, "enters")
    contender = process(
        shared,
        namespace,
        tasks=5,
        store=history.url,
        environment=clock.environment,
    )
    with contender as theirs:
        await until_waiting(ours, 5)
        clock.move(hours * HOUR)
        assert await history.write(first, "leaves")
        await first.release()
        output, _ = await asyncio.to_thread(theirs.communicate)
    assert len(output.splitlines()) == 5
    last = await ours.acquire("key", owner="last", timeout=60)
    await history.visit(last)
    history.check(visits=7)
