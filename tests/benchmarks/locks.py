"""Locks on a real server: each figure beside redis-py's own, in the same rounds."""

import asyncio
import contextlib
import random
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import redis.asyncio

from agentbench.embedded.valkey import ValkeyServer
from agentbench.locks.redis import RedisLocks
from tests.benchmarks.timing import in_rounds

TASKS, TURNS, HOLD = 50, 5, 0.001
CYCLES = 200
HANDOVERS = 200
CONTENDERS = 1000
POLL = 0.01
"""Seconds between two looks of redis-py's lock: its default is ten times as long."""

Take = Callable[[str], Awaitable[Callable[[], Awaitable[Any]]]]
"""Takes the lock of a key, and returns what gives it back."""


async def locks(home: Path) -> dict[str, Any]:
    """Everything about locks, over one embedded server."""
    with ValkeyServer(home / "run") as server:
        url = server.start()
        client = redis.asyncio.Redis.from_url(url)
        ours, theirs = RedisLocks(url), RedisLocks(url)
        try:
            return {
                **await _alone(ours, client),
                **await _crowded(ours, client),
                "handover": await _handover(ours, ours),
                "handover_redis_py": await _handover_of(_polled(client), 40),
                "many": await _many(ours, theirs, client),
                "two_processes": await _two_processes(url, ours),
            }
        finally:
            for opened in (ours, theirs):
                await opened.close()
            await client.aclose()


async def crowd(take: Take, key: str, tasks: int, turns: int) -> list[float]:
    """So many tasks take one key so many times each; returns the seconds each waited."""
    waited = []

    async def contend() -> None:
        for _ in range(turns):
            asked = time.perf_counter()
            give = await take(key)
            waited.append(time.perf_counter() - asked)
            await asyncio.sleep(HOLD)
            await give()

    await asyncio.gather(*(contend() for _ in range(tasks)))
    return waited


def ours_of(locks: RedisLocks) -> Take:
    """Our lock, as the measurements take it."""

    async def take(key: str) -> Callable[[], Awaitable[None]]:
        return (await locks.acquire(key, owner="bench", timeout=None)).release

    return take


def _polled(client: "redis.asyncio.Redis[Any]") -> Take:
    async def take(key: str) -> Callable[[], Awaitable[None]]:
        lock = client.lock(f"redis-py:{key}", timeout=10, sleep=POLL)
        await lock.acquire()
        return lock.release

    return take


async def _alone(
    ours: RedisLocks, client: "redis.asyncio.Redis[Any]"
) -> dict[str, Any]:
    """Nobody else wants it: take and release beside two PINGs of the same client."""

    async def two_pings() -> None:
        for _ in range(2 * CYCLES):
            await ours._calls.ask(("PING",), wait=5)

    async def two_pings_of_redis_py() -> None:
        for _ in range(2 * CYCLES):
            await client.ping()

    def cycles(take: Take) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            for _ in range(CYCLES):
                await (await take("alone"))()

        return work

    works = {
        "pings": two_pings,
        "ours": cycles(ours_of(ours)),
        "redis_py_pings": two_pings_of_redis_py,
        "redis_py": cycles(_polled(client)),
    }
    rounds = await in_rounds(works, least=9, budget=6.0)
    return {
        "cycle_us": {name: rounds.median(name) / CYCLES * 1e6 for name in works},
        "cycle_over_pings": rounds.ratio("ours", "pings"),
        "redis_py_over_pings": rounds.ratio("redis_py", "redis_py_pings"),
    }


async def _crowded(
    ours: RedisLocks, client: "redis.asyncio.Redis[Any]"
) -> dict[str, Any]:
    """Many on one key: throughput, and the longest wait over everyone's fair share."""
    shares: dict[str, list[float]] = {"ours": [], "redis_py": []}

    def work(name: str, take: Take) -> Callable[[], Awaitable[None]]:
        async def contend() -> None:
            began = time.perf_counter()
            waited = await crowd(take, "crowd", TASKS, TURNS)
            cycle = (time.perf_counter() - began) / len(waited)
            shares[name].append(max(waited) / (TASKS * cycle))

        return contend

    works = {
        "ours": work("ours", ours_of(ours)),
        "redis_py": work("redis_py", _polled(client)),
    }
    rounds = await in_rounds(works, least=7, budget=10.0)
    return {
        "crowd_per_s": {n: TASKS * TURNS / rounds.median(n) for n in works},
        "crowd_over_redis_py": rounds.ratio("redis_py", "ours"),
        "longest_over_fair": {n: statistics.median(s) for n, s in shares.items()},
    }


