"""Blocks that hold the engine's loop or a thread of the kernel: seen, named, ended."""

import asyncio
import logging
import signal
import subprocess
import sys
import threading
import time

import pytest

from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import FiringStatus, RunOptions, RunStatus

BOUND = 15.0
"""Seconds until a stop is final: two are promised, a machine that is busy takes more."""

PATIENCE = 60.0


class Gate:
    """Tells that a block is inside, and lets it out again."""

    def __init__(self) -> None:
        self.inside, self.out = threading.Event(), threading.Event()
        self.ended = threading.Event()


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.out.set()


@pytest.fixture
def place(bench, graph):
    def place(function):
        block = FunctionBlock(function, id=f"test.{function.__name__}")
        bench.blocks.register(block, replace=True)
        return graph.add(block)

    return place


def stopped(graph, node, gate):
    """Starts the graph, stops it once the block is inside, and gives the run."""
    run = graph.start()
    assert gate.inside.wait(PATIENCE)
    time.sleep(0.1)
    asked = time.monotonic()
    run.stop()
    run.wait(timeout=PATIENCE)
    assert time.monotonic() - asked < BOUND
    assert run.status is RunStatus.STOPPED
    assert run.nodes[node.id].firings[1].status is FiringStatus.STOPPED
    return run


def is_alive(bench):
    graph = Graph("after", blocks=bench.blocks)
    graph.output("sum", graph.add("test.add", left=1, right=1))
    return graph.start().wait(timeout=PATIENCE).outputs == {"sum": [2]}


def test_t21_an_async_block_that_spins_is_ended(bench, graph, place, gate):
    async def spin() -> int:
        gate.inside.set()
        while True:
            pass

    stopped(graph, place(spin), gate)
    assert is_alive(bench)


def test_t21_a_stop_is_final_though_an_async_block_sleeps_in_c(
    bench, graph, place, gate
):
    async def asleep() -> int:
        gate.inside.set()
        # One call into C that holds no lock: it cannot be interrupted.
        gate.out.wait()
        return 1

    node = place(asleep)
    run = stopped(graph, node, gate)
    assert asyncio.run(waited(run)).status is RunStatus.STOPPED
    gate.out.set()
    assert is_alive(bench)
    events = bench.store.events(run.id)
    assert type(events[-1]).__name__ == "RunFinished"
    assert [e.seq for e in events] == [*range(1, len(events) + 1)]
    assert run.status is RunStatus.STOPPED


async def waited(run):
    return await run.finished()


def test_t21_a_run_beside_the_one_that_holds_the_loop_can_be_stopped(
    bench, graph, place, gate
):
    other = Graph("other", blocks=bench.blocks)
    other.add("test.forever")
    beside = other.start()
    while not any(node.firings for node in beside.nodes.values()):
        time.sleep(0.01)

    async def asleep() -> int:
        gate.inside.set()
        gate.out.wait()
        return 1

    graph.output("n", place(asleep))
    run = graph.start()
    assert gate.inside.wait(PATIENCE)
    asked = time.monotonic()
    beside.stop()
    beside.wait(timeout=PATIENCE)
    assert time.monotonic() - asked < BOUND
    assert beside.status is RunStatus.STOPPED
    gate.out.set()
    assert run.wait(timeout=PATIENCE).outputs == {"n": [1]}


def test_t21_who_holds_the_loop_is_named(bench, graph, place, caplog):
    caplog.set_level(logging.WARNING, "agentbench")
    told, messages = threading.Event(), []

    class Told(logging.Handler):
        def emit(self, record):
            messages.append(record.getMessage())
            if "test.busy" in messages[-1]:
                told.set()

    log, listener = logging.getLogger("agentbench"), Told()
    log.addHandler(listener)

    async def busy() -> int:
        assert told.wait(PATIENCE)
        return 1

    node = place(busy)
    graph.output("n", node)
    try:
        run = graph.run_sync()
    finally:
        log.removeHandler(listener)
    assert run.outputs == {"n": [1]}
    message = next(m for m in messages if "test.busy" in m)
    assert "run_forever" not in message
    assert (
        f"The block 'test.busy' (node '{node.id}') holds the engine's loop" in message
    )
    assert "told.wait(PATIENCE)" in message
    logged = run.nodes[node.id].firings[1].log
    assert "holds the engine's loop" in logged[0]


