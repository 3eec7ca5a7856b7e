"""What the tests of locks are made of."""

import asyncio
import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from agentbench.domain.lock import Lease, Locks
from agentbench.locks.redis import RedisLocks

ROOT = Path(__file__).parent.parent.parent

LEASE = 1.2
"""Seconds; short, so that a test can outlast it."""

Open = Callable[..., RedisLocks]


@contextlib.contextmanager
def process(url: str, namespace: str, turns: str) -> Iterator["subprocess.Popen[str]"]:
    """Another kernel, that takes the lock "key"."""
    words = [url, namespace, "key", str(LEASE), turns]
    command = [sys.executable, "-m", "tests.locks.contender", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as ran:
        try:
            yield ran
        finally:
            ran.kill()


def said(ran: "subprocess.Popen[str]") -> str:
    """The next line that a process prints."""
    assert ran.stdout
    return ran.stdout.readline().strip()


@contextlib.asynccontextmanager
async def queued(locks: Locks, owner: str) -> AsyncIterator["asyncio.Task[Lease]"]:
    """Somebody in the queue for "key"."""
    task = asyncio.create_task(locks.acquire("key", owner=owner))
    await asyncio.sleep(0.1)
    assert not task.done()
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


class Loss:
    """Listens for the loss of a lease."""

    def __init__(self, lease: Lease) -> None:
        self.at, self.reason = 0.0, ""
        self._told = threading.Event()
        lease.on_loss(self._hear)

    def _hear(self, reason: str) -> None:
        self.at, self.reason = time.monotonic(), reason
        self._told.set()

    async def told(self) -> bool:
        """Waits until the holder has been told."""
        return await asyncio.to_thread(self._told.wait, 5)
