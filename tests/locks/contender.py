"""A process of its own that takes the lock "key": `python -m tests.locks.contender JSON`.

The JSON is an object: `url`, `namespace`, `lease`, and `tasks` that take it once each,
in order, `store` being the history that they write to. Each prints `<task> <fence>`.
With `tasks` 0 it prints the fence, and holds until it is killed; should it lose the
lock, it prints why.
"""

import asyncio
import contextlib
import json
import sys

from agentbench.domain.lock import Locks
from tests.locks.gear import make_locks
from tests.locks.history import History


async def contend(
    *, url: str, namespace: str, lease: float, tasks: int, store: str
) -> None:
    """Takes the lock so many times, or holds it for good."""
    locks = make_locks(url, lease=lease, namespace=namespace)
    if not tasks:
        held = await locks.acquire("key", owner="a process of its own")
        held.on_loss(lambda reason: print("lost:", reason, flush=True))
        print(held.fence, flush=True)
        await asyncio.sleep(3600)
    history = History(store) if store else None
    async with asyncio.TaskGroup() as group:
        for number in range(tasks):
            group.create_task(visit(locks, history, number))
    await locks.close()


async def visit(locks: Locks, history: History | None, number: int) -> None:
    """One turn of one task."""
    held = await locks.acquire("key", owner=f"task {number}", timeout=300)
    with contextlib.suppress(BrokenPipeError):
        print(number, held.fence, flush=True)
    if history:
        await history.visit(held)
    assert held.is_valid
    await held.release()


if __name__ == "__main__":
    asyncio.run(contend(**json.loads(sys.argv[1])))
