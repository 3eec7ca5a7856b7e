"""T32e: a kernel is interrupted and restarted at random while agents run in it."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.notebook_kernel import NotebookKernel, running_kernel

IS_LONG = bool(os.environ.get("AGENTBENCH_SOAK"))
INTERRUPTS, RESTARTS = (100, 20) if IS_LONG else (10, 2)

LOAD = """\
%load_ext agentbench
import agentbench as ab
from agentbench.workbench.workbench import workbench
from tests.kernels import with_samples
with_samples(workbench().blocks)
quick = ab.new("quick", blank=True)
quick.output("n", quick.add("test.add", left=1, right=2))
long = ab.new("long", blank=True)
long.add("test.forever")
busy = ab.new("busy", blank=True)
busy.add("test.asleep", seconds=60)
"""

ALIVE = "print(quick.run_sync()['n'])"

WAYS = (
    "%agent run long",  # waits in its cell, and is stopped
    "%agent run busy",  # the same with a block that sleeps in a thread
    "long.start(); import time; time.sleep(60)",  # a cell that is busy with other things
    "await long.run()",  # waits in the loop of the kernel
    "while True: quick.run_sync()",  # runs begin and end all the time
)


def load(kernel: NotebookKernel) -> None:
    assert kernel.run(LOAD, timeout=120).error == ""


def processes_of(folder: Path) -> list[str]:
    """The command lines of every process that names the folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


@pytest.mark.timeout(1200 if IS_LONG else 300)
def test_t32e_restart_and_interrupt(tmp_path: Path) -> None:
    seed = int(os.environ.get("AGENTBENCH_SEED", "32"))
    dice = random.Random(seed)
    print(f"seed {seed}, {INTERRUPTS} interrupts, {RESTARTS} restarts")
    with running_kernel(tmp_path, AGENTBENCH_HOME=str(tmp_path / "h")) as kernel:
        load(kernel)
        for _ in range(INTERRUPTS):
            way = dice.choice(WAYS)
            # An interrupt before its first line would be the notebook's own to tell of.
            cell = kernel.begin(f"print('it has begun')\n{way}")
            kernel.wait_for_word(cell, "it has begun")
            time.sleep(dice.uniform(0, 0.5))
            kernel.manager.interrupt_kernel()
            outcome = kernel.outcome(cell, timeout=60)
            # IPython cannot show a traceback whose interrupt fell between two lines.
            is_told = outcome.error or "KeyboardInterrupt" in outcome.text
            assert is_told, (way, outcome.text)
            assert kernel.run(ALIVE, timeout=60).text.strip() == "3", way
        for _ in range(RESTARTS):
            started = kernel.run("run = long.start(); print(run.id)").text.split()[-1]
            time.sleep(dice.uniform(0, 0.5))
            kernel.restart()
            load(kernel)
            # Its lease outlives the kernel that was killed for as long as it lasts.
            status = f"print(ab.run({started!r}).status)"
            kernel.see(
                lambda says=status: kernel.run(says).text.strip() == "interrupted",
            )
            assert kernel.run(ALIVE, timeout=60).text.strip() == "3"
        running = f"print([r.status.value for r in ab.runs() if r.agent == 'long'])"
        assert "'running'" not in kernel.run(running).text
    end = time.monotonic() + 60
    while left := processes_of(tmp_path):
        assert time.monotonic() < end, f"orphans: {left}"
        time.sleep(0.1)
