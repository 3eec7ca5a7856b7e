"""Runs whose lock server is gone, or whose owner does not hear."""

import subprocess
import sys
import time

import pytest

from agentbench.domain.errors import BackendError, RunCutOff
from agentbench.domain.graph import Graph
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.embedded.valkey import ValkeyServer
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples
from tests.locks.proxy import Proxy


@pytest.fixture
def server(tmp_path):
    with (
        ValkeyServer(tmp_path / "run") as server,
        Proxy(server.start(), path=tmp_path / "proxy.sock") as proxy,
    ):
        yield proxy


@pytest.fixture
def bench(tmp_path, server):
    made = Workbench(
        Settings(
            home=tmp_path,
            store_url=f"sqlite:///{tmp_path}/bench.db",
            redis_url=server.url,
            lease=6.0,  # it is lost because the server is silent, for nothing else
        )
    )
    with_samples(made.blocks)
    use_workbench(made)
    yield made
    made.close()


def begun(bench):
    """A run that goes on until somebody ends it."""
    graph = Graph("long", blocks=bench.blocks)
    node = graph.add("test.forever")
    run = graph.start()
    end = time.monotonic() + 60
    while time.monotonic() < end and not run.nodes[node.id].firings:
        time.sleep(0.02)
    return run


def test_a_run_that_lost_its_lock_server_says_so_to_who_waits(bench, server):
    run = begun(bench)
    server.freeze()
    with pytest.raises(RunCutOff, match=f"does not answer .*resume {run.id}"):
        run.wait(timeout=60)
    assert run.status is RunStatus.INTERRUPTED
    assert [record.id for record in bench.runs()] == [run.id]


def test_a_stop_that_reaches_nobody_is_an_error(bench, server):
    run = begun(bench)
    server.freeze()
    with pytest.raises(RunCutOff):
        run.wait(timeout=60)
    with pytest.raises(BackendError, match="cannot be reached"):
        bench.run(run.id).stop()


def test_a_stop_outlasts_the_lease_of_a_kernel_that_has_just_died(bench):
    record = RunRecord(
        id="run-1",
        agent="dead",
        graph=bench.store.put_document(Graph("dead", blocks=bench.blocks).to_json()),
        status=RunStatus.RUNNING,
        started=1.0,
        owner="nobody",
    )
    bench.store.create_run(record).result()
    holder = (
        "import asyncio, os, sys\n"
        "from agentbench.locks.redis import RedisLocks\n"
        "async def hold():\n"
        "    locks = RedisLocks(sys.argv[1], lease=1.5)\n"
        "    await locks.acquire('run:run-1', owner='it')\n"
        "    os._exit(0)\n"
        "asyncio.run(hold())\n"
    )
    subprocess.run([sys.executable, "-c", holder, bench.settings.redis_url], check=True)
    bench.run("run-1").stop()
    assert bench.run("run-1").status is RunStatus.STOPPED
