"""Long runs and large graphs: `python -m tests.benchmarks.scale WHAT …` is one measurement."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.benchmarks.engine import carry_out, draw
from tests.benchmarks.shapes import Shape, layered

ROOT = Path(__file__).parents[2]
LENGTHS = (1_000, 10_000, 100_000)
ROUNDS = 5
LEASE = 5.0
"""Seconds for which the killed kernel is thought alive: not part of what is measured."""


def scale() -> dict[str, Any]:
    """Each in a process of its own: memory that one took is not the next one's."""
    lengths = {str(length): _asked("stream", length) for length in LENGTHS}
    first, *_, last = lengths.values()
    return {
        "stream": lengths,
        "flat": last["us_per_firing"] / first["us_per_firing"],
        "validate_s": _asked("validate")["seconds"],
        "resume_s": _asked("resume")["seconds"],
    }


def stream(home: Path, length: int) -> dict[str, float]:
    """A source that gives so many values, each of which fires a node."""
    bench = bench_in(home)
    warm, long = stream_of(bench, 100), stream_of(bench, length)
    asyncio.run(carry_out(bench, warm))
    base = _resident()
    taken = []
    for _ in range(max(1, min(ROUNDS, 50_000 // length))):
        began = time.perf_counter()
        run = asyncio.run(carry_out(bench, long))
        taken.append(time.perf_counter() - began)
        record = bench.store.run(run.id)
        if record.last_seq < 3 * length:
            message = f"{length}: {record.status} after {record.last_seq} events"
            raise ArithmeticError(message)
    peak = _resident(peak=True)
    bench.close()
    return {
        "us_per_firing": statistics.median(taken) / length * 1e6,
        "memory_mb": peak - base,
    }


def validate(home: Path) -> dict[str, float]:
    """All that is looked at before a run of 10,000 nodes and nearly 20,000 links."""
    bench = bench_in(home)
    graph = draw(_large(), bench)
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        if bench.check(graph):
            raise ArithmeticError("there is nothing wrong with this graph")
        taken.append(time.perf_counter() - began)
    bench.close()
    return {"seconds": statistics.median(taken)}


def resume(home: Path) -> dict[str, float]:
    """From `resume` until the first block runs, with all but the end behind it."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "cut", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as cut:
        run_id = cut.stdout.readline().strip() if cut.stdout else ""
        cut.kill()
    bench = bench_in(home, LEASE)
    _register(bench)
    while bench.runs()[0].status is not RunStatus.INTERRUPTED:
        time.sleep(0.1)
    began = time.perf_counter()
    run = bench.resume(run_id)
    while not FIRED.wait(0.5):
        if run.status.is_final or run.done is None or run.done.done():
            raise ArithmeticError(f"it was resumed, and ended: {run.status}")
    taken = time.perf_counter() - began
    run.stop()
    asyncio.run(run.finished())
    bench.close()
    return {"seconds": taken}


def cut(home: Path) -> None:
    """Runs until only the last node is left, says so, and waits to be killed."""
    bench = bench_in(home, LEASE)
    _register(bench)
    graph = draw(_large(), bench)
    sink = next(iter(_large().sinks))
    graph.add("bench.last", "waits", value=graph[sink])
    run = bench.start(graph, {})
    FIRED.wait()
    while bench.store.run(run.id).last_seq < 3 * len(_large().nodes):
        time.sleep(0.05)
    print(run.id, flush=True)
    time.sleep(600)


FIRED = threading.Event()


async def last(value: int) -> int:
    """The one that is still running."""
    FIRED.set()
    await asyncio.sleep(600)
    return value


async def count(length: int) -> AsyncIterator[int]:
    """Counts."""
    for number in range(length):
        yield number


async def more(value: int) -> int:
    """One more."""
    return value + 1


def _large() -> Shape:
    return layered(100, 100, places=(0, 7))


def stream_of(bench: Workbench, length: int) -> Graph:
    """A source that gives so many values, each of which fires a node."""
    graph = Graph(f"stream{length}", blocks=bench.blocks)
    graph.add(FunctionBlock(count, id="bench.count"), "count", length=length)
    graph.add(FunctionBlock(more, id="bench.more"), "more", value=graph["count"])
    return graph


def _register(bench: Workbench) -> None:
    bench.blocks.register(FunctionBlock(last, id="bench.last"))
    draw(layered(2, 20, places=(0, 7)), bench)


def bench_in(home: Path, lease: float = 15.0) -> Workbench:
    """A workbench whose store is a file there."""
    store = f"sqlite:///{home / 'bench.db'}"
    return Workbench(Settings(home=home, store_url=store, lease=lease))


def _resident(*, peak: bool = False) -> float:
    """Megabytes of memory that this process holds, or has held at most."""
    word = "VmHWM" if peak else "VmRSS"
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(word):
            return int(line.split()[1]) / 1024
    raise RuntimeError("This machine does not say how much memory a process has.")


def _asked(what: str, *words: Any) -> dict[str, Any]:
    print(f"scale: {what} {' '.join(map(str, words))}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        command = [sys.executable, "-m", "tests.benchmarks.scale", what, home]
        ran = subprocess.run(
            [*command, *map(str, words)],
            cwd=ROOT,
            env=os.environ | {"AGENTBENCH_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main() -> None:
    """One measurement, as a line of JSON."""
    what, home, *words = sys.argv[1:]
    work: Any = {"stream": stream, "validate": validate, "resume": resume, "cut": cut}[
        what
    ]
    print(json.dumps(work(Path(home), *map(int, words))), flush=True)


if __name__ == "__main__":
    main()
