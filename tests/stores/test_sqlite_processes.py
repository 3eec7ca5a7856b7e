"""SqliteStore with several processes: kills, exits, forks, owners."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import firing, line, lines, record


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-c", text, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/agentbench.db"
    store = SqliteStore(url)
    store.create_run(record()).result()
    store.close()
    return url


def test_another_process_may_hold_the_file_for_a_while(url: str) -> None:
    store = SqliteStore(url)
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    future = store.append("run-1", [line(1)], fence=0)
    time.sleep(0.7)
    assert not future.done()
    assert store.events("run-1") == [], "reading does not wait"
    other.execute("COMMIT")
    other.close()
    future.result(timeout=60)
    assert store.events("run-1") == [line(1)]
    store.close()


def test_a_store_that_is_forgotten_loses_nothing(url: str) -> None:
    before = set(threading.enumerate())
    SqliteStore(url).append("run-1", lines(1, 2000), fence=0)
    store = SqliteStore(url)
    assert len(store.events("run-1")) == 2000
    names = [thread.name for thread in set(threading.enumerate()) - before]
    assert names.count("agentbench-store-writer") == 1
    store.close()


FILLING = """
import resource, sys
from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import firing
store = SqliteStore(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
seq = 0
try:
    while seq < 30_000:
        store.append("run-1", firing(seq + 1), fence=0).result()
        seq += 3
except StoreError as error:
    print(seq, error)
"""


def test_a_full_disk_is_told_and_takes_nothing_kept_along(url: str) -> None:
    ended = program(FILLING, url)
    acknowledged, _, said = ended.stdout.partition(" ")
    assert said.startswith("The store ")
    store = SqliteStore(url)
    assert len(store.events("run-1")) == int(acknowledged) > 0
    store.append("run-1", firing(int(acknowledged) + 1), fence=0).result()
    store.close()
