"""SqliteStore with several processes: kills, exits, forks, owners."""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import firing, line, lines, record


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-c", text, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=30, check=False
    )


def appender(url: str, fence: int, count: int = 10**9) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.stores.appender"]
    command += [url, "run-1", str(fence), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/agentbench.db"
    store = SqliteStore(url)
    store.create_run(record())
    store.close()
    return url


@pytest.mark.parametrize("mode", ["", "?durability=full"])
def test_every_acknowledged_event_outlives_kill_9(url: str, mode: str) -> None:
    acknowledged = 0
    for round_ in range(1, 4):
        process = appender(url + mode, fence=0)
        assert process.stdout is not None
        for number in itertools.islice(process.stdout, 40 * round_):
            acknowledged = int(number)
        os.kill(process.pid, signal.SIGKILL)
        rest, _ = process.communicate()
        acknowledged = max([acknowledged, *map(int, rest.split())])

        store = SqliteStore(url)
        seqs = [event.seq for event in store.events("run-1")]
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(seqs) >= acknowledged >= 120 * round_
        assert len(seqs) == store.run("run-1").last_seq
        assert len(seqs) % 3 == 0, "an append was kept in part"
        assert store.notices == []
        store.close()


def test_the_older_of_two_processes_is_refused(url: str) -> None:
    older = appender(url, fence=1)
    assert older.stdout is not None
    kept = int(older.stdout.readline())
    newer = SqliteStore(url)
    last = newer.claim_run("run-1", owner="newer", fence=2).last_seq
    said = older.stdout.read().split()
    assert older.wait(timeout=20) == 3
    older.stdout.close()
    assert said[-1] == "StaleOwner"
    assert max([kept, *map(int, said[:-1])]) == last == newer.run("run-1").last_seq
    newer.append("run-1", [line(last + 1)], fence=2).result()
    newer.close()


def test_processes_that_write_at_once_lose_nothing(url: str) -> None:
    store = SqliteStore(url)
    store.create_run(record("ours"))
    other = appender(url, fence=0, count=400)
    for first in range(1, 1200, 3):
        store.append("ours", firing(first), fence=0).result()
    said, _ = other.communicate(timeout=30)
    assert said.split()[-1] == "1200"
    assert len(store.events("run-1")) == len(store.events("ours")) == 1200
    store.close()


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
    future.result(timeout=5)
    assert store.events("run-1") == [line(1)]
    store.close()


def test_a_kernel_that_exits_loses_nothing(url: str) -> None:
    ended = program(
        "import sys\n"
        "from agentbench.stores.sqlite import SqliteStore\n"
        "from tests.stores.samples import lines\n"
        "store = SqliteStore(sys.argv[1])\n"
        "for first in range(1, 9001, 3): store.append('run-1', lines(first, 3), fence=0)",
        url,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(SqliteStore(url).events("run-1")) == 9000


def test_a_store_that_is_forgotten_loses_nothing(url: str) -> None:
    SqliteStore(url).append("run-1", lines(1, 2000), fence=0)
    store = SqliteStore(url)
    assert len(store.events("run-1")) == 2000
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("agentbench-store-writer") == 1
    store.close()


FORKING = """
import os, sys
from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import line
store = SqliteStore(sys.argv[1])
store.append("run-1", [line(1)], fence=0)
child = os.fork()
if child == 0:
    for use in (
        lambda: store.run("run-1"),
        lambda: store.append("run-1", [line(2)], fence=0).result(),
        lambda: store.put_blob(b""),
        lambda: store.flush(),
    ):
        try:
            use()
        except StoreError as error:
            assert "open it anew" in str(error), error
        else:
            os._exit(1)
    store.close()
    sys.exit(0)
_, status = os.waitpid(child, 0)
assert status == 0, status
store.append("run-1", [line(2)], fence=0).result()
"""


def test_a_forked_child_is_told_to_open_its_own(url: str) -> None:
    ended = program(FORKING, url)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert SqliteStore(url).run("run-1").last_seq == 2


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


def test_a_store_may_be_opened_twice(url: str) -> None:
    with_both = [SqliteStore(url), SqliteStore(url)]
    for seq in range(1, 41):
        with_both[seq % 2].append("run-1", [line(seq)], fence=0).result()
    assert with_both[0].events("run-1") == with_both[1].events("run-1") == lines(1, 40)
    with_both[0].close()
    with_both[1].append("run-1", [line(41)], fence=0).result()
    with_both[1].close()
    with pytest.raises(StoreError, match="closed"):
        with_both[0].run("run-1")
