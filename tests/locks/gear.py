"""What the tests of locks are made of."""

import asyncio
import contextlib
import importlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from agentbench.domain.errors import LockTimeout
from agentbench.domain.lock import Lease, Locks
from agentbench.engine.loop import EngineLoop
from agentbench.locks import BACKENDS
from agentbench.workbench.hold import Hold

LOOP = EngineLoop()
ROOT = Path(__file__).parent.parent.parent

LEASE = 30.0
"""Seconds; no stall of a busy machine ends it."""

SHORT = 3.0
"""Seconds of a lease that a test outlasts."""

PATIENCE = 30.0
"""Seconds in which a server answers that was started anew, on a machine however busy."""

IS_SOAK = os.environ.get("AGENTBENCH_SOAK") == "1"
"""Whether there is time for the long variants."""

Open = Callable[..., Locks]


def make_locks(url: str, **options: object) -> Locks:
    """Locks at a URL, as a workbench would open them."""
    module, _, name = BACKENDS[url.partition(":")[0]].partition(":")
    locks: Locks = getattr(importlib.import_module(module), name)(url, **options)
    return locks


def hold(locks: Locks, key: str = "key", *, timeout: float = 60) -> Hold:
    """What `ab.lock` gives, on these locks."""
    return Hold(lambda: locks, key, owner="holds", timeout=timeout, loop=LOOP)


@contextlib.contextmanager
def process(
    url: str,
    namespace: str,
    *,
    tasks: int = 0,
    store: str = "",
    lease: float = LEASE,
    environment: dict[str, str] | None = None,
) -> Iterator["subprocess.Popen[str]"]:
    """Another kernel, that takes the lock "key" so many times; for good with `tasks` 0."""
    words = json.dumps(
        {
            "url": url,
            "namespace": namespace,
            "lease": lease,
            "tasks": tasks,
            "store": store,
        }
    )
    command = [sys.executable, "-m", "tests.locks.contender", words]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    ) as ran:
        try:
            yield ran
        finally:
            ran.kill()


def said(ran: "subprocess.Popen[str]") -> str:
    """The next line that a process prints."""
    assert ran.stdout
    return ran.stdout.readline().strip()


@contextlib.asynccontextmanager
async def queued(
    locks: Locks, owner: str, *, above: int = 0
) -> AsyncIterator["asyncio.Task[Lease]"]:
    """Somebody in the queue for "key"."""
    task = asyncio.create_task(locks.acquire("key", owner=owner, above=above))
    await asyncio.sleep(0.1)
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until_waiting(locks: Locks, number: int) -> None:
    """Waits until so many are in the queue for "key"."""
    while True:
        try:
            await (await locks.acquire("key", owner="asks", timeout=0)).release()
        except LockTimeout as late:
            if late.waiting == number:
                return
        await asyncio.sleep(0.02)


async def within(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Waits until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


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
        return await asyncio.to_thread(self._told.wait, 60)
