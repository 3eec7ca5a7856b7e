"""T24 for runs: with no room left in the store they stand still, and then they go on."""

import asyncio
import contextlib
import threading
import time
from collections import Counter

import pytest

from agentbench.domain.errors import RunCutOff
from agentbench.domain.event import FiringStarted, RunHeld
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.widgets.run_watch import RunWatch
from agentbench.workbench.gone import Gone
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.engine.story import check_log
from tests.kernels import with_samples
from tests.stores.test_sqlite_full import fill

FIRINGS = 60
NO_ROOM = "There is no room left in"
executed: Counter[int] = Counter()
gate = threading.Event()
"""Open, unless a test closes it: then the store may get lost before the run is over."""
gate.set()


def kernel(home, store):
    bench = Workbench(Settings(home=home, store_url=store, redis_url="local:"))
    with_samples(bench.blocks)

    async def grow(number: int, size: int = 3_000) -> str:
        """Gives a text, of which each takes room."""
        executed[number] += 1
        while not gate.is_set():  # noqa: ASYNC110 - opened by another thread
            await asyncio.sleep(0.01)
        return f"{number} " + "x" * size

    bench.blocks.register(FunctionBlock(grow, id="test.grow", effects="writes"))
    use_workbench(bench)
    return bench


class Limited:
    """A kernel whose store may be given a limit; SQLite keeps to it as to a disk's end."""

    def __init__(self, home):
        self.bench = kernel(home, f"sqlite:///{home}/bench.db")
        executed.clear()

    def fill(self, pages=8):
        """Leaves room for so many pages (of 4 kB)."""
        self.bench.store.flush()
        (used,) = self._do("PRAGMA page_count").fetchone()
        self._do(f"PRAGMA max_page_count = {used + pages}")

    def free(self):
        self._do("PRAGMA max_page_count = 1000000")

    def _do(self, text):
        return self.bench.store._write(lambda c: c.execute(text))


@pytest.fixture
def limited(tmp_path):
    made = Limited(tmp_path)
    yield made
    made.free()
    made.bench.close()


def growing(bench, *, count=FIRINGS, size=3_000):
    graph = Graph("growing", blocks=bench.blocks)
    numbers = graph.add("test.numbers", count=count)
    graph.output("n", graph.add("test.grow", "grow", number=numbers, size=size))
    return graph


@contextlib.contextmanager
def closed_gate():
    """Lets what is begun end only afterwards."""
    gate.clear()
    try:
        yield
    finally:
        gate.set()


def until(happened, seconds=60.0):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def has_gone_on(bench, run, count=FIRINGS):
    """Whether it ended as if nothing had been."""
    assert run.wait(timeout=60).status is RunStatus.COMPLETED
    # What is read in the moment in which a server is not back yet says that it is gone.
    until(lambda: not any(isinstance(text, Gone) for text in run.outputs["n"]))
    assert [int(text.split()[0]) for text in run.outputs["n"]] == [*range(count)]
    assert executed == dict.fromkeys(range(count), 1)
    events = bench.store.events(run.id)
    check_log(events)
    return run.held == "" and run.failures == []


def test_t24_a_run_stands_still_and_goes_on_by_itself(limited):
    bench, heard = limited.bench, []
    bench.feed.listen(lambda run, events: heard.extend(events))
    limited.fill()
    run = bench.start(growing(bench), {}, RunOptions(concurrency=4))
    until(lambda: run.held)
    assert NO_ROOM in run.held
    assert run.status is RunStatus.RUNNING
    # Nothing new is begun, and nothing is shown that is not in the log.
    last = bench.store.run(run.id).last_seq
    began = executed.total()
    assert 0 < began < FIRINGS
    watch = RunWatch(bench, run, lambda: None)
    assert watch.changes().run.reason.startswith(f"paused. {NO_ROOM}")
    time.sleep(1.5)
    assert executed.total() == began
    assert bench.store.run(run.id).last_seq == last
    shown = [event for event in heard if hasattr(event, "seq")]
    assert shown == bench.store.events(run.id)[1:]
    assert sum(f.status == "completed" for f in run.firings) <= began
    limited.free()
    assert has_gone_on(bench, run)
    until(lambda: watch.changes().run.reason == "")
    told = [event.reason for event in heard if isinstance(event, RunHeld)]
    assert NO_ROOM in told[0]
    assert told[-1] == ""


