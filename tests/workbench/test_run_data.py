"""Runs as data: `ab.runs()`, `run.firings`, `run.events` and `run.outputs`, and their frames."""

import datetime
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.event import LineLogged, RunFinished, RunStarted
from agentbench.domain.run import FiringStatus, RunStatus
from agentbench.domain.store import RunRecord
from agentbench.domain.value import StoredValue
from tests.workbench.kept import (
    bench,
    every_store,
    mixed_graph,
    open_bench,
    store_url,
)

pandas = pytest.importorskip("pandas")

__all__ = ["bench", "open_bench", "store_url"]

LARGE = pandas.DataFrame({"n": range(3000)})


def cut_off(bench, run, id, *, started=0.0):
    """A run in the store like `run`, which nobody ended."""
    events = list(run.events)[:-1]
    record = replace(
        bench.store.run(run.id), id=id, status=RunStatus.RUNNING, ended=0.0
    )
    record = replace(record, started=started or record.started)
    bench.store.add_runs([(record, events)])


@every_store
def test_runs_are_objects_and_a_frame(bench):
    graph = mixed_graph(bench, LARGE)
    first, second = graph.run_sync(), graph.run_sync()
    runs = ab.runs()
    assert [run.id for run in runs] == [second.id, first.id]
    with pytest.raises(LookupError, match="no output 'nope'"):
        first["nope"]
    assert isinstance(runs[0], RunRecord)
    assert (len(runs), len(runs[:1]), bool(ab.runs("none"))) == (2, 1, False)
    frame = runs.to_frame()
    assert list(frame["id"]) == [second.id, first.id]
    assert list(frame["status"]) == ["failed", "failed"]
    assert list(frame["events"]) == [len(second.events), len(first.events)]
    assert str(frame["started"].dt.tz) == "UTC"
    took = (frame["ended"] - frame["started"]).dt.total_seconds()
    assert took.round(3).equals(frame["seconds"].round(3))


@every_store
def test_runs_are_found_by_agent_status_and_time(bench):
    graph = ab.Graph("fine", blocks=bench.blocks)
    graph.output("n", graph.add("test.add", left=1))
    fine = graph.run_sync()
    bad = ab.Graph("bad", blocks=bench.blocks)
    bad.add("test.fail_on", number=2)
    failed = bad.run_sync()
    cut_off(bench, fine, "cut-off", started=fine._folded().started - 86_400)

    def found(*agent, **wanted):
        return {run.id for run in ab.runs(*agent, **wanted)}

    assert found("fine") == {fine.id, "cut-off"}
    assert found(status="failed") == {failed.id}
    assert found(status=["completed", RunStatus.FAILED]) == {fine.id, failed.id}
    assert found(status="interrupted") == {"cut-off"}
    assert found(status="running") == set()
    assert [run.id for run in ab.runs(status="interrupted", limit=1)] == ["cut-off"]
    for lately in ("12h", datetime.timedelta(hours=12), time.time() - 43_200):
        assert found(since=lately) == {fine.id, failed.id}
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)
    assert len(found(since=yesterday)) == len(found(since=yesterday.isoformat())) == 3
    assert len(found(since=yesterday.date())) == 3
    assert ab.runs(limit=0) == ab.runs("bad", status="completed") == []


@pytest.mark.parametrize("scheme", ["memory"])
def test_what_is_no_filter_is_told(bench):
    with pytest.raises(ValueError, match="needs_decision: 'broken' is not"):
        ab.runs(status="broken")
    with pytest.raises(ValueError, match="'last week' is no time: give one as 2026"):
        ab.runs(since="last week")


@every_store
def test_firings_are_objects_and_a_frame(bench):
    run = mixed_graph(bench, LARGE).run_sync()
    assert len(run.firings) == 1 + 4 + 3 + 2 + 2
    by = {(firing.node, firing.number): firing for firing in run.firings}
    third = by["tried", 3]
    assert (third.status, third.attempts) == (FiringStatus.FAILED, 1)
    assert third.error == "ValueError: 2 is bad"
    assert "fail_on" in third.traceback
    assert (third.inputs, third.outputs) == ({"number": 2}, {})
    assert by["tried", 4].outputs == {"result": [3]}
    assert by["stream", 1].outputs == {"result": [0, 1, 2, 3]}
    assert third.started <= third.ended
    [held] = by["held", 1].outputs["value"]
    assert held.equals(LARGE)
    assert {firing.node for firing in run.firings if firing.error} == {"tried"}

    frame = run.firings.to_frame().set_index(["node", "number"])
    assert frame.loc[("tried", 3), "error"] == "ValueError: 2 is bad"
    assert frame.loc[("tried", 4), "inputs"] == {"number": 3}
    assert frame["attempts"].sum() == len(frame)
    assert (frame["ended"] >= frame["started"]).all()
    [kept] = frame.loc[("held", 1), "outputs"]["value"]
    assert isinstance(kept, StoredValue)
    whole = run.firings.to_frame(values=True).set_index(["node", "number"])
    assert whole.loc[("held", 1), "outputs"]["value"][0].equals(LARGE)


