"""A run in a file: written, read elsewhere, inert."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import RunClash, StoreError
from agentbench.domain.run import RunStatus
from agentbench.workbench.gone import Gone
from tests.stores.places import place
from tests.workbench.kept import (
    LARGE,
    bench,
    entries,
    every_store,
    file,
    here,
    log_of,
    mixed_graph,
    open_bench,
    packed,
    store_url,
    there,
    with_log,
)

__all__ = ["bench", "file", "here", "open_bench", "store_url", "there"]

# ---- there and back ------------------------------------------------------------------


@every_store
def test_a_run_comes_back_whole_in_another_store(open_bench, bench, request, tmp_path):
    run = mixed_graph(bench, LARGE).run_sync()
    file = run.export(tmp_path / "it.run.zip")
    for url in ("memory:", place(request, "sqlite") + "2"):
        other = open_bench(url)
        there = ab.import_run(file)
        assert there.id == run.id
        assert there.status is RunStatus.FAILED
        assert there.outputs == {"good": [0, 1, 3], "twice": [42], "large": [LARGE]}
        assert there.events == run.events
        assert [str(one) for one in there.failures] == ["tried: ValueError: 2 is bad"]
        assert there.graph.to_json() == run.graph.to_json()
        [part], [child] = there.children, run.children
        assert (part.id, part.outputs) == (child.id, {"twice": [42]})
        record, was = other.store.run(run.id), bench.store.run(run.id)
        assert replace(record, owner=was.owner, fence=was.fence) == was
        assert [one.id for one in ab.runs(status="failed")] == [run.id]


@every_store
def test_taken_into_each_store(open_bench, bench, tmp_path):
    source = open_bench()
    run = mixed_graph(source, LARGE).run_sync()
    there = bench.import_run(run.export(tmp_path / "it.run.zip"))
    assert there.events == run.events
    assert there.outputs["large"] == [LARGE]
    assert there.children[0].events == run.children[0].events
    assert bench.import_run(tmp_path / "it.run.zip").id == run.id
    assert len(bench.runs()) == 1


def test_the_file_is_plain_to_read_and_the_same_each_time(here, file, tmp_path):
    [run] = here.runs()
    held = entries(file)
    manifest = json.loads(held["run.json"])
    assert manifest["format"] == "agentbench-run/1"
    assert (manifest["run"], manifest["agent"]) == (run.id, "mixed")
    assert [one["id"] for one in manifest["runs"]] == [
        run.id,
        f"{run.id}.calls.1.doubler",
    ]
    assert log_of(held)[0]["kind"] == "run_started"
    graphs = [name for name in held if name.startswith("graphs/")]
    assert {json.loads(held[name])["name"] for name in graphs} == {"mixed", "doubler"}
    assert any(json.loads(data) == LARGE for data in held.values() if data[:2] == b"[0")
    again = here.run(run.id).export(tmp_path)
    assert again == tmp_path / f"{run.id}.run.zip"
    assert again.read_bytes() == file.read_bytes()


def test_a_part_is_written_as_the_whole_that_it_belongs_to(here, file, tmp_path):
    child = here.run(here.runs()[0].id).children[0]
    assert child.export(tmp_path / "c.run.zip").read_bytes() == file.read_bytes()


def test_writing_elsewhere_or_nothing_is_told(here, file, tmp_path):
    run = here.run(here.runs()[0].id)
    with pytest.raises(StoreError, match=r"no-folder/it\.run\.zip cannot be written"):
        run.export(tmp_path / "no-folder" / "it.run.zip")
    record = replace(here.store.run(run.id), id="empty", status=RunStatus.QUEUED)
    here.store.create_run(record).result()
    before = set(tmp_path.iterdir())
    with pytest.raises(StoreError, match="has not begun"):
        here.run("empty").export(tmp_path / "empty.run.zip")
    assert set(tmp_path.iterdir()) == before


def test_a_value_that_is_gone_already_stays_gone(here, file, there, tmp_path):
    run = here.run(here.runs()[0].id)
    [blob] = (name[7:] for name in entries(file) if name.startswith("values/"))
    del here.store._blobs[blob]  # as a disk may lose it
    lacking = run.export(tmp_path / "lacking.run.zip")
    assert json.loads(entries(lacking)["run.json"])["missing"] == [blob]
    taken = there.import_run(lacking)
    assert isinstance(taken.outputs["large"][0], Gone)
    assert taken.outputs["twice"] == [42]


# ---- inert ---------------------------------------------------------------------------


def paid_for(bench, counted: Path):
    """A graph that asks, and then leaves a mark outside for each execution."""

    @ab.block(id="test.ask")
    async def ask(context: Context) -> str:
        return str(await context.ask("Pay?"))

    @ab.block(id="test.pay", effects="sends")
    def pay(said: str) -> str:
        with counted.open("a") as file:
            file.write("paid\n")
        return said

    graph = ab.Graph("paying", blocks=bench.blocks)
    graph.output("said", graph.add(pay, "pay", said=graph.add(ask, "asks")))
    return graph


def test_a_run_that_waits_does_nothing_until_it_is_asked_to(open_bench, tmp_path):
    counted = tmp_path / "marks"
    run = paid_for(open_bench(), counted).run_sync()
    file = run.export(tmp_path / "it.run.zip")
    there = open_bench()
    paid_for(there, counted)
    taken = ab.import_run(file)
    assert taken.status is RunStatus.WAITING
    assert not there.carrier.is_owned(taken.id)
    assert taken.wait(timeout=60).outputs == {"said": []}
    assert len(taken.firings) == 1
    assert not counted.exists()
    assert ab.answer(taken.id, "asks", "yes").wait(timeout=60)["said"] == "yes"
    assert counted.read_text() == "paid\n"
    assert run.status is RunStatus.WAITING, "the one that was written knows nothing"


def test_a_run_that_was_cut_off_is_gone_on_with_only_when_asked(open_bench, tmp_path):
    counted = tmp_path / "marks"
    first = open_bench()
    run = paid_for(first, counted).run_sync()
    done = first.answer(run.id, "asks", "yes").wait(timeout=60)
    file = done.export(tmp_path / "it.run.zip")
    held = entries(file)
    lines = log_of(held)
    cut = next(n for n, e in enumerate(lines) if e.get("node") == "pay")
    cut_off = packed(file, with_log(held, lines[:cut]))
    there = open_bench()
    paid_for(there, counted)
    taken = ab.import_run(cut_off)
    assert taken.status is RunStatus.INTERRUPTED
    assert [one.status for one in ab.runs()] == [RunStatus.INTERRUPTED]
    assert counted.read_text() == "paid\n"
    assert ab.resume(taken.id).wait(timeout=60)["said"] == "yes"
    assert counted.read_text() == "paid\npaid\n"


def test_a_run_that_goes_on_is_written_as_far_as_it_is(open_bench, tmp_path):
    going = threading.Event()

    def build(bench):
        @ab.block(id="test.hold")
        def hold(number: int) -> int:
            going.wait(60)
            return number

        graph = ab.Graph("going", blocks=bench.blocks)
        first = graph.add("test.add", "first", left=1)
        graph.output("n", graph.add(hold, "hold", number=first))
        return graph

    run = build(open_bench()).start()
    while not any(firing.node == "hold" for firing in run.firings):
        time.sleep(0.01)
    file = run.export(tmp_path / "it.run.zip")
    there = open_bench()
    build(there)
    taken = there.import_run(file)
    assert taken.status is RunStatus.INTERRUPTED
    assert {f.node: str(f.status) for f in taken.firings} == {
        "first": "completed",
        "hold": "running",
    }
    going.set()
    assert (
        run.wait(timeout=60)["n"] == there.resume(taken.id).wait(timeout=60)["n"] == 1
    )


def test_no_later_run_takes_from_it_unless_it_is_named(open_bench, tmp_path):
    first = open_bench()

    def graph_in(bench):
        graph = ab.Graph("sum", blocks=bench.blocks)
        graph.output("n", graph.add("test.add", "sum", left=1, right=1))
        return graph

    file = graph_in(first).run_sync().export(tmp_path / "it.run.zip")
    there = open_bench()
    held = entries(file)
    forged = [
        line | {"value": {"form": "inline", "data": 666}}
        if line["kind"] == "value_emitted"
        else line
        for line in log_of(held)
    ]
    taken = there.import_run(packed(file, with_log(held, forged)))
    assert taken["n"] == 666
    assert graph_in(there).run_sync(reuse=True)["n"] == 2
    assert graph_in(there).run_sync(reuse=taken.id)["n"] == 666


def test_a_kernel_that_knows_none_of_its_blocks_reads_it_all_the_same(file, tmp_path):
    script = f"""