async def _handover(holders: RedisLocks, waiters: RedisLocks) -> dict[str, float]:
    taken, waited = ours_of(holders), ours_of(waiters)
    return await _handover_of(taken, HANDOVERS, waiter=waited)


async def _handover_of(
    take: Take, times: int, *, waiter: Take | None = None
) -> dict[str, float]:
    """From the call that releases until the one who waits has it."""
    found = []
    for _ in range(times):
        give = await take("handover")
        waiting = asyncio.ensure_future((waiter or take)("handover"))
        await asyncio.sleep(random.uniform(0.005, 0.03))  # it waits, at any phase
        began = time.perf_counter()
        await give()
        given = await waiting
        found.append(time.perf_counter() - began)
        await given()
    return percentiles(found)


async def _many(
    ours: RedisLocks, theirs: RedisLocks, client: "redis.asyncio.Redis[Any]"
) -> dict[str, Any]:
    """A thousand at once, of two clients: in what order, and at how many commands each."""
    order: list[int] = []

    async def contend(number: int) -> None:
        locks = (ours, theirs)[number % 2]
        lease = await locks.acquire("many", owner="bench", timeout=None)
        order.append(number)
        await lease.release()

    first = await ours.acquire("many", owner="bench")
    waiting = []
    for number in range(CONTENDERS):
        waiting.append(asyncio.create_task(contend(number)))
        # The next asks when this one stands in the queue: two clients, one order.
        while await client.zcard("agentbench:queue:many") <= number:
            pass
    await first.release()
    await asyncio.gather(*waiting)
    return {
        "is_fifo": order == list(range(CONTENDERS)),
        "commands_each": await _counted(ours, theirs, client),
    }


async def _counted(
    ours: RedisLocks, theirs: RedisLocks, client: "redis.asyncio.Redis[Any]"
) -> float:
    before = await _commands(client)

    async def contend(number: int) -> None:
        locks = (ours, theirs)[number % 2]
        await (await locks.acquire("counted", owner="bench", timeout=None)).release()

    await asyncio.gather(*(contend(number) for number in range(CONTENDERS)))
    return (await _commands(client) - before) / CONTENDERS


async def _commands(client: "redis.asyncio.Redis[Any]") -> int:
    return int((await client.info("stats"))["total_commands_processed"])


async def _two_processes(url: str, ours: RedisLocks) -> dict[str, Any]:
    """The same between us and another process."""
    async with _other(url) as ask:
        crowds = await asyncio.gather(
            crowd(ours_of(ours), "two", TASKS // 2, TURNS),
            ask(f"crowd two {TASKS // 2} {TURNS}"),
        )
        waited = [*crowds[0], *map(float, crowds[1].split())]
        found = []
        for _ in range(HANDOVERS):
            lease = await ours.acquire("handover", owner="bench", timeout=None)
            heard = asyncio.ensure_future(ask("take handover"))
            await asyncio.sleep(random.uniform(0.005, 0.03))
            released = time.monotonic_ns()
            await lease.release()
            found.append((int(await heard) - released) / 1e9)
    return {**percentiles(found), "longest_wait_ms": max(waited) * 1e3}


@contextlib.asynccontextmanager
async def _other(url: str) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """Another process that does what it is asked and answers with one line."""
    command = [sys.executable, "-m", "tests.benchmarks.contender", url]
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, limit=2**20
    )
    stdin, stdout = other.stdin, other.stdout
    if stdin is None or stdout is None:
        raise RuntimeError("the other process has no pipes")

    async def ask(words: str) -> str:
        stdin.write(words.encode() + b"\n")
        return (await stdout.readline()).decode()

    try:
        yield ask
    finally:
        stdin.close()
        await other.wait()


def percentiles(seconds: list[float]) -> dict[str, float]:
    """The middle and the worst of a hundred, in milliseconds."""
    ordered = sorted(seconds)
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {"p50_ms": statistics.median(ordered) * 1e3, "p99_ms": worst * 1e3}
