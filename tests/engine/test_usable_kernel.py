"""A real kernel stays usable whatever its blocks do, and stops them when it is told to."""

import statistics
import time

import pytest

from tests.notebook_kernel import running_kernel
from tests.workers.conftest import is_alive, noted, until

PROBES = 5
SOON = 5.0
"""Seconds in which another cell has run: one is promised, a busy machine takes more."""
BOUND = 20.0
"""Seconds until a stop is final: two or five are promised, a busy machine takes more."""

BLOCKS = """
import asyncio, ctypes, os, signal, threading, time
import agentbench as ab
from pathlib import Path

def note(name):
    part = Path(f"{name}.part")
    part.write_text(str(os.getpid()))
    part.rename(name)

@ab.block
async def sleep_on_the_loop() -> int:
    "Blocks the engine's loop."
    note("sleep_on_the_loop")
    time.sleep(90)
    return 1

@ab.block
def spin_in_a_thread() -> int:
    "Never ends."
    note("spin_in_a_thread")
    while True:
        pass

@ab.block
def hang_in_a_thread() -> int:
    "Never ends."
    note("hang_in_a_thread")
    threading.Event().wait()

@ab.block(isolation="process")
def ignore_the_signal() -> int:
    "Cannot be ended in peace."
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("ignore_the_signal")
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass

@ab.block(isolation="process")
def spin_in_c() -> int:
    "Holds its interpreter's lock for good."
    note("spin_in_c")
    ctypes.PyDLL(None).sleep(600)
    return 1
"""

START = """
graph = ab.Graph({name!r})
graph.add({name})
run = graph.start()
"""

STOP = """
run.stop()
began = time.monotonic()
print(run.wait(timeout=50).status, time.monotonic() - began)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("usable")
    with running_kernel(folder, AGENTBENCH_REDIS_URL="local:") as kernel:
        kernel.folder = folder
        assert not kernel.run(BLOCKS, timeout=60).error
        yield kernel


@pytest.mark.parametrize(
    "name",
    [
        "spin_in_a_thread",
        "hang_in_a_thread",
        "ignore_the_signal",
        "spin_in_c",
        "sleep_on_the_loop",  # the last: the loop is never free again
    ],
)
def test_t21_other_cells_run_and_a_stop_is_final(kernel, name):
    assert not kernel.run(START.format(name=name), timeout=60).error
    (pid,) = noted(kernel.folder / name)
    waits = []
    for _ in range(PROBES):
        asked = time.monotonic()
        assert kernel.run("print(6 * 7)", timeout=60).text == "42\n"
        waits.append(time.monotonic() - asked)
    assert statistics.median(waits) < SOON
    outcome = kernel.run(STOP, timeout=60)
    assert not outcome.error
    status, seconds = outcome.text.splitlines()[-1].split()
    assert status == "stopped"
    assert float(seconds) < BOUND
    if name in ("ignore_the_signal", "spin_in_c"):
        until(lambda: not is_alive(pid))
