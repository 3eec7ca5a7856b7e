"""What is special about locks within one process."""

import asyncio
import time

from agentbench.locks.local import LocalLocks


async def test_two_of_them_know_nothing_of_each_other() -> None:
    one, another = LocalLocks(), LocalLocks()
    await one.acquire("key", owner="holder")
    assert (await another.acquire("key", owner="holder", timeout=0)).is_valid


async def test_nothing_is_kept_of_a_key_but_its_fence() -> None:
    locks = LocalLocks()
    for fence in (1, 2, 3):
        lease = await locks.acquire("key", owner="holder")
        assert lease.fence == fence
        await lease.release()


async def test_a_thousand_waiters_are_no_burden() -> None:
    locks, order = LocalLocks(), []

    async def visit(number: int) -> None:
        lease = await locks.acquire("key", owner=str(number))
        order.append(number)
        await lease.release()

    began = time.process_time()
    async with asyncio.TaskGroup() as group:
        for number in range(1000):
            group.create_task(visit(number))
    assert order == list(range(1000))
    assert time.process_time() - began < 2
