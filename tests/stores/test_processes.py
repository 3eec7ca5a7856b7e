"""Several processes at one store, over every store that processes can share."""

import collections
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from agentbench.domain.errors import StaleOwner
from agentbench.domain.store import Store
from agentbench.stores import BACKENDS
from tests.stores.places import make_store, place
from tests.stores.samples import firing, line, record

Spawn = Callable[..., subprocess.Popen[str]]
WRITERS = 8


@pytest.fixture(params=sorted(set(BACKENDS) - {"memory"}))
def url(request: pytest.FixtureRequest) -> str:
    return place(request, request.param)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = make_store(url)
    store.create_run(record()).result()
    yield store
    store.close()


@pytest.fixture
def spawn(url: str) -> Iterator[Spawn]:
    """Starts an appender; whatever happens, none is left behind."""
    started: list[subprocess.Popen[str]] = []

    def start(run: str, fence: int, count: str = "999999") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.stores.appender"]
        command += [url, run, str(fence), count]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


def rest_of(process: subprocess.Popen[str]) -> list[str]:
    """What it says until it ends."""
    assert process.stdout is not None
    rest = process.stdout.read().split()
    process.wait()
    return rest


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_t18_a_frozen_owner_that_wakes_up_is_refused(
    store: Store, spawn: Spawn
) -> None:
    """The store's half of T18: fencing, whatever the lock says."""
    store.claim_run("run-1", owner="zombie", fence=1)
    zombie = spawn("run-1", fence=1, count="5+100")
    assert [said(zombie) for _ in range(6)] == ["0", "3", "6", "9", "12", "15"]
    assert zombie.stdin is not None
    os.kill(zombie.pid, signal.SIGSTOP)
    zombie.stdin.write("go on\n")
    zombie.stdin.flush()
    claimed = store.claim_run("run-1", owner="newer", fence=2)
    mine = store.append("run-1", firing(claimed.last_seq + 1), fence=2)
    os.kill(zombie.pid, signal.SIGCONT)
    assert rest_of(zombie) == [StaleOwner.__name__]
    assert zombie.returncode == 3
    mine.result(timeout=50)
    assert claimed.last_seq == 15
    assert [event.seq for event in store.events("run-1")] == list(range(1, 19))


def test_t27_eight_writers_and_a_slow_one_lose_nothing(
    store: Store, spawn: Spawn, url: str
) -> None:
    """Nobody sees `database is locked`, and the order in each run is kept."""
    writers = {}
    for number in range(WRITERS):
        store.create_run(record(f"r{number}")).result()
        writers[f"r{number}"] = spawn(f"r{number}", fence=0, count="100")
    for process in writers.values():
        assert said(process) == "0", "it is open"
    hold(store, url)
    outcomes = {run: rest_of(process) for run, process in writers.items()}
    wanted = [str(3 * n) for n in range(1, 101)]
    assert outcomes == dict.fromkeys(writers, wanted)
    for run in writers:
        assert [event.seq for event in store.events(run)] == list(range(1, 301))
    assert store.notices == []


def hold(store: Store, url: str) -> None:
    """Another program holds a write transaction for a while, with ours in full swing."""
    seconds = 8 if os.environ.get("AGENTBENCH_SOAK") else 3
    if url.startswith("sqlite:"):
        import sqlite3
        from contextlib import closing

        path = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, timeout=50, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            other.execute("COMMIT")
        return
    import psycopg

    address, _, query = url.partition("?")
    options = dict(pair.split("=") for pair in query.split("&"))
    place = f"{address}?host={options['host']}"
    with psycopg.connect(place) as connection, connection.transaction():
        table = f"{options['schema']}.events"
        connection.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE".encode())
        time.sleep(seconds)


def test_every_acknowledged_event_outlives_kill_9(
    store: Store, spawn: Spawn, url: str
) -> None:
    acknowledged = 0
    for round_ in range(1, 4):
        process = spawn("run-1", fence=0)
        for _ in range(30 * round_):
            acknowledged = int(said(process))
        process.kill()
        acknowledged = max([acknowledged, *map(int, rest_of(process))])
        wait_for_quiet(store)
        seqs = [event.seq for event in store.events("run-1")]
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(seqs) >= acknowledged > 0
        assert len(seqs) % 3 == 0, "an append was kept in part"
        again = make_store(url)
        assert (again.notices, again.run("run-1").last_seq) == ([], len(seqs))
        again.close()


def wait_for_quiet(store: Store) -> None:
    """What was on its way to a server when its sender died may still arrive."""
    seen: collections.deque[int] = collections.deque(maxlen=5)
    while len(seen) < 5 or len(set(seen)) > 1:
        seen.append(store.run("run-1").last_seq)
        time.sleep(0.05)


FORKING = """
import os, sys
from agentbench.domain.errors import StoreError
from tests.stores.places import make_store
from tests.stores.samples import line
store = make_store(sys.argv[1])
blob = store.put_blob(b"abc")
store.append("run-1", [line(1)], fence=0)
child = os.fork()
if child == 0:
    for use in (
        lambda: store.run("run-1"),
        lambda: store.append("run-1", [line(2)], fence=0).result(),
        lambda: store.put_blob(b""),
        lambda: store.get_blob(blob),
        lambda: store.sweep_blobs(age=0),
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
assert store.get_blob(blob) == b"abc"
"""


def test_a_forked_child_is_told_to_open_its_own(store: Store, url: str) -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKING, url]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=50, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert store.run("run-1").last_seq == 2


def test_a_kernel_that_exits_loses_nothing(store: Store, url: str) -> None:
    text = (
        "import sys\n"
        "from tests.stores.places import make_store\n"
        "from tests.stores.samples import lines\n"
        "store = make_store(sys.argv[1])\n"
        "for first in range(1, 3001, 3): store.append('run-1', lines(first, 3), fence=0)"
    )
    command = [sys.executable, "-c", text, url]
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=50, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(store.events("run-1")) == 3000


def test_two_in_one_kernel_see_each_other(store: Store, url: str) -> None:
    other = make_store(url)
    for seq in range(1, 21):
        (store, other)[seq % 2].append("run-1", [line(seq)], fence=0).result()
    assert store.events("run-1") == other.events("run-1")
    other.close()


def test_a_sweep_takes_nothing_from_a_writer_beside_it(store: Store, url: str) -> None:
    """Another kernel's values, put but not yet referred to, are younger than the sweep."""
    other = make_store(url)
    for seq in range(1, 31):
        blob = store.put_blob(f"value {seq}".encode())
        other.sweep_blobs(age=60)
        event = line(seq, f'"blob" {blob}')
        store.append("run-1", [event], fence=0).result()
    for event in other.events("run-1"):
        assert other.has_blob(event.text.split()[1])  # type: ignore[attr-defined]
    other.close()
