"""T18: a kernel that was frozen, thought dead, and replaced, wakes up again."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from agentbench.domain.event import FiringCompleted, RunResumed
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.engine.story import check_log
from tests.kernels import with_samples

ROOT = Path(__file__).parent.parent.parent
LEASE = 6.0  # a kernel that runs keeps it, however busy the machine


async def gate(folder: str, number: int = 0) -> int:
    """Waits, from number 3 on, until the gate is open."""
    import asyncio

    while number >= 3 and not (Path(folder) / "open").exists():  # noqa: ASYNC110
        await asyncio.sleep(0.02)  # a file sets no event
    return number


def kernel(home: Path, locks: str) -> Workbench:
    """A kernel on the store of that folder; with `local:` locks it hears of no other."""
    url = f"sqlite:///{home}/bench.db"
    bench = Workbench(Settings(home=home, store_url=url, redis_url=locks, lease=LEASE))
    with_samples(bench.blocks)
    bench.blocks.register(FunctionBlock(gate, id="test.gate"))
    use_workbench(bench)
    return bench


def main() -> None:
    """The zombie: tells its run's id, and at the end how that came to its end here."""
    home, locks = Path(sys.argv[1]), sys.argv[2]
    bench = kernel(home, locks)
    graph = Graph("held", blocks=bench.blocks)
    numbers = graph.add("test.numbers", count=6)
    graph.output("n", graph.add("test.gate", folder=str(home), number=numbers))
    run = bench.start(graph, {})
    print(run.id, flush=True)
    try:
        run.wait()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        print(type(error).__name__, error, flush=True)
    print(run.status, dict(run.outputs), flush=True)
    bench.close()


@pytest.mark.parametrize("locks", ["", "local:"], ids=["told", "not told"])
def test_t18_a_frozen_owner_that_wakes_up_is_refused_and_says_so(tmp_path, locks):
    """Also where no lock tells it: then the store alone stands between the two."""
    command = [sys.executable, "-m", "tests.engine.test_zombie", str(tmp_path), locks]
    zombie = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    here = kernel(tmp_path, locks)
    try:
        id = zombie.stdout.readline().strip()
        until(lambda: here.run(id).outputs["n"] == [0, 1, 2])
        until(lambda: here.run(id).status is RunStatus.RUNNING or locks)
        os.kill(zombie.pid, signal.SIGSTOP)
        until(lambda: here.run(id).status is RunStatus.INTERRUPTED)
        run = here.resume(id)
        (tmp_path / "open").touch()
        assert run.wait(timeout=60).status is RunStatus.COMPLETED
        before = here.store.events(id)
        os.kill(zombie.pid, signal.SIGCONT)
        said = zombie.communicate(timeout=60)[0].splitlines()
    finally:
        zombie.kill()
        zombie.wait()
    print(said[0])
    assert said[0].startswith(("RunCutOff", "StaleOwner")), said
    assert "was taken over by another kernel" in said[0] or not locks
    # What it shows is what the other one did.
    assert said[1] == "completed {'n': [0, 1, 2, 3, 4, 5]}"
    assert here.store.events(id) == before
    here.close()
    check_log(before)
    ends = Counter((e.node, e.firing) for e in before if isinstance(e, FiringCompleted))
    assert set(ends.values()) == {1}
    assert len([e for e in before if isinstance(e, RunResumed)]) == 1


def until(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


if __name__ == "__main__":
    main()
