import os
import time
from pathlib import Path

import pytest

from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

PATIENCE = 60.0
"""Seconds until something that must happen counts as never happening."""


@pytest.fixture
def bench(tmp_path):
    made = Workbench(Settings(home=tmp_path, store_url="memory:", redis_url="local:"))
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def graph(bench):
    return Graph("sample", blocks=bench.blocks)


@pytest.fixture
def place(bench, graph):
    """Makes a function a block that runs in a process, and places it."""

    def place(function, *, limits=None, isolation="process", **inputs):
        block = FunctionBlock(
            function,
            id=f"test.{function.__name__}",
            isolation=isolation,
            limits=limits,
        )
        bench.blocks.register(block, replace=True)
        return graph.add(block, **inputs)

    return place


def noted(file: Path) -> list[int]:
    """The process numbers that a block leaves in a file, as soon as they are there."""
    until(file.exists)
    return [int(number) for number in file.read_text().split()]


def until(happened) -> None:
    """Waits for something that must happen."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return (
            not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


class Bystander:
    """The context of a firing that is in no run."""

    run_id, node, firing = "run-1", "count", 1

    def __init__(self, bench):
        self.outbound = bench.outbound

    def progress(self, done, total=1.0, text=""):
        pass

    def log(self, text):
        pass

    def find_file(self, path):
        raise FileNotFoundError(path)

    async def in_thread(self, function, *args):
        return function(*args)
