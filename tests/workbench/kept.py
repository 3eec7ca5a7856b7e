"""Runs that are kept in every kind of store, and what stands in them."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import agentbench as ab
from agentbench.stores import BACKENDS
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.stores.places import place

every_store = pytest.mark.parametrize("scheme", sorted(BACKENDS))

OpenBench = Callable[..., Workbench]


@pytest.fixture
def open_bench(request, tmp_path):
    """Opens a workbench, as a kernel does, on its own store or that of a URL; closed at last."""
    opened = []

    def open_one(url: str = "memory:") -> Workbench:
        home = tmp_path / f"home-{len(opened)}"
        bench = Workbench(Settings(home=home, store_url=url, redis_url="local:"))
        with_samples(bench.blocks)
        opened.append(bench)
        use_workbench(bench)
        return bench

    yield open_one
    for bench in opened:
        bench.close()


@pytest.fixture
def store_url(request, scheme):
    """Where nothing is kept yet, in a store of that kind."""
    return place(request, scheme)


@pytest.fixture
def bench(open_bench, store_url):
    return open_bench(store_url)


def build_doubler(bench: Workbench) -> None:
    """The agent `doubler`, which others call."""
    graph = ab.Graph("doubler", blocks=bench.blocks)
    number = graph.input("number", type="whole number")
    graph.output("twice", graph.add("test.add", left=number, right=number))
    bench.agents.hold(graph)


def mixed_graph(bench: Workbench, large: object) -> ab.Graph:
    """A stream with a failure, an agent that is called, and a value that is kept apart."""
    build_doubler(bench)
    graph = ab.Graph("mixed", blocks=bench.blocks)
    stream = graph.add("test.numbers", "stream", count=4)
    tried = graph.add("test.fail_on", "tried", number=stream)
    graph.output("good", tried)
    graph.output("twice", graph.add("agent.run", "calls", agent="doubler", number=21))
    graph.output("large", graph.add("values.constant", "held", value=large))
    return graph


LARGE = list(range(5_000))
"""More than stays in an event."""


@pytest.fixture
def here(open_bench):
    """Where runs are made."""
    return open_bench()


@pytest.fixture
def file(here, tmp_path):
    """The file of a run that called an agent, failed at one thing, and kept a large value."""
    run = mixed_graph(here, LARGE).run_sync()
    return run.export(tmp_path / "mixed.run.zip")


@pytest.fixture
def there(open_bench, here, file):
    """Where nothing of it is yet."""
    return open_bench()


def entries(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(file: Path, held: dict[str, bytes], **options) -> Path:
    """A zip of these, beside the file."""
    target = file.with_name("changed.run.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as written:
        for name, data in held.items():
            written.writestr(name, data)
    return target


def with_log(held: dict[str, bytes], lines: list[dict], *, number: int = 0, **facts):
    """The entries with another log of one run, and a manifest that says so."""
    manifest = json.loads(held["run.json"])
    part = manifest["runs"][number]
    log = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    part |= {"count": len(lines), "sha256": hashlib.sha256(log).hexdigest(), **facts}
    return {**held, part["events"]: log, "run.json": json.dumps(manifest).encode()}


def log_of(held: dict[str, bytes], number: int = 1) -> list[dict]:
    return [json.loads(line) for line in held[f"events/{number}.jsonl"].splitlines()]
