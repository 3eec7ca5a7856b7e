"""A run whose start is interrupted, while the store is still busy with it, does not go on."""

import signal
import sqlite3
import threading
import time

import pytest

from agentbench.domain.graph import Graph
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench
from tests.kernels import with_samples


def test_an_interrupt_while_a_run_is_opened_stops_it(tmp_path):
    bench = Workbench(
        Settings(home=tmp_path, store_url=f"sqlite:///{tmp_path}/bench.db")
    )
    with_samples(bench.blocks)
    assert not bench.runs()  # the store is open
    busy = sqlite3.connect(tmp_path / "bench.db", check_same_thread=False)
    try:
        graph = Graph("waits", blocks=bench.blocks)
        graph.add("test.forever")
        busy.execute("BEGIN IMMEDIATE")
        here = threading.main_thread().ident
        threading.Timer(0.3, signal.pthread_kill, (here, signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            bench.start(graph, {}, RunOptions())
        busy.rollback()
        end = time.monotonic() + 60
        while not (runs := bench.runs()) or not runs[0].status.is_final:
            assert time.monotonic() < end, runs[:1]
            time.sleep(0.05)
        assert runs[0].status is RunStatus.STOPPED
    finally:
        busy.close()
        bench.close()