import agentbench as ab
run = ab.import_run({str(file)!r})
print(run.status, run.outputs["good"], len(run.firings), run.children[0].outputs)
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={
            "AGENTBENCH_HOME": str(tmp_path / "other"),
            "AGENTBENCH_REDIS_URL": "local:",
        },
    )
    assert ran.stdout == "failed [0, 1, 3] 12 {'twice': [42]}\n", ran.stderr


# ---- twice, and another of that name -----------------------------------------------


def test_what_is_there_already_stays(here, file):
    [before] = here.runs()
    assert here.import_run(file).id == before.id
    assert here.runs() == [before], "not even its owner is another"


def test_what_is_lacking_is_added(here, file, there):
    taken = there.import_run(file)
    there.store.delete_run(taken.id)
    assert there.import_run(file).outputs["twice"] == [42]
    there.store.delete_run(taken.children[0].id)
    assert there.import_run(file).children[0].outputs == {"twice": [42]}


def test_another_run_of_that_id_is_refused(file, there):
    held = entries(file)
    lines = log_of(held)
    other = [
        line | {"value": {"form": "inline", "data": 1}}
        if line["seq"] == place
        else line
        for place in [next(e["seq"] for e in lines if e["kind"] == "value_emitted")]
        for line in lines
    ]
    shorter = packed(file, with_log(held, lines[:-1]))
    there.import_run(shorter)
    before = (there.runs(), there.store.runs(under=there.runs()[0].id))
    with pytest.raises(
        RunClash, match=r"it has \d+ events, and here are \d+\. Nothing"
    ):
        there.import_run(file)
    with pytest.raises(RunClash, match=r"its event \d+ is another"):
        there.import_run(packed(file, with_log(held, other[:-1])))
    assert (there.runs(), there.store.runs(under=there.runs()[0].id)) == before
