"""Crashes, true and false: what dies is taken up once, what ended stays ended."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from agentbench.domain.errors import NeedsDecision, RunTaken, StoreError
from agentbench.domain.event import RunResumed
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.workbench.opening import new_id
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.engine import killing
from tests.engine.story import ENDS, check_log, told
from tests.examples import IS_SOAK, SEED, rounds
from tests.kernels import with_samples

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.timeout(600 if IS_SOAK else 120)
def test_t16_kill_9_at_every_event(tmp_path):
    bench = killing.kernel(tmp_path)
    graph = killing.layered(bench, tmp_path)
    whole = bench.start(graph, {}).wait(timeout=60)
    expected, outputs = bench.store.events(whole.id), dict(whole.outputs)
    bench.close()
    last = len(expected) - 1
    every = range(2, last + 1)
    some = sorted(random.Random(SEED).sample(every, 10))
    numbers = list(every) if IS_SOAK else [2, *some, last]
    child = [sys.executable, "-m", "tests.engine.killing", str(tmp_path)]
    ran = subprocess.run(
        [*child, *map(str, numbers)], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    bench = killing.kernel(tmp_path)
    try:
        for number in numbers:
            id = (tmp_path / f"died-{number}").read_text()
            before = bench.store.events(id)
            assert len(before) >= number
            # The last batch may have held the end as well.
            has_ended = bench.store.run(id).status.is_final
            run = bench.run(id) if has_ended else bench.resume(id).wait(timeout=60)
            events = bench.store.events(id)
            assert events[: len(before)] == before
            check_log(events)
            assert told(graph, events) == told(graph, expected)
            assert dict(run.outputs) == outputs
            done = {event.node for event in before if isinstance(event, ENDS)}
            marks = Counter((tmp_path / id).read_text().split())
            for node, count in marks.items():
                assert count == 1 if node in done else count <= 2, (number, node)
            assert len(marks) == killing.LAYERS * killing.WIDTH
    finally:
        bench.close()
    with sqlite3.connect(tmp_path / "bench.db") as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.close()


@pytest.fixture
def pair(tmp_path):
    """Two kernels that share a store and a lock server."""
    url = f"sqlite:///{tmp_path}/bench.db"
    made = [Workbench(Settings(home=tmp_path, store_url=url)) for _ in range(2)]
    for number, bench in enumerate(made):
        with_samples(bench.blocks)
        bench.owner = f"kernel {number}"
    yield made
    for bench in made:
        bench.close()


@pytest.mark.timeout(600 if IS_SOAK else 120)
def test_t19_a_run_that_ended_well_is_never_taken_for_a_crash(pair):
    here, there = pair
    graph = Graph("quick", blocks=here.blocks)
    graph.output("n", graph.add("test.add", left=1, right=1))
    looks = Counter()
    for number in range(rounds(60, soak=1_000)):
        run = here.start(graph, {})
        while not (run.done.done() or there.carrier.is_owned(run.id)):
            pass  # it has no owner yet
        seen = RunStatus.RUNNING
        while not seen.is_final:
            if number % 2:
                with pytest.raises((RunTaken, StoreError)):
                    there.resume(run.id)
            seen = there.run(run.id).status
            listed = next(r for r in there.runs(limit=5) if r.id == run.id)
            assert RunStatus.INTERRUPTED not in (seen, listed.status)
            looks[seen] += 1
        run.wait(timeout=60)
        assert seen is there.run(run.id).status is run.status is RunStatus.COMPLETED
        events = there.store.events(run.id)
        check_log(events)
        assert not any(isinstance(event, RunResumed) for event in events)
    print(f"looked {looks.total()} times")
    assert looks.total() >= rounds(60, soak=1_000)


def test_a_send_that_is_declared_failed_reaches_the_error_link(pair):
    here, there = pair

    async def send() -> str:
        return "sent"

    for bench in pair:
        bench.blocks.register(FunctionBlock(send, id="test.send", effects="sends"))
    graph = Graph("mail", blocks=here.blocks)
    mail = graph.add("test.send", "mail")
    graph.output("trouble", mail["error"])
    first = here.start(graph, {}).wait(timeout=60)
    id = begun_again(here, first, at=2)
    with pytest.raises(NeedsDecision):
        there.resume(id)
    run = there.resume(id, decisions={"mail": "failed"}).wait(timeout=60)
    assert run.status is RunStatus.COMPLETED
    assert "somebody decided that it failed" in run["trouble"]


def begun_again(bench, run, at):
    """A run that stands as the first one did after event `at`, when its kernel died."""
    record, events = bench.store.run(run.id), bench.store.events(run.id)[:at]
    id = new_id()
    kept = RunRecord(
        id=id, agent=record.agent, graph=record.graph, status=RunStatus.RUNNING,
        started=record.started, owner="a kernel that died", fence=record.fence,
    )  # fmt: skip
    events[0] = msgspec.structs.replace(events[0], run=id)
    bench.store.create_run(kept).result()
    bench.store.append(id, events, fence=kept.fence).result()
    return id


@pytest.mark.timeout(600 if IS_SOAK else 120)
def test_t30_two_kernels_that_resume_at_the_same_instant_get_one_owner(pair):
    here, there = pair
    graph = Graph("held", blocks=here.blocks)
    graph.output("n", graph.add("test.add", left=1, right=1))
    graph.add("test.forever")
    first = here.start(graph, {})
    while not first.outputs["n"]:
        threading.Event().wait(0.01)
    last = here.store.run(first.id).last_seq
    wins = Counter()
    for _ in range(rounds(20, soak=200)):
        id = begun_again(here, first, at=last)
        start, got, refused = threading.Barrier(2), [], []

        def resume(bench, id=id, start=start, got=got, refused=refused):
            start.wait()
            try:
                got.append((bench.owner, bench.resume(id)))
            except RunTaken as error:
                refused.append(str(error))

        threads = [threading.Thread(target=resume, args=(bench,)) for bench in pair]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert len(got) == len(refused) == 1
        owner, run = got[0]
        assert owner in refused[0]
        wins[owner] += 1
        run.stop()
        run.wait(timeout=60)
        now = there.store.events(id)
        check_log(now)
        assert [e.owner for e in now if isinstance(e, RunResumed)] == [owner]
    first.stop()
    first.wait(timeout=60)
    print(f"who won: {dict(wins)}")
