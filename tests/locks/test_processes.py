"""Many processes at once, and their deaths, over each place that kernels can share."""

import asyncio
import contextlib
import ctypes
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from agentbench.domain.errors import LockLost
from agentbench.domain.lock import Locks
from tests.locks.gear import (
    IS_SOAK,
    SHORT,
    Open,
    hold,
    process,
    queued,
    said,
    until_waiting,
)
from tests.locks.history import History

PROCESSES = 10
TASKS = 100 if IS_SOAK else 10
CONNECTING = 30
"""Commands, at most, by which a process connects and leaves, however few its turns."""


@pytest.mark.timeout(1200 if IS_SOAK else 240)
async def test_t01_mutual_exclusion_under_load(
    request: pytest.FixtureRequest, shared: str, namespace: str, tmp_path: Path
) -> None:
    history = History.begin(tmp_path)
    admin: Any = request.getfixturevalue("admin") if "unix" in shared else None
    before = _commands(admin)
    with contextlib.ExitStack() as stack:
        contenders = [
            stack.enter_context(
                process(
                    shared,
                    namespace,
                    tasks=TASKS,
                    store=history.url,
                    lease=30,
                )
            )
            for _ in range(PROCESSES)
        ]
        outputs = await asyncio.gather(
            *(asyncio.to_thread(ran.communicate) for ran in contenders)
        )
    sent = _commands(admin) - before - PROCESSES * CONNECTING
    price = sent / (PROCESSES * TASKS)
    assert len(history.check(visits=PROCESSES * TASKS)) == PROCESSES * TASKS
    for output, _ in outputs:  # in the order in which they asked
        turns = [tuple(map(int, line.split())) for line in output.splitlines()]
        assert [task for task, _ in turns] == list(range(TASKS))
        fences = [fence for _, fence in turns]
        assert fences == sorted(set(fences))
    assert price < 15
    if IS_SOAK:
        print(f"T01: {PROCESSES * TASKS} turns, {price:.1f} commands each")
    history.store.close()


def _commands(admin: Any) -> int:
    return int(admin.info("stats")["total_commands_processed"]) if admin else 0


class TestDeath:
    async def test_t12_a_killed_holder_is_followed_after_its_lease(
        self, shared: str, namespace: str, open_locks: Open
    ) -> None:
        ours = open_locks(shared)
        with process(shared, namespace, lease=SHORT) as holder:
            fence = int(await asyncio.to_thread(said, holder))
            async with queued(ours, "next") as task:
                killed = time.monotonic()
                holder.kill()
                lease = await asyncio.wait_for(task, 60)
        assert time.monotonic() - killed > SHORT / 3
        assert lease.fence > fence

    async def test_t12_a_killed_waiter_is_passed_over(
        self, shared: str, namespace: str, open_locks: Open
    ) -> None:
        ours = open_locks(shared)
        lease = await ours.acquire("key", owner="holder")
        with process(shared, namespace, tasks=1, lease=SHORT) as waiter:
            await until_waiting(ours, 1)
            async with queued(ours, "behind it") as task:
                waiter.kill()
                waiter.wait()
                await lease.release()
                assert (await asyncio.wait_for(task, 60)).is_valid

    async def test_a_frozen_holder_learns_of_its_loss_when_it_wakes(
        self, shared: str, namespace: str, open_locks: Open
    ) -> None:
        ours = open_locks(shared)
        with process(shared, namespace, lease=SHORT) as holder:
            fence = int(await asyncio.to_thread(said, holder))
            holder.send_signal(signal.SIGSTOP)
            lease = await ours.acquire("key", owner="next", timeout=60)
            holder.send_signal(signal.SIGCONT)
            assert "lost" in await asyncio.to_thread(said, holder)
        assert lease.fence > fence
        assert lease.is_valid


async def test_t09_a_process_that_stands_still_for_too_long_is_cut_off(
    shared: str,
    namespace: str,
    open_locks: Open,
    history: History,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ours = open_locks(shared, lease=SHORT)
    with process(shared, namespace, tasks=1, store=history.url) as other:
        with pytest.raises(LockLost) as caught:  # noqa: PT012
            async with hold(ours) as lease:
                assert await history.write(lease, "enters")
                await until_waiting(ours, 1)
                name = asyncio.current_task().get_name()  # type: ignore[union-attr]
                stand_still(1.5 * SHORT)
                await asyncio.sleep(60)  # the first await after it
        await asyncio.to_thread(other.communicate)
    # Whoever sees it first says so: the holder's own clock, its renewal, or the store.
    said_so = ("stood still for too long", "had it", "taken away")
    assert any(words in caught.value.reason for words in said_so)
    assert f"'key' was lost: {caught.value.reason}" in caplog.text
    if "stood still" in caught.value.reason:
        assert name in caught.value.reason
    assert not await history.write(lease, "leaves")
    history.check(visits=1)


def stand_still(seconds: float) -> None:
    """Holds up every thread of this process, as a library does that keeps the GIL."""
    ctypes.PyDLL(None).usleep(round(seconds * 1e6))


async def test_t13_many_loops_threads_and_plain_code_share_the_locks(
    shared: str, open_locks: Open, history: History
) -> None:
    ours, theirs = open_locks(shared, lease=30), open_locks(shared, lease=30)

    async def in_a_loop(locks: Locks) -> None:
        for _ in range(5):
            async with hold(locks) as lease:
                await history.visit(lease)

    def in_plain_code(locks: Locks) -> None:
        for _ in range(5):
            with hold(locks) as lease:
                asyncio.run(history.visit(lease))

    threads = [
        threading.Thread(target=lambda locks=locks: asyncio.run(in_a_loop(locks)))
        for locks in (ours, theirs, ours)
    ]
    threads += [
        threading.Thread(target=in_plain_code, args=[locks]) for locks in (ours, theirs)
    ]
    for thread in threads:
        thread.start()
    await in_a_loop(theirs)
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert len(history.check()) == 30


async def test_t14_a_crowd_outlives_the_loss_of_its_scripts(
    open_locks: Open, admin: Any
) -> None:
    ours, served, lease = open_locks(), 0, 6.0  # a busy machine may renew it late
    keeping = open_locks(lease=lease)
    kept = await keeping.acquire("another key", owner="is renewed meanwhile")
    is_over = asyncio.Event()

    async def visit(number: int) -> None:
        nonlocal served
        lease = await ours.acquire("key", owner=str(number), timeout=60)
        served += 1
        await lease.release()

    async def flush() -> None:
        while not is_over.is_set():
            await asyncio.to_thread(admin.script_flush)
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as group:
        group.create_task(flush())
        async with asyncio.TaskGroup() as crowd:
            for number in range(500):
                crowd.create_task(visit(number))
        await asyncio.sleep(lease / 2)  # through renewals without a script
        is_over.set()
    assert served == 500
    assert kept.is_valid
