"""A process of its own that takes a lock: `python -m tests.locks.contender URL …`.

For each turn it prints `<fence> <begin> <end>` in nanoseconds of the machine's clock.
`hold` in place of a number of turns: it prints the fence, and holds until it is killed;
should it lose the lock, it prints why.
"""

import asyncio
import sys
import time

from agentbench.locks.redis import RedisLocks


async def contend(url: str, namespace: str, key: str, lease: str, turns: str) -> None:
    """Takes the lock for so many turns, or holds it for good."""
    locks = RedisLocks(url, lease=float(lease), namespace=namespace)
    for _ in range(1 if turns == "hold" else int(turns)):
        held = await locks.acquire(key, owner="a process of its own")
        begin = time.monotonic_ns()
        if turns == "hold":
            held.on_loss(lambda reason: print("lost:", reason, flush=True))
            print(held.fence, flush=True)
            await asyncio.sleep(3600)
        await asyncio.sleep(0.002)
        assert held.is_valid
        print(held.fence, begin, time.monotonic_ns(), flush=True)
        await held.release()
    await locks.close()


if __name__ == "__main__":
    asyncio.run(contend(*sys.argv[1:]))
