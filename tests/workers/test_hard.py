"""What a block in a worker process may do to itself, and must not do to anything else."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from agentbench.domain.errors import WorkerLost
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.limits import Limits
from agentbench.domain.run import FiringStatus, RunStatus
from tests.workers import blocks
from tests.workers.conftest import PATIENCE, Bystander, is_alive, noted, until

BOUND = 15.0
"""Seconds until a stop of a block in a process is final."""


def works_on(bench):
    block = FunctionBlock(blocks.double, id="test.double", isolation="process")
    bench.blocks.register(block, replace=True)
    after = Graph("after", blocks=bench.blocks)
    after.output("double", after.add(block, number=4))
    return after.run_sync().outputs == {"double": [8]}


@pytest.mark.parametrize(
    ("block", "signal", "code"),
    [(blocks.segfault, "SIGSEGV", -11), (blocks.vanish, "", 7)],
)
def test_t20_a_block_that_crashes_fails_alone(bench, graph, place, block, signal, code):
    node = place(block)
    graph.output("sum", graph.add("values.constant", value=2))
    run = graph.run_sync()
    assert run.status is RunStatus.FAILED
    assert run.outputs == {"sum": [2]}
    assert [f.error for f in run.failures] == [WorkerLost.__name__]
    assert (signal or f"exit code {code}") in run.failures[0].message
    assert run.nodes[node.id].firings[1].attempt == 3
    if signal:
        trace = run.nodes[node.id].firings[1].traceback
        assert "blocks.py" in trace
        assert "in segfault" in trace
    assert works_on(bench)


def test_a_firing_that_wants_too_much_memory_gets_an_error(bench, graph, place):
    if sys.platform != "linux":
        pytest.skip("only Linux limits a process's memory")
    limits = Limits(memory=200 << 20)
    graph.output("small", place(blocks.devour, megabytes=20, limits=limits))
    assert graph.run_sync().outputs == {"small": [20 << 20]}
    large = Graph("large", blocks=bench.blocks)
    large.add("test.devour", megabytes=400)
    failures = large.run_sync().failures
    assert [f.error for f in failures] == ["MemoryError"]
    assert "The limit is 210 MB" in failures[0].message
    bench.blocks.block("test.devour").limits = Limits()
    assert large.run_sync().status is RunStatus.COMPLETED


def test_a_firing_that_uses_too_much_processor_time_is_ended(bench, graph, place):
    place(blocks.burn, limits=Limits(cpu=0.5))
    run = graph.run_sync()
    assert [f.error for f in run.failures] == ["OverLimit"]
    assert "0.5 s of processor time" in run.failures[0].message
    assert works_on(bench)


@pytest.mark.parametrize(
    "block", [blocks.sleep, blocks.spin, blocks.ignore], ids=lambda one: one.__name__
)
def test_t21_a_stop_ends_a_process_whatever_it_does(
    bench, graph, place, tmp_path, block
):
    node = place(block, file=str(tmp_path / "pids"))
    run = graph.start()
    pids = noted(tmp_path / "pids")
    assert all(map(is_alive, pids))
    asked = time.monotonic()
    run.stop()
    run.wait(timeout=60)
    assert time.monotonic() - asked < BOUND
    assert run.status is RunStatus.STOPPED
    assert run.nodes[node.id].firings[1].status is FiringStatus.STOPPED
    until(lambda: not any(map(is_alive, pids)))
    assert works_on(bench)


@pytest.fixture
def giver(bench):
    """Makes an agent that takes a moment to give so much."""

    def give(megabytes: int) -> str:
        time.sleep(0.6)
        return "x" * (megabytes << 20)

    bench.blocks.register(FunctionBlock(give, id="test.give"))

    def giver(megabytes):
        agent = Graph("giver", blocks=bench.blocks)
        agent.output("text", agent.add("test.give", megabytes=megabytes))
        bench.agents.hold(agent)
        return agent.name

    return giver


def test_t21_a_stop_ends_a_process_that_does_not_take_its_answer(
    graph, place, tmp_path, giver
):
    place(blocks.greedy, agent=giver(megabytes=20), file=str(tmp_path / "pids"))
    run = graph.start()
    pids = noted(tmp_path / "pids")
    until(lambda: all(child.status is RunStatus.COMPLETED for child in run.children))
    time.sleep(0.5)  # the answer is on its way
    run.stop()
    assert run.wait(timeout=60).status is RunStatus.STOPPED
    until(lambda: not any(map(is_alive, pids)))


def test_a_process_that_does_not_take_its_answer_holds_up_nobody(
    bench, graph, place, tmp_path
):
    asked = threading.Event()

    class Asked(Bystander):
        async def run_agent(self, agent, inputs, *, version, part):
            asked.set()
            await asyncio.sleep(0.3)
            return {"text": ["x" * (20 << 20)]}

    block = graph.block_of(place(blocks.greedy, agent="", file="").id)

    async def work():
        facts = {"agent": "", "file": str(tmp_path / "pids")}
        stream = bench.workers.run(block, facts, Asked(bench))
        async with contextlib.aclosing(stream):
            assert (await anext(stream)).value == 1
            await bench.loop.in_thread(noted, tmp_path / "pids")
            await asyncio.sleep(1)  # the answer is on its way
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await anext(stream)

    done = bench.loop.submit(work())
    assert asked.wait(PATIENCE)
    time.sleep(1.3)
    assert bench.loop.answers(within=20)
    done.result(timeout=PATIENCE)
    pids = noted(tmp_path / "pids")
    until(lambda: not any(map(is_alive, pids)))


def test_a_timeout_ends_the_process_too(bench, graph, place, tmp_path):
    assert works_on(bench)  # its process has started, which may take a while
    place(blocks.spin, file=str(tmp_path / "pids")).set(timeout=5.0)
    run = graph.start()
    pids = noted(tmp_path / "pids")
    assert [f.error for f in run.wait(timeout=60).failures] == ["BlockTimeout"]
    until(lambda: not any(map(is_alive, pids)))


def test_a_block_that_is_stopped_may_tidy_up(graph, place, tmp_path):
    left = tmp_path / "left"
    place(blocks.tidy, file=str(tmp_path / "pids"), left=str(left))
    run = graph.start()
    noted(tmp_path / "pids")
    run.stop()
    run.wait(timeout=60)
    until(left.exists)


def test_closing_the_bench_leaves_no_process(bench, graph, place, tmp_path):
    busy = Graph("busy", blocks=bench.blocks)
    place(blocks.spin, file="")
    busy.add("test.spin", file=str(tmp_path / "pids"))
    idle = Graph("idle", blocks=bench.blocks)
    place(blocks.process)
    idle.output("pid", idle.add("test.process"))
    idle_pid = idle.run_sync().outputs["pid"][0]
    busy.start()
    pids = noted(tmp_path / "pids")
    bench.close()
    until(lambda: not any(map(is_alive, [idle_pid, *pids])))


KERNEL = """
import sys
from pathlib import Path
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.workers import blocks

folder = Path(sys.argv[1])
bench = Workbench(Settings(home=folder, store_url="memory:", redis_url="local:"))
use_workbench(bench)
graph = Graph("hard", blocks=bench.blocks)
for function in (blocks.spin, blocks.ignore):
    name = function.__name__
    block = FunctionBlock(function, id=f"test.{name}", isolation="process")
    bench.blocks.register(block)
    graph.add(block, file=str(folder / name))
graph.run_sync()
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_orphaned_by_the_death_of_its_kernel(tmp_path, ending):
    paths = os.pathsep.join(path for path in sys.path if path)
    environ = {**os.environ, "PYTHONPATH": paths}
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL, str(tmp_path)], env=environ
    )
    try:
        pids = noted(tmp_path / "spin") + noted(tmp_path / "ignore")
        assert all(map(is_alive, pids))
    finally:
        kernel.send_signal(ending)
        kernel.wait(timeout=60)
    until(lambda: not any(map(is_alive, pids)))
