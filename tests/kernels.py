"""A workbench of its own for a test, and small blocks to build with."""

import asyncio
import threading
import time
from collections.abc import Iterator

from agentbench.domain.block import Block
from agentbench.domain.context import Context
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.registry import BlockRegistry
from agentbench.workbench.workbench import Workbench


async def numbers(count: int, start: int = 0):
    """Counts."""
    for number in range(start, start + count):
        yield number


async def add(left: int, right: int = 0) -> int:
    """Adds."""
    return left + right


async def slow_if_even(number: int) -> int:
    """Takes longer over even numbers, so that later firings end first."""
    await asyncio.sleep(0.05 if number % 2 == 0 else 0)
    return number


def blocking(number: int) -> int:
    """Blocks its thread a little."""
    time.sleep(0.01)
    return number


async def fail_on(number: int, bad: int = 2) -> int:
    """Fails on one number."""
    if number == bad:
        message = f"{number} is bad"
        raise ValueError(message)
    return number


async def forever(number: int = 0) -> int:
    """Waits for ever."""
    await asyncio.Event().wait()
    return number


async def stubborn(number: int = 0) -> int:
    """Swallows its cancellation."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)


def asleep(seconds: float = 30.0) -> float:
    """Sleeps in its thread."""
    threading.Event().wait(seconds)
    return seconds


async def live(number: int = 0) -> object:
    """Gives an object that no codec can keep."""
    return threading.Lock()


async def is_lock(thing: object) -> bool:
    """Says whether it got the live object itself."""
    return thing.__class__.__name__ == "lock"


async def talk(context: Context, text: str = "hello") -> str:
    """Logs and tells its progress."""
    context.log(text)
    context.progress(1, 2, "half")
    await asyncio.sleep(0)
    return text


async def countdown(number: int):
    """Sends a number above zero round, and the last one out."""
    yield ("again", number - 1) if number > 0 else ("done", number)


def sample_blocks() -> Iterator[Block]:
    """Every block above, by `test.<name>`."""
    plain = (
        numbers, add, slow_if_even, blocking, fail_on, forever, stubborn, asleep, live,
        is_lock, talk,
    )  # fmt: skip
    for function in plain:
        yield FunctionBlock(function, id=f"test.{function.__name__}")
    outputs = {"again": int, "done": int}
    yield FunctionBlock(countdown, id="test.countdown", outputs=outputs)


def with_samples(registry: BlockRegistry) -> BlockRegistry:
    """The registry, the sample blocks in it."""
    for block in sample_blocks():
        registry.register(block)
    return registry


def outlast(bench: Workbench, run: str) -> None:
    """Leaves the lock server as it is once the lease of a kernel that died has run out.

    The lease itself may so be as long as those of users, which a busy machine keeps;
    that it runs out is tested where locks are.
    """
    bench.loop.submit(bench.lock_server.locks.evict(f"run:{run}")).result(60)
