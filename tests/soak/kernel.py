"""A kernel of the soak: `python -m tests.soak.kernel FOLDER SEED FIRST`.

It takes up every run that a dead kernel has left, and beside that starts random graphs,
one after the other from number FIRST on, until somebody kills it. Each firing that is
executed leaves a line in a file of this process's own.
"""

import contextlib
import os
import sys
import time
from pathlib import Path

from agentbench.domain.errors import AgentbenchError
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.run import Run
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.engine import play
from tests.soak.graphs import drawn_of, graph_of

LEASE = 1.5
AT_ONCE = 8
"""Runs of its own that a kernel carries out at a time."""

NAP = 0.03
"""Seconds of a block's little rest, so that a run lasts long enough to be cut off."""


def kernel(home: Path) -> Workbench:
    """A kernel on the store and the server of that folder."""
    url = f"sqlite:///{home}/bench.db"
    bench = Workbench(Settings(home=home, store_url=url, lease=LEASE))
    play.with_play(bench.blocks)
    use_workbench(bench)
    return bench


def taken_up(bench: Workbench) -> list[Run]:
    """The runs that nobody carried out and that this kernel goes on with now."""
    found = []
    for record in bench.runs(limit=10_000):
        if record.status is RunStatus.INTERRUPTED and record.last_seq:
            # Another kernel was faster, or the server has just died.
            with contextlib.suppress(AgentbenchError):
                found.append(bench.resume(record.id))
    return found


def main() -> None:
    """Works until it is killed."""
    home, seed, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    play.mark_in(home / f"marks-{os.getpid()}", nap=NAP)
    bench = kernel(home)
    carried: list[Run] = []
    looked = 0.0
    while True:
        if time.monotonic() - looked > 2 * LEASE:
            with contextlib.suppress(AgentbenchError):
                carried += taken_up(bench)
            looked = time.monotonic()
        carried = [run for run in carried if run.done is None or not run.done.done()]
        if len(carried) < AT_ONCE:
            drawn, concurrency = drawn_of(seed, number)
            graph = graph_of(bench.blocks, drawn, seed, number)
            options = RunOptions(concurrency=concurrency)
            carried.append(bench.start(graph, drawn.inputs, options))
            print(number, carried[-1].id, flush=True)
            number += 1
        time.sleep(0.01)


if __name__ == "__main__":
    main()
