"""An interrupt stops the run, whatever is being done just then."""

import gc
import signal
import sqlite3
import sys
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


def test_an_interrupt_that_falls_into_a_callback_of_the_collector_is_not_lost(
    bench, monkeypatch
):
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: None)
    graph = Graph("waits", blocks=bench.blocks)
    graph.add("test.forever")
    run = bench.start(graph, {}, RunOptions())
    begins, lost = time.monotonic() + 0.5, []

    def callback(phase, info):
        is_ours = threading.current_thread() is threading.main_thread()
        if is_ours and not lost and time.monotonic() > begins:
            lost.append(phase)
            signal.raise_signal(signal.SIGINT)

    before = gc.get_threshold()
    gc.callbacks.append(callback)
    gc.set_threshold(1)
    try:
        with pytest.raises(KeyboardInterrupt):
            run.wait(timeout=30)
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(callback)
    assert lost
    assert run.status is RunStatus.STOPPED
