"""Another process that wants the lock: `python -m tests.benchmarks.contender URL`.

Reads what to do, a line at a time: `take KEY` takes the lock, says at which nanosecond
it had it, and gives it back; `crowd KEY TASKS TURNS` says how long each turn waited.
"""

import asyncio
import sys
import time

from agentbench.locks.redis import RedisLocks
from tests.benchmarks.locks import crowd, ours_of


async def contend(url: str) -> None:
    """Does what it is asked until nobody asks any more."""
    locks = RedisLocks(url)
    while line := await asyncio.to_thread(sys.stdin.readline):
        match line.split():
            case ["take", key]:
                lease = await locks.acquire(key, owner="other", timeout=None)
                print(time.monotonic_ns(), flush=True)
                await lease.release()
            case ["crowd", key, tasks, turns]:
                waited = await crowd(ours_of(locks), key, int(tasks), int(turns))
                print(*waited, flush=True)
    await locks.close()


if __name__ == "__main__":
    asyncio.run(contend(sys.argv[1]))
