"""The film of a run of 100,000 firings: `python -m tests.benchmarks.film HOME` measures it."""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agentbench.widgets.film_messages import AskBars, AskFiring
from agentbench.widgets.run_timeline import Film
from agentbench.widgets.run_watch import RunWatch
from agentbench.workbench.film.page import write_page
from agentbench.workbench.workbench import Workbench
from tests.benchmarks.engine import carry_out
from tests.benchmarks.scale import ROOT, bench_in, stream_of

LENGTH = 100_000
TURNS = 15


def film() -> dict[str, Any]:
    """Seconds for each thing people do with it; in a process of its own."""
    print("film", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as home:
        ran = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.film", home],
            cwd=ROOT,
            env=os.environ | {"AGENTBENCH_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def measured(home: Path) -> dict[str, float]:
    """What is asked once is measured once, cold; steps and jumps are medians."""
    bench = bench_in(home)
    graph = stream_of(bench, LENGTH)
    run = bench.run(asyncio.run(carry_out(bench, graph)).id)
    found: dict[str, float] = {}
    found["paint_s"] = statistics.median(
        _seconds(lambda: first_bars(Film(bench, bench.run(run.id))))
        for _ in range(TURNS)
    )
    found["canvas_s"] = statistics.median(
        _seconds(lambda: first_nodes(bench, run.id)) for _ in range(TURNS)
    )
    shown = Film(bench, bench.run(run.id))
    found["timeline_s"] = _seconds(lambda: whole(shown))
    ask = AskFiring(node="more", number=LENGTH // 2)
    found["firing_s"] = _seconds(lambda: shown.answer(ask))
    watch = RunWatch(bench, run, lambda: None)
    while "reading" in watch.everything()[0].reason:
        pass

    def seek(at: int) -> float:
        def do() -> None:
            watch.seek(at)
            watch.changes()

        return _seconds(do)

    chance, last = random.Random(1), len(run.events)
    jumps, back, on = [], [], []
    for _ in range(TURNS):
        at = chance.randint(2, last - 1)
        jumps.append(seek(at))
        back.append(seek(at - 1))
        on.append(seek(at))
    found["jump_s"] = statistics.median(jumps)
    found["back_s"], found["on_s"] = statistics.median(back), statistics.median(on)
    found["page_s"] = _seconds(lambda: write_page(bench, run, home / "run.html"))
    watch.close()
    bench.close()
    return found


def first_bars(film: Film) -> None:
    """What a view of a timeline is told before it draws something."""
    about = film.about()
    rows = [row.row for row in about.rows]
    film.answer(AskBars(start=0.0, end=about.seconds, width=2_000, rows=rows))


def first_nodes(bench: Workbench, run: str) -> None:
    """What a canvas is told first of a run of another kernel."""
    watch = RunWatch(bench, bench.run(run), lambda: None)
    watch.changes().model_dump(mode="json")
    watch.close()


def whole(film: Film) -> None:
    """A timeline read to its end."""
    while film.about().read < 1.0:
        pass


def _seconds(do: Callable[[], Any]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]))), flush=True)
