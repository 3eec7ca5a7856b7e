"""A stop in the middle of a crowd: final, soon, and nothing is left of it."""

import asyncio
import random
import threading
import time

import pytest

from agentbench.domain.event import RunFinished
from agentbench.domain.run import FiringStatus, RunOptions, RunStatus
from tests.examples import IS_SOAK, SEED, rounds

FAN = 500
BOUND = 15.0
"""Seconds until a stop is final: two are promised, a machine that is busy takes more."""


@pytest.mark.timeout(900 if IS_SOAK else 120)
def test_t22_a_stop_during_a_fan_out_of_500_leaves_nothing_behind(bench, graph):
    numbers = graph.add("test.numbers", count=FAN)
    quick = graph.add("test.slow_if_even", number=numbers)
    graph.add("test.add", left=quick)
    graph.add("test.blocking", number=numbers).set(concurrency=4)
    graph.add("test.forever", number=numbers)
    graph.output("n", quick)
    chance = random.Random(SEED)
    took = []
    for _ in range(rounds(10, soak=500)):
        at, reached = chance.randrange(3, 3 * FAN), threading.Event()

        def heard(run, events, at=at, reached=reached):
            if events[-1].seq >= at:
                reached.set()

        unlisten = bench.feed.listen(heard)
        run = bench.start(graph, {}, RunOptions(concurrency=2 * FAN))
        assert reached.wait(timeout=60)
        asked = time.monotonic()
        run.stop()
        run.wait(timeout=60)
        took.append(time.monotonic() - asked)
        unlisten()
        assert run.status is RunStatus.STOPPED
        assert all(firing.status in FINAL for firing in run.firings)
        assert bench.loop.submit(tasks_of_firings()).result(timeout=60) == 0
        locks = bench.lock_server.locks
        holder = bench.loop.submit(locks.holder(f"run:{run.id}")).result(timeout=60)
        assert holder == ""
        events = bench.store.events(run.id)
        ends = [event.seq for event in events if isinstance(event, RunFinished)]
        assert ends == [events[-1].seq]
    took.sort()
    print(f"stopped in {took[0]:.2f} to {took[-1]:.2f} s")
    assert took[len(took) // 2] < BOUND  # a loaded machine may be late now and then


FINAL = {FiringStatus.COMPLETED, FiringStatus.FAILED, FiringStatus.STOPPED}


async def tasks_of_firings() -> int:
    """How many firings are still being carried out on the engine's loop."""
    names = [task.get_coro().__qualname__ for task in asyncio.all_tasks()]
    return sum(
        name.startswith(("Attempts.", "Executor.", "Journal.")) for name in names
    )