@every_store
def test_firings_say_what_they_tried_used_waited_for_and_reused(bench):
    failing = [True]

    @ab.block(id="test.shaky")
    async def shaky(context: Context) -> int:
        context.use(tokens=30, cost=0.25)
        if failing.pop() if failing else False:
            raise OSError("the line was busy")
        return 1

    @ab.block(id="test.ask")
    async def ask(context: Context) -> str:
        return str(await context.ask("Go on?"))

    graph = ab.Graph("trying", blocks=bench.blocks)
    node = graph.add(shaky, "shaky").set(retries=2, retry_wait=0.01)
    graph.add(ask, "asks")
    graph.output("n", node)
    run = graph.run_sync()
    by = {firing.node: firing for firing in run.firings}
    assert by["shaky"].attempts == 2
    assert by["shaky"].tries == ("OSError: the line was busy",)
    assert by["shaky"].tokens >= 30
    assert by["shaky"].cost >= 0.25
    assert (by["asks"].status, by["asks"].question) == (FiringStatus.WAITING, "Go on?")

    run = ab.answer(run.id, "asks", "yes").wait(timeout=60)
    asked = next(firing for firing in run.firings if firing.node == "asks")
    assert asked.status is FiringStatus.COMPLETED
    assert asked.question == ""
    answered = next(e.at for e in run.events if type(e).__name__ == "FiringAnswered")
    parked = next(e.at for e in run.events if type(e).__name__ == "FiringParked")
    assert asked.waited == pytest.approx(answered - parked)
    assert asked.started < parked <= answered <= asked.ended

    again = graph.run_sync(reuse=True)
    reused = next(firing for firing in again.firings if firing.node == "shaky")
    assert reused.status is FiringStatus.REUSED
    assert reused.reason == "nothing it depends on changed"


@every_store
def test_a_run_that_goes_on_can_be_looked_at(bench):
    going = threading.Event()

    @ab.block(id="test.hold")
    def hold(number: int) -> int:
        going.wait(60)
        return number

    graph = ab.Graph("going", blocks=bench.blocks)
    graph.output("n", graph.add(hold, "hold", number=7))
    run = graph.start()
    while not run.firings:
        time.sleep(0.01)
    before, log = run.firings, run.events
    row = before.to_frame().iloc[0]
    assert (row["node"], row["status"]) == ("hold", "running")
    assert pandas.isna(row["ended"])
    assert run.outputs == {"n": []}
    assert ab.runs("going").to_frame()["seconds"].isna().all()
    going.set()
    run.wait(timeout=60)
    assert [firing.status for firing in before] == [FiringStatus.RUNNING]
    assert len(log) < len(run.events)
    assert [f.status for f in run.firings] == [FiringStatus.COMPLETED] * 2


@pytest.mark.parametrize("scheme", ["sqlite", "postgresql"])
def test_another_kernel_sees_the_same(bench, open_bench, store_url):
    run = mixed_graph(bench, LARGE).run_sync()
    other = open_bench(store_url)
    there = other.run(run.id)
    columns = [name for name in run.firings.columns if name != "outputs"]
    here = run.firings.to_frame()[columns]
    assert there.firings.to_frame()[columns].equals(here)
    assert there.events == run.events
    assert there.outputs["large"][0].equals(LARGE)
    assert other.runs().to_frame().equals(bench.runs().to_frame())
    assert [part.id for part in there.parts] == [child.id for child in run.children]


@every_store
def test_events_are_read_as_they_are_asked_for(bench):
    run = mixed_graph(bench, LARGE).run_sync()
    events = run.events
    every = bench.store.events(run.id)
    assert (list(events), len(events)) == (every, len(every))
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    for part in (
        slice(2, 5), slice(None, None, 3), slice(5, 1, -2), slice(-2, None), slice(9, 3),
    ):  # fmt: skip
        assert events[part] == every[part]
    with pytest.raises(IndexError):
        events[len(every)]
    frame = events.to_frame()
    assert list(frame["seq"]) == [event.seq for event in every]
    assert frame["kind"].iloc[0] == "run_started"
    assert set(frame.loc[frame["node"] == "tried", "firing"]) == {1, 2, 3, 4}


