"""Kills itself at each event that is asked for: `python -m tests.engine.killing FOLDER N…`.

One process a kill, forked from this one before it has any thread. Each begins a run of the
same graph, notes its id, and sends itself SIGKILL once event number N is in the log.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from agentbench.domain.context import Context
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench

LAYERS, WIDTH = 5, 6


async def mark(
    context: Context, folder: str, left: int = 1, right: int = 1, naps: int = 0
) -> int:
    """Leaves a mark outside of the store, so that every execution is counted."""
    with (Path(folder) / context.run_id).open("a") as file:
        file.write(f"{context.node}\n")
    for _ in range(naps):
        await asyncio.sleep(0)
    return (left + 2 * right) % 1000


def kernel(folder: Path) -> Workbench:
    """A kernel on the store of that folder."""
    url = f"sqlite:///{folder}/bench.db"
    bench = Workbench(Settings(home=folder, store_url=url, redis_url="local:"))
    bench.blocks.register(FunctionBlock(mark, id="test.mark", effects="writes"))
    return bench


def layered(bench: Workbench, folder: Path) -> Graph:
    """Thirty nodes, five layers deep; its outputs are those of the last layer."""
    graph = Graph("layered", blocks=bench.blocks)
    above = []
    for layer in range(LAYERS):
        row = []
        for column in range(WIDTH):
            given = {"folder": str(folder), "naps": (layer + column) % 3}
            if above:
                given |= {"left": above[column], "right": above[(column + 1) % WIDTH]}
            row.append(graph.add("test.mark", f"m{layer}{column}", **given))
        above = row
    for column, node in enumerate(above):
        graph.output(f"out{column}", node)
    return graph


def die_at(folder: Path, number: int) -> None:
    """Runs the graph, and ends this process when event `number` has been committed."""
    bench = kernel(folder)

    def listen(run, events):
        if events[-1].seq >= number:
            (folder / f"died-{number}").write_text(run)
            os.kill(os.getpid(), signal.SIGKILL)

    bench.feed.listen(listen)
    bench.start(layered(bench, folder), {}).wait()


def main() -> None:
    """Dies once for each number."""
    folder = Path(sys.argv[1])
    for number in map(int, sys.argv[2:]):
        child = os.fork()
        if child == 0:
            try:
                die_at(folder, number)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, f"it outlived event {number}"


if __name__ == "__main__":
    main()
