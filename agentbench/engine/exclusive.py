"""Exclusive: firings that share a key run one at a time, in all kernels together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from agentbench.engine.gear import Gear


@contextlib.asynccontextmanager
async def alone(
    gear: Gear, key: str, fail: Callable[[BaseException], None]
) -> AsyncIterator[list[str] | None]:
    """Holds a key for the task that runs now; gives the list in which a loss is noted.

    The task is cancelled when the key is lost. Gives None where it cannot be had; `fail`
    is told why.
    """
    try:
        locks = await gear.loop.in_thread(gear.locks)
        lease = await locks.acquire(f"key:{key}", owner=gear.owner, timeout=None)
    except Exception as error:  # noqa: BLE001 - a lock that cannot be had fails the firing
        fail(error)
        yield None
        return
    lost: list[str] = []
    task, is_held = asyncio.current_task(), True

    def lose(reason: str) -> None:
        if is_held and task is not None:  # later, another firing may have the task
            lost.append(reason)
            task.cancel()

    lease.on_loss(lambda reason: gear.loop.call_soon(lose, reason))
    try:
        yield lost
    finally:
        is_held = False
        await lease.release()
