"""T50: what somebody wrote straight into store, blobs, agent file or server is never brought to life.

Each payload would make a folder if anything unpickled, tagged or evaluated it.
"""

import contextlib
import hashlib
import json
import os
import pickle  # noqa: TID251 - it is what must do nothing
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from agentbench.codecs import CODECS
from agentbench.domain.errors import AgentbenchError
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

CUT_OFF = "run-cut-off"


class Planted:
    """Makes the folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = str(place)

    def __reduce__(self):
        return os.mkdir, (self._place,)


def payloads(canary: Path) -> list[bytes]:
    """What has been a way in elsewhere."""
    place = str(canary)
    told = {
        "lc": 1,
        "type": "constructor",
        "id": ["os", "mkdir"],
        "kwargs": {"path": place},
    }
    return [
        pickle.dumps(Planted(canary)),
        pickle.dumps(Planted(canary), protocol=0),
        json.dumps(told).encode(),
        json.dumps(
            {"__reduce__": ["os.mkdir", [place]], "py/object": "os.mkdir"}
        ).encode(),
        msgspec.msgpack.encode(msgspec.msgpack.Ext(1, pickle.dumps(Planted(canary)))),
        f"!!python/object/apply:os.mkdir [{place!r}]".encode(),
        numpy_object(canary),
    ]


def numpy_object(canary: Path) -> bytes:
    """An array file whose one item is a pickle."""
    import io

    numpy = pytest.importorskip("numpy")
    file = io.BytesIO()
    numpy.save(file, numpy.array([Planted(canary)], dtype=object), allow_pickle=True)
    return file.getvalue()


@pytest.fixture
def canary(tmp_path):
    return tmp_path / "canary"


def kernel(home: Path) -> Workbench:
    bench = Workbench(
        Settings(home=home, store_url=f"sqlite:///{home}/a.db", redis_url="local:")
    )

    async def large(seed: int) -> list[int]:
        return [seed] * 5_000

    async def total(numbers: list[int]) -> int:
        if len(numbers) > 5:
            return len(numbers)
        raise ValueError("few")

    bench.blocks.register(FunctionBlock(large, id="test.large"))
    bench.blocks.register(FunctionBlock(total, id="test.total"))
    use_workbench(bench)
    return bench


def run_once(home: Path) -> str:
    """The id of a run of which a value is in the blob store."""
    bench = kernel(home)
    graph = Graph("planted", blocks=bench.blocks)
    graph.output("n", graph.add("test.total", numbers=graph.add("test.large", seed=3)))
    run = bench.start(graph, {}).wait(timeout=60)
    assert run.status is RunStatus.COMPLETED
    # The same once more, as a kernel leaves it that dies on the way.
    first, *events = bench.store.events(run.id)[:6]
    record = replace(bench.store.run(run.id), id=CUT_OFF, status=RunStatus.RUNNING)
    begun = msgspec.structs.replace(first, run=CUT_OFF)
    document = bench.store.document(record.graph)
    bench.store.create_run(record, document=document, events=[begun, *events]).result()
    bench.close()
    return run.id


def look_at_all(home: Path, id: str) -> None:
    """Whatever people do with an old run; it may fail, in our words."""

    def tried(look) -> None:
        with contextlib.suppress(AgentbenchError, KeyError):
            look()

    bench = kernel(home)
    try:
        tried(bench.runs)
        for run in map(bench.run, (id, CUT_OFF)):
            for name in ("status", "outputs", "firings", "events", "failures"):
                tried(lambda run=run, name=name: str(getattr(run, name)))
            tried(lambda run=run: bench.bundle(run))
            tried(lambda run=run: run.export(home / f"{run.id}.run.zip"))
            tried(lambda run=run: bench.resume(run.id).wait(timeout=60))
    finally:
        bench.close()


def test_the_payloads_work(canary):
    """Else nothing was tried."""
    pickle.loads(payloads(canary)[0])
    assert canary.is_dir()


def test_untouched_it_goes_on(tmp_path):
    """Else a resume would be refused for another reason."""
    run_once(tmp_path)
    bench = kernel(tmp_path)
    run = bench.resume(CUT_OFF).wait(timeout=60)
    assert (run.status, run.outputs) == (RunStatus.COMPLETED, {"n": [5_000]})
    bench.close()


@pytest.mark.parametrize("number", range(7))
def test_t50_events_are_no_live_objects(tmp_path, canary, number):
    id = run_once(tmp_path)
    body = payloads(canary)[number]
    with sqlite3.connect(tmp_path / "a.db") as database:
        ask = "UPDATE events SET body = ?, crc = ? WHERE seq IN (2, 3, 5)"
        database.execute(ask, (body, zlib.crc32(body)))
    look_at_all(tmp_path, id)
    assert not canary.exists()


@pytest.mark.parametrize("number", range(7))
def test_t50_values_are_no_live_objects(tmp_path, canary, number):
    """Each payload as the bytes of a value of each codec, under its right hash."""
    id = run_once(tmp_path)
    body = payloads(canary)[number]
    name = hashlib.sha256(body).hexdigest()
    bench = kernel(tmp_path)
    assert bench.store.put_blob(body) == name
    stored = [e for e in bench.store.events(id) if "StoredValue" in repr(e)]
    bench.close()
    assert stored, "else no value is read from bytes"
    for codec in CODECS:
        with sqlite3.connect(tmp_path / "a.db") as database:
            for event in stored:
                line = msgspec.json.encode(event)
                facts = msgspec.json.decode(line)
                facts["value"] |= {"blob": name, "size": len(body), "codec": codec.name}
                text = msgspec.json.encode(facts)
                database.execute(
                    "UPDATE events SET body = ?, crc = ? WHERE seq = ?",
                    (text.decode(), zlib.crc32(text), event.seq),
                )
        bench = kernel(tmp_path)
        for event in stored:
            try:
                bench.run(id).value(event.seq)
            except AgentbenchError:
                continue
        bench.close()
    look_at_all(tmp_path, id)
    assert not canary.exists()


@pytest.mark.parametrize("number", range(7))
def test_t50_an_agent_file_is_no_live_object(tmp_path, canary, number):
    file = tmp_path / "it.agent.json"
    body = payloads(canary)[number]
    told = {
        "format": "agentbench/1",
        "name": "it",
        "nodes": {"n": {"block": "test.large"}},
    }
    told["nodes"]["n"]["constants"] = {"seed": {"x": body.decode("latin-1")}}
    for text in (body, json.dumps(told).encode()):
        file.write_bytes(text)
        bench = kernel(tmp_path)
        try:
            graph = bench.agents.open(str(file))
            bench.check(graph)
            bench.bundle(graph)
            bench.start(graph, {}).wait(timeout=60)
        except AgentbenchError:
            pass
        finally:
            bench.close()
    assert not canary.exists()