def test_t24_a_run_on_a_real_disk_that_is_full_stands_still(tiny_disk):
    executed.clear()
    bench = kernel(tiny_disk, f"sqlite:///{tiny_disk}/kept/bench.db")
    try:
        with closed_gate():
            graph = growing(bench, size=30_000)
            run = bench.start(graph, {}, RunOptions(concurrency=4))
            until(lambda: executed)
            ballast = fill(tiny_disk)
        until(lambda: run.held)
        time.sleep(1.5)
        assert run.status is RunStatus.RUNNING
        ballast.unlink()
        assert has_gone_on(bench, run)
    finally:
        bench.close()


def test_a_run_that_stands_still_is_told_that_there_is_room(limited, monkeypatch):
    monkeypatch.setattr("agentbench.engine.room.LOOK", 600.0)
    limited.fill()
    run = limited.bench.start(growing(limited.bench), {})
    until(lambda: run.held)
    limited.free()
    assert limited.bench.resume(run.id) is run
    assert has_gone_on(limited.bench, run)


def test_a_run_that_stands_still_can_be_stopped_and_taken_up(limited):
    bench = limited.bench
    limited.fill()
    run = bench.start(growing(bench), {}, RunOptions(concurrency=1))
    until(lambda: run.held)
    run.stop()
    with pytest.raises(RunCutOff, match=f"could not be written down. {NO_ROOM}"):
        run.wait(timeout=60)
    assert run.status is RunStatus.INTERRUPTED
    before = bench.store.events(run.id)
    limited.free()
    again = bench.resume(run.id).wait(timeout=60)
    assert again.status is RunStatus.COMPLETED
    assert len(again.outputs["n"]) == FIRINGS
    events = bench.store.events(run.id)
    assert events[: len(before)] == before
    check_log(events)
    # What was done and could not be written down was done again.
    assert set(executed.values()) <= {1, 2}


def test_the_clocks_stand_still_too(limited):
    graph = growing(limited.bench)
    graph["grow"].set(timeout=3.0)
    limited.fill()
    run = limited.bench.start(graph, {}, RunOptions(max_seconds=4.0))
    until(lambda: run.held)
    time.sleep(4.5)
    limited.free()
    assert has_gone_on(limited.bench, run)


def test_a_stream_waits_where_it_is(limited):
    given = []

    async def flood(most: int):
        for number in range(most):
            given.append(number)
            yield "x" * 3_000

    bench = limited.bench
    bench.blocks.register(FunctionBlock(flood, id="test.flood"))
    graph = Graph("flood", blocks=bench.blocks)
    graph.output("x", graph.add("test.flood", most=2_000))
    limited.fill()
    run = bench.start(graph, {})
    until(lambda: run.held)
    time.sleep(0.5)
    assert len(given) < 1_500
    limited.free()
    assert len(run.wait(timeout=60).outputs["x"]) == 2_000


def test_agents_within_agents_stand_still_together(limited):
    bench = limited.bench
    inner = growing(bench)
    bench.agents.hold(inner)
    outer = Graph("outer", blocks=bench.blocks)
    child = outer.add("agent.run", "child", agent="growing")
    outer.output("n", child["n"])
    limited.fill(pages=20)
    run = bench.start(outer, {})
    until(lambda: run.held)
    time.sleep(1.2)
    assert run.status is RunStatus.RUNNING
    limited.free()
    assert run.wait(timeout=60).status is RunStatus.COMPLETED, run.failures
    assert executed == dict.fromkeys(range(FIRINGS), 1)
    assert [child.status for child in run.children] == [RunStatus.COMPLETED]


def test_values_above_the_quota_wait_while_other_runs_go_on(tmp_path, caplog):
    executed.clear()
    url = f"sqlite:///{tmp_path}/bench.db"
    bench = Workbench(
        Settings(home=tmp_path, store_url=url, redis_url="local:", quota=200_000)
    )
    with_samples(bench.blocks)
    started = threading.Event()

    async def large(number: int) -> str:
        started.set()
        return f"{number} " + "y" * 50_000

    bench.blocks.register(FunctionBlock(large, id="test.large"))
    try:
        graph = Graph("large", blocks=bench.blocks)
        numbers = graph.add("test.numbers", count=9)
        graph.output("n", graph.add("test.large", number=numbers))
        run = bench.start(graph, {})
        until(lambda: run.held)
        assert "AGENTBENCH_QUOTA" in run.held
        assert f"{run.id} stands still" in caplog.text
        small = Graph("small", blocks=bench.blocks)
        small.output("n", small.add("test.add", left=1, right=1))
        assert bench.start(small, {}).wait(timeout=60).outputs == {"n": [2]}
        assert run.status is RunStatus.RUNNING
        run.stop()
        assert run.wait(timeout=60).status is RunStatus.STOPPED
        begun = [e for e in bench.store.events(run.id) if isinstance(e, FiringStarted)]
        assert len(begun) > 1
    finally:
        bench.close()
