"""Runs a kernel's day: `python -m tests.engine.leaking FOLDER RUNS SEED`.

Runs end well, fail, are stopped, interrupted, cancelled, in every order. Twice it counts
what the process holds: after a first part, when whatever is made once has been made, and
at the end. It prints both counts, and what was done, as JSON.
"""

import asyncio
import contextlib
import gc
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples

WARM_UP = 0.25
"""The part of the runs after which the first count is taken."""

PATIENCE = 30.0


def kernel(home: Path) -> Workbench:
    """A kernel with everything in it: SQLite, Valkey, worker processes."""
    url = f"sqlite:///{home}/bench.db"
    bench = Workbench(Settings(home=home, store_url=url))
    with_samples(bench.blocks)
    far = FunctionBlock(_far, id="test.far", isolation="process")
    bench.blocks.register(far)
    use_workbench(bench)
    return bench


def _far(number: int = 0) -> int:
    return number + 1


class Day:
    """The graphs of the day, and the ways in which their runs go."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.good, self.bad, self.endless = (
            Graph(name, blocks=bench.blocks) for name in ("good", "bad", "endless")
        )
        numbers = self.good.add("test.numbers", count=5)
        slow = self.good.add("test.slow_if_even", number=numbers)
        alone = self.good.add("test.blocking", number=slow).set(exclusive="printer")
        self.good.output("n", self.good.add("test.add", left=alone, right=1))
        failing = self.bad.add("test.fail_on", number=2)
        failing.set(retries=1, retry_wait=0.001)
        self.bad.output("n", failing)
        large = self.endless.add("test.talk", text="x" * 20_000)
        self.endless.output("text", large)
        self.endless.add("test.forever")
        self.endless.add("test.forever").set(exclusive="printer")
        self.far = Graph("far", blocks=bench.blocks)
        self.far.output("n", self.far.add("test.far", number=1))

    def ends_well(self) -> None:
        run = self.bench.start(self.good, {}).wait(timeout=PATIENCE)
        assert run.outputs == {"n": [1, 2, 3, 4, 5]}

    def runs_far_away(self) -> None:
        run = self.bench.start(self.far, {}).wait(timeout=PATIENCE)
        assert run.outputs == {"n": [2]}

    def fails(self) -> None:
        run = self.bench.start(self.bad, {}).wait(timeout=PATIENCE)
        assert run.status is RunStatus.FAILED

    def is_stopped(self) -> None:
        run = self.bench.start(self.endless, {})
        with self.watched(run.id):
            while not run.outputs["text"]:
                time.sleep(0.001)
            run.stop()
            run.wait(timeout=PATIENCE)
        assert run.status is RunStatus.STOPPED

    def is_stopped_at_once(self) -> None:
        run = self.bench.start(self.endless, {})
        run.stop()
        assert run.wait(timeout=PATIENCE).status is RunStatus.STOPPED

    def is_interrupted(self) -> None:
        run = self.bench.start(self.endless, {})
        signal.setitimer(signal.ITIMER_REAL, 0.02)
        try:
            run.wait(timeout=PATIENCE)
        except KeyboardInterrupt:
            pass
        else:
            raise AssertionError("it ended without having been interrupted")
        assert run.status is RunStatus.STOPPED

    def is_cancelled(self) -> None:
        async def work() -> None:
            waiting = asyncio.ensure_future(self.endless.run())
            await asyncio.sleep(0.02)
            waiting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await waiting

        asyncio.run(work())

    @contextlib.contextmanager
    def watched(self, run: str) -> Any:
        """Somebody looks on, as an editor does."""
        heard: list[Any] = []
        stop = self.bench.feed.listen(lambda _, events: heard.append(events), run=run)
        yield
        stop()


def holdings(bench: Workbench) -> dict[str, int]:
    """What the process holds now."""
    gc.collect()

    async def tasks() -> int:
        return len(asyncio.all_tasks())

    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "kilobytes": pages * os.sysconf("SC_PAGE_SIZE") // 1024,
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "tasks": bench.loop.submit(tasks()).result(timeout=PATIENCE),
        "children": len(_children()),
        "keys": _lasting_keys(bench),
        "runs": sum(type(thing).__name__ == "Run" for thing in gc.get_objects()),
    }


def settled(bench: Workbench, like: dict[str, int]) -> dict[str, int]:
    """The same, once what ends a little later has ended, such as threads that idle."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        held = holdings(bench)
        if all(held[name] <= like[name] for name in ("threads", "tasks", "children")):
            break
        time.sleep(0.5)
    return held


def _children() -> list[str]:
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [pid for file in tasks for pid in file.read_text().split()]


def _lasting_keys(bench: Workbench) -> int:
    """The keys on the server that no time limit takes away."""
    import redis

    url = bench.lock_server.url
    with redis.Redis.from_url(url, decode_responses=True) as client:
        return sum(client.ttl(key) == -1 for key in client.scan_iter())


def main() -> None:
    """Lives through the day."""
    home, runs, seed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    chance = random.Random(seed)
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    bench = kernel(home)
    day = Day(bench)
    ways = [
        *[day.ends_well] * 6,
        *[day.fails, day.is_stopped] * 3,
        *[day.is_stopped_at_once, day.is_interrupted, day.is_cancelled] * 2,
        day.runs_far_away,
    ]
    done: Counter[str] = Counter()
    before: dict[str, int] = {}
    for number in range(runs):
        if number == int(runs * WARM_UP):
            before = holdings(bench)
        way = chance.choice(ways)
        way()
        done[way.__name__] += 1
    after = settled(bench, before)
    bench.close()
    print(json.dumps({"before": before, "after": after, "done": done}))


if __name__ == "__main__":
    main()
