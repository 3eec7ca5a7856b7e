"""Runs that outlive their kernel: real processes, killed for real."""

import os
import signal
import subprocess
import sys
import time

import pytest

from agentbench.domain.errors import (
    BackendError,
    GraphInvalid,
    NeedsDecision,
    RunTaken,
    StoreError,
)
from agentbench.domain.event import FiringCompleted
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import outlast, with_samples

OTHER = """
import sys, time
from pathlib import Path
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
import agentbench as ab
from tests.kernels import with_samples

home = Path(sys.argv[1])
bench = Workbench(Settings(home=home, store_url=f"sqlite:///{home}/bench.db"))
with_samples(bench.blocks)
use_workbench(bench)

@ab.block(id="test.mark", effects="writes")
async def mark(number: int, folder: str) -> int:
    with (Path(folder) / "marks").open("a") as file:
        file.write(f"{number}\\n")
    return number

@ab.block(id="test.gate")
async def gate(number: int, folder: str) -> int:
    import asyncio
    while number >= 3 and not (Path(folder) / "open").exists():
        await asyncio.sleep(0.02)
    return number
"""

START = """
graph = Graph("long", blocks=bench.blocks)
folder = str(home)
marked = graph.add("test.mark", "mark", number=graph.add("test.numbers", count=6), folder=folder)
graph.output("n", graph.add("test.gate", number=marked, folder=folder))
run = graph.start()
print(run.id, flush=True)
run.wait()
"""


@pytest.fixture
def here(tmp_path):
    environ = {}
    exec(OTHER.replace("sys.argv[1]", repr(str(tmp_path))), environ)
    bench = environ["bench"]
    yield bench
    bench.close()


def started_elsewhere(tmp_path, here, done=6):
    """A run in another process that waits at a gate, and the process.

    So many of its firings are in the log as completed.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", OTHER + START, str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    run = process.stdout.readline().strip()
    marks = tmp_path / "marks"
    until(lambda: marks.is_file() and len(marks.read_text().split()) == 6)
    until(lambda: completed(here, run, "mark") == done)
    return process, run


def completed(bench, run, node):
    """How many firings of a node are in the log as completed."""
    ended = [e for e in bench.store.events(run) if isinstance(e, FiringCompleted)]
    return sum(event.node == node for event in ended)


def until(happened):
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def killed(process):
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    process.stdout.close()


def test_a_run_goes_on_after_kill_9_and_repeats_nothing_that_was_done(tmp_path, here):
    process, id = started_elsewhere(tmp_path, here)
    killed(process)
    outlast(here, id)
    assert here.run(id).status is RunStatus.INTERRUPTED
    (tmp_path / "open").touch()
    run = here.resume(id).wait(timeout=60)
    assert run.status is RunStatus.COMPLETED
    assert run.outputs == {"n": [0, 1, 2, 3, 4, 5]}
    assert (tmp_path / "marks").read_text().split() == ["0", "1", "2", "3", "4", "5"]


def test_a_run_that_another_kernel_holds_cannot_be_resumed_but_stopped(tmp_path, here):
    process, id = started_elsewhere(tmp_path, here)
    try:
        with pytest.raises(RunTaken, match=f"process {process.pid}"):
            here.resume(id)
        assert here.run(id).status is RunStatus.RUNNING
        here.run(id).stop()
        assert here.run(id).wait(timeout=60).status is RunStatus.STOPPED
    finally:
        killed(process)


def test_two_kernels_that_resume_at_once_get_one_owner(tmp_path, here):
    process, id = started_elsewhere(tmp_path, here)
    killed(process)
    outlast(here, id)
    other = Workbench(here.settings)
    with_samples(other.blocks)
    for block in ("test.mark", "test.gate"):
        other.blocks.register(here.blocks.block(block))
    try:
        first = here.resume(id)
        with pytest.raises(RunTaken):
            other.resume(id)
        (tmp_path / "open").touch()
        assert first.wait(timeout=60).status is RunStatus.COMPLETED
        with pytest.raises(StoreError, match="has ended"):
            other.resume(id)
    finally:
        use_workbench(here)
        other.close()


def test_stopping_a_run_whose_kernel_died_ends_it(tmp_path, here):
    process, id = started_elsewhere(tmp_path, here)
    killed(process)
    outlast(here, id)
    here.run(id).stop()
    until(lambda: here.run(id).status is RunStatus.STOPPED)


def test_live_values_are_computed_again_on_resume(tmp_path):
    settings = Settings(home=tmp_path, store_url=f"sqlite:///{tmp_path}/b.db")
    first = Workbench(settings)
    with_samples(first.blocks)
    use_workbench(first)
    from agentbench.domain.graph import Graph

    graph = Graph("live", blocks=first.blocks)
    held = graph.add("test.live")
    graph.add("test.forever")
    graph.output("same", graph.add("test.is_lock", thing=held))
    run = graph.start()
    while not run.outputs["same"]:
        time.sleep(0.02)
    first.close()
    second = Workbench(settings)
    with_samples(second.blocks)
    use_workbench(second)
    try:
        again = second.resume(run.id)
        until(lambda: again.outputs == {"same": [True]})
        again.stop()
        assert again.wait(timeout=60).status is RunStatus.STOPPED
    finally:
        second.close()


SEND = """
@ab.block(id="test.send", effects="sends")
async def send(folder: str) -> str:
    import asyncio
    with (Path(folder) / "marks").open("a") as file:
        file.write("sent 2 3 4 5 6\\n")
    await asyncio.sleep(0 if (Path(folder) / "open").exists() else 60)
    return "sent"