ALMOST_HOLDS = """
import sys, time
from pathlib import Path
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench

def work(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass

async def almost() -> int:
    work(0.45)
    print("inside", flush=True)
    work(0.05)
    return 1

bench = Workbench(Settings(home=Path(sys.argv[1]), store_url="memory:", redis_url="local:"))
graph = Graph("almost", blocks=bench.blocks)
graph.output("n", graph.add(FunctionBlock(almost, id="test.almost")))
assert bench.start(graph, {}).wait().outputs == {"n": [1]}
"""


def test_a_block_is_not_blamed_for_a_machine_that_stands_still(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", ALMOST_HOLDS, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "inside\n", process.stderr.read()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        process.send_signal(signal.SIGCONT)
        assert process.communicate(timeout=PATIENCE)[1] == ""
    assert process.returncode == 0


def test_t21_a_thread_that_spins_is_ended_with_its_firing(bench, graph, place, gate):
    def spin() -> int:
        gate.inside.set()
        try:
            while True:
                pass
        finally:
            gate.ended.set()

    stopped(graph, place(spin), gate)
    assert gate.ended.wait(PATIENCE)
    until(lambda: len(bench.loop.stragglers) == 0)
    assert is_alive(bench)


def test_t21_a_thread_that_hangs_is_left_behind(bench, graph, place, gate):
    def hang() -> int:
        gate.inside.set()
        gate.out.wait()
        return 1

    stopped(graph, place(hang), gate)
    assert len(bench.loop.stragglers) == 1
    assert is_alive(bench)
    gate.out.set()
    until(lambda: len(bench.loop.stragglers) == 0)


def test_an_interrupted_thread_takes_no_other_call_with_it(bench, graph, place):
    """Many calls end just when they are interrupted; every other call goes on."""
    lap = threading.Event()

    def brief() -> int:
        lap.wait(0.45)
        for _ in range(20_000):
            pass
        return 1

    node = place(brief)
    graph.output("n", node)
    runs = [graph.start() for _ in range(10)]
    time.sleep(0.05)
    for run in runs:
        run.stop()
    for run in runs:
        run.wait(timeout=PATIENCE)
    for _ in range(5):
        assert is_alive(bench)
        assert graph.start().wait(timeout=PATIENCE).outputs == {"n": [1]}


def test_many_threads_left_behind_are_told_of(bench, graph, place, gate, caplog):
    caplog.set_level(logging.WARNING, "agentbench")

    def hang() -> int:
        gate.out.wait()
        return 1

    for _ in range(8):
        place(hang).set(timeout=0.05)
    run = graph.start(options=RunOptions(concurrency=8)).wait(timeout=PATIENCE)
    assert {f.error for f in run.failures} == {"BlockTimeout"}
    until(lambda: any("calls of blocks go on in threads" in m for m in caplog.messages))
    assert 'isolation="process"' in caplog.text


def until(happened):
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


LOOKS_WHILE_LITTER_LIES_ABOUT = """
import gc, threading
from agentbench.engine.watch import frame_of

class Litter:
    def __init__(self):
        self.kept, self.itself = threading.local(), self
        self.kept.it = 1

def deep(levels, inside, out):
    if levels:
        return deep(levels - 1, inside, out)
    inside.release()
    out.acquire()

gc.set_threshold(12)
for turn in range(120):
    inside, out = threading.Semaphore(0), threading.Semaphore(0)
    others = [threading.Thread(target=deep, args=(3, inside, out), daemon=True) for _ in range(8)]
    for other in others:
        other.start()
    for other in others:
        inside.acquire()
    for _ in range(turn % 12):  # so that one time or another it is full within the call
        Litter()
    assert frame_of(others[0].ident) is not None
    for other in others:
        out.release()
    for other in others:
        other.join()
assert gc.isenabled()
"""


def test_to_look_where_a_thread_is_never_stops_the_whole_process():
    command = [sys.executable, "-c", LOOKS_WHILE_LITTER_LIES_ABOUT]
    subprocess.run(command, check=True, timeout=60)
