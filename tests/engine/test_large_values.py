"""T23, a run's half: values of hundreds of megabytes, with little memory beside them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import IS_SOAK

MEGABYTES = 500 if IS_SOAK else 150
OVER = {"bytes": 100, "text": 100, "frame": MEGABYTES + 100}
"""Megabytes that may be needed beside the value itself; a frame is encoded in one piece."""
ROOT = Path(__file__).parent.parent.parent

RUN = """
import re, sys, time
from pathlib import Path
import numpy, pandas, pyarrow
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.widgets.run_watch import RunWatch
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

kind, size, home = sys.argv[1], int(sys.argv[2]) << 20, Path(sys.argv[3])

def peak():
    status = open("/proc/self/status").read()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) >> 10

def make() -> object:
    if kind == "bytes":
        return b"x" * size
    if kind == "text":
        return "x" * size
    return pandas.DataFrame({"a": numpy.ones(size // 8)})

def kernel():
    url = f"sqlite:///{home}/bench.db"
    bench = Workbench(Settings(home=home, store_url=url, redis_url="local:"))
    bench.blocks.register(FunctionBlock(make, id="test.make"))
    use_workbench(bench)
    return bench

bench = kernel()
warm = Graph("warm", blocks=bench.blocks)
warm.output("n", warm.add("values.constant", value=pandas.DataFrame({"a": [1.0]})))
bench.start(warm, {}).wait()
before = peak()
graph = Graph("large", blocks=bench.blocks)
graph.output("value", graph.add("test.make"))
run = bench.start(graph, {}).wait()
watch = RunWatch(bench, run, lambda: None)
messages = []
for _ in range(10):
    messages.append(len(watch.changes().model_dump_json()))
    time.sleep(0.2)
over = peak() - before - (size >> 20)
log = sum(len(repr(event)) for event in bench.store.events(run.id))
assert run.status == "completed", run.failures
bench.close()
there = kernel()
value = there.run(run.id)["value"]
again = make()
same = value.equals(again) if kind == "frame" else value == again
there.close()
print(over, max(messages), log, same)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is measured in /proc")
@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", sorted(OVER))
def test_t23_a_run_s_large_value_takes_little_memory(tmp_path, kind):
    command = [sys.executable, "-c", RUN, kind, str(MEGABYTES), str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    over, message, log, same = ran.stdout.split()[-4:]
    print(f"{kind}: {over} MB over the value, {message} bytes in a message")
    assert int(over) < OVER[kind]
    assert int(message) < 100_000
    assert int(log) < 10_000
    assert same == "True"