graph = Graph("mail", blocks=bench.blocks)
graph.input("to", "x", type="text")
graph.output("done", graph.add("test.send", "mail", folder=str(home)))
"""


@pytest.mark.parametrize(
    ("decision", "sent", "outputs", "status"),
    [
        ("again", 2, {"done": ["sent"]}, RunStatus.COMPLETED),
        ("done", 1, {"done": []}, RunStatus.COMPLETED),
        ("failed", 1, {"done": []}, RunStatus.FAILED),
    ],
)
def test_t17_what_was_being_sent_is_not_sent_again_unasked(
    tmp_path, here, monkeypatch, decision, sent, outputs, status
):
    environ = dict(here_names(here, tmp_path))
    exec(SEND, environ)
    begin = "run = graph.start(to='me')\nprint(run.id, flush=True)\nrun.wait()\n"
    monkeypatch.setitem(globals(), "START", SEND + begin)
    process, id = started_elsewhere(tmp_path, here, done=0)
    killed(process)
    outlast(here, id)
    for _ in range(2):
        with pytest.raises(NeedsDecision, match="while 'mail' was sending"):
            here.resume(id)
        assert here.run(id).status is RunStatus.NEEDS_DECISION
    (tmp_path / "open").touch()
    with pytest.raises(ValueError, match="'mail' can be again, done, failed"):
        here.resume(id, decisions={"mail": "perhaps"})
    run = here.resume(id, decisions={"mail": decision}).wait(timeout=60)
    assert run.status is status
    assert run.outputs == outputs
    assert (tmp_path / "marks").read_text().count("sent") == sent


POISON = """
def started(context):
    events = bench.store.events(context.run_id)
    starts = [event for event in events if type(event).__name__ == "FiringStarted"]
    return sum(event.node == context.node for event in starts)

@ab.block(id="test.poison")
async def poison(context: ab.Context, folder: str) -> str:
    import asyncio, os, signal, sys
    marks = Path(folder) / "marks"
    tried = marks.read_text().count("tried") if marks.exists() else 0
    while started(context) <= tried:  # until its start is in the log
        await asyncio.sleep(0.02)
    with marks.open("a") as file:
        file.write("tried\\n")
    if "pytest" not in sys.modules:  # else a mistake would take the tests down
        os.kill(os.getpid(), signal.SIGKILL)

graph = Graph("poison", blocks=bench.blocks)
graph.output("done", graph.add("test.poison", folder=str(home)))
graph.output("sum", graph.add("test.add", left=1, right=1))
"""
AGAIN = """
import sys
run = bench.resume(sys.argv[2])
run.wait()
"""


def test_t20_a_firing_that_kills_its_kernel_three_times_is_not_tried_again(
    tmp_path, here, monkeypatch
):
    environ = dict(here_names(here, tmp_path))
    exec(POISON, environ)
    begin = "run = graph.start()\nprint(run.id, flush=True)\nrun.wait()\n"
    monkeypatch.setitem(globals(), "START", POISON + begin)
    child = [sys.executable, "-c", OTHER + POISON + begin, str(tmp_path)]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    first = subprocess.run(
        child, capture_output=True, text=True, env=paths, check=False
    )
    id = first.stdout.strip()
    child[2:] = [OTHER + POISON + AGAIN, str(tmp_path), id]
    for _ in range(2):
        outlast(here, id)
        ran = subprocess.run(child, capture_output=True, env=paths, check=False)
        assert ran.returncode == -signal.SIGKILL
    outlast(here, id)
    run = here.resume(id).wait(timeout=60)
    assert run.status is RunStatus.FAILED
    assert [failure.error for failure in run.failures] == ["PoisonFiring"]
    assert run.outputs["sum"] == [2]
    assert (tmp_path / "marks").read_text().count("tried") == 3


def here_names(bench, home):
    import agentbench as ab
    from agentbench.domain.graph import Graph

    return {"bench": bench, "home": home, "ab": ab, "Graph": Graph, "Path": type(home)}


def test_a_run_whose_blocks_are_unknown_here_is_refused_with_their_names(
    tmp_path, here
):
    process, id = started_elsewhere(tmp_path, here)
    killed(process)
    outlast(here, id)
    stranger = Workbench(here.settings)
    try:
        assert stranger.run(id).status is RunStatus.INTERRUPTED
        with pytest.raises(GraphInvalid, match=r"the block 'test\.gate' is unknown"):
            stranger.resume(id)
    finally:
        use_workbench(here)
        stranger.close()


def test_a_run_that_never_got_going_keeps_its_inputs(tmp_path):
    url = f"sqlite:///{tmp_path}/b.db"
    down = Workbench(
        Settings(home=tmp_path, store_url=url, redis_url="redis://127.0.0.1:1/0")
    )
    from agentbench.domain.graph import Graph

    graph = Graph("echo", blocks=down.blocks)
    graph.output("n", graph.input("n", 1, type="whole number"))
    use_workbench(down)
    run = graph.start(n=42)
    with pytest.raises(BackendError):
        run.wait(timeout=60)
    down.close()
    up = Workbench(Settings(home=tmp_path, store_url=url, redis_url="local:"))
    use_workbench(up)
    try:
        assert up.resume(run.id).wait(timeout=60).outputs == {"n": [42]}
    finally:
        up.close()