@every_store
def test_a_log_longer_than_a_page_is_read_whole(bench):
    graph = ab.Graph("long", blocks=bench.blocks)
    graph.output("n", graph.add("test.add", left=1))
    short = graph.run_sync()
    first, *_, last = short.events
    node = next(firing.node for firing in short.firings)
    lines = [
        LineLogged(seq=seq, at=first.at, node=node, firing=1, text=str(seq))
        for seq in range(len(short.events), 12_000)
    ]
    whole = [*list(short.events)[:-1], *lines]
    whole.append(
        RunFinished(seq=12_000, at=last.at, status="failed", seconds=1.0, unfired={})
    )
    record = replace(bench.store.run(short.id), id="long-1", status=RunStatus.FAILED)
    bench.store.add_runs([(record, whole)])
    run = ab.run("long-1")
    assert run.status is RunStatus.FAILED
    assert len(run.firings[0].log) == len(lines)
    assert len(run.events.to_frame()) == sum(1 for _ in run.events) == 12_000


@pytest.mark.parametrize("scheme", ["memory"])
def test_outputs_are_a_dictionary_and_a_frame(bench):
    run = mixed_graph(bench, LARGE).run_sync()
    assert run.outputs == {
        "good": [0, 1, 3],
        "twice": [42],
        "large": run.outputs["large"],
    }
    frame = run.outputs.to_frame()
    good = frame[frame["output"] == "good"]
    assert list(good["number"]) == [1, 2, 3]
    assert list(good["value"]) == [0, 1, 3]
    [value] = frame.loc[frame["output"] == "large", "value"]
    assert value.equals(LARGE)


@pytest.mark.parametrize("scheme", ["memory"])
def test_they_show_as_tables_and_their_text_is_the_same_each_time(bench):
    graph = mixed_graph(bench, LARGE)
    run, again = graph.run_sync(), graph.run_sync()
    shown = run.firings._repr_mimebundle_()
    assert "<th>seconds</th>" in shown["text/html"]
    assert "ValueError: 2 is bad" in shown["text/plain"]
    assert shown["text/plain"] == again.firings._repr_mimebundle_()["text/plain"]
    assert str(run.firings) == shown["text/plain"]
    listed = ab.runs()._repr_mimebundle_()
    assert run.id in listed["text/html"]
    assert run.id not in listed["text/plain"]
    assert listed["text/plain"].splitlines()[:3] == [
        "agent  status  events",
        f"mixed  failed  {len(again.events):>6}",
        f"mixed  failed  {len(run.events):>6}",
    ]
    assert (repr(ab.runs()), repr(run.firings)) == ("<2 runs>", "<12 firings>")
    assert repr(again.firings[0]) == repr(run.firings[0])


def test_without_pandas_it_is_said_how_to_get_it(tmp_path):
    script = """
    import sys
    sys.modules["pandas"] = None  # as where it is not installed
    import agentbench as ab
    graph = ab.Graph("plain")
    graph.output("n", graph.add("math.calculate", expression="1 + 1"))
    run = graph.run_sync()
    assert run.firings[0].outputs == {"result": [2]}
    for data in (run.firings, run.events, run.outputs, ab.runs()):
        try:
            data.to_frame()
        except ab.AgentbenchError as error:
            print(error)
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=False,
        env={
            "AGENTBENCH_HOME": str(tmp_path),
            "AGENTBENCH_STORE_URL": "memory:",
            "AGENTBENCH_REDIS_URL": "local:",
        },
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("pip install 'agentbench[data]'") == 4


@every_store
def test_runs_are_deleted_with_what_only_they_held(bench):
    graph = mixed_graph(bench, LARGE)
    first, second = graph.run_sync(), graph.run_sync()
    held = [
        e.value.blob for e in first.events if hasattr(getattr(e, "value", None), "blob")
    ]
    with pytest.raises(ValueError, match="say which"):
        ab.delete_runs()
    with pytest.raises(ab.AgentbenchError, match="no run 'run-x'"):
        ab.delete_runs(first, "run-x")
    assert len(ab.runs()) == 2
    assert ab.delete_runs(first) == 1
    assert [run.id for run in ab.runs()] == [second.id]
    with pytest.raises(ab.AgentbenchError, match="no run"):
        ab.run(first.id)
    assert ab.delete_runs(before="1h") == 0
    assert ab.delete_runs(status="failed") == 1
    assert ab.sweep().values == 0
    assert held
    assert ab.sweep(at_once=True).values > 0
    assert not any(map(bench.store.has_blob, held))


@every_store
def test_a_run_that_goes_on_is_not_deleted(bench):
    begun, end = threading.Event(), threading.Event()

    @ab.block(id="test.held")
    def held() -> int:
        begun.set()
        return int(end.wait(60))

    graph = ab.Graph("held")
    graph.add(held)
    run = graph.start()
    assert begun.wait(60)
    with pytest.raises(ab.AgentbenchError, match="Stop it first"):
        ab.delete_runs(run)
    with pytest.raises(ab.AgentbenchError, match="goes on; wait for it"):
        ab.sweep(at_once=True)
    end.set()
    run.wait(timeout=60)
    assert ab.delete_runs(agent="held") == 1
