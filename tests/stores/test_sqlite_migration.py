"""T29: files of older and newer versions, and kills in the middle of a change."""

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError
from agentbench.domain.event import LineLogged
from agentbench.stores.sqlite import SqliteStore
from agentbench.stores.sqlite.schema import VERSION
from tests.stores import version_1
from tests.stores.samples import record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "agentbench.db"
    version_1.write(path)
    return path


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def check_all_is_there(path: Path) -> None:
    store = SqliteStore(path)
    runs = store.runs()
    assert [run.id for run in runs] == [f"r{n}" for n in reversed(range(12))]
    assert (runs[-1].started, runs[-1].owner, runs[-1].fence) == (100.5, "kernel é", 3)
    for number in range(version_1.RUNS):
        assert store.events(f"r{number}") == [
            LineLogged(seq=seq, at=1.5, node="n", firing=1, text=f"run {number}")
            for seq in (1, 2)
        ]
    found = store.agent("brief")
    assert found is not None
    assert (found[0].number, found[0].saved, found[1]) == (
        1,
        1763.125,
        version_1.DOCUMENT,
    )
    assert store.notices == []
    store.close()


def test_t29_the_first_version_is_brought_up_to_ours(path: Path) -> None:
    check_all_is_there(path)
    assert version_of(path) == VERSION > 1
    backup = path.with_name("agentbench.version-1.db")
    assert version_of(backup) == 1
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    check_all_is_there(path)  # and once more, with nothing to do
    store = SqliteStore(path)
    store.create_run(record("new")).result()
    store.close()


KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from agentbench.stores.sqlite.schema import prepare
path, left = Path(sys.argv[1]), int(sys.argv[2])
connection = sqlite3.connect(path, isolation_level=None)
def count(statement):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
connection.set_trace_callback(count)
prepare(connection, path)
print("done")
"""


def test_t29_a_kill_in_the_middle_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """Killed at its 1st, 2nd, 3rd … statement, until it gets through."""
    versions = []
    for left in range(1, 80):
        path = tmp_path / str(left) / "agentbench.db"
        path.parent.mkdir()
        version_1.write(path)
        command = [sys.executable, "-c", KILLED, str(path), str(left)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        versions.append(version_of(path))
        assert ran.returncode in {0, -9}, ran.stderr
        check_all_is_there(path)
        assert version_of(path) == VERSION
        assert list(path.parent.glob("*.part")) == []
        if ran.returncode == 0:
            break
    assert ran.stdout == "done\n"
    assert set(versions) == {1, VERSION}
    assert len(versions) > 20


def test_t29_a_kill_while_the_backup_is_made_leaves_no_half_of_it(path: Path) -> None:
    half = path.with_name("agentbench.version-1.db.4711.part")
    half.write_bytes(path.read_bytes()[:5000])
    check_all_is_there(path)
    assert not half.exists()
    assert version_of(path.with_name("agentbench.version-1.db")) == 1


def test_t29_a_future_version_is_read_and_never_written(path: Path) -> None:
    check_all_is_there(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("ALTER TABLE runs ADD COLUMN of_the_future TEXT")
        connection.commit()
    before = path.read_bytes()
    store = SqliteStore(path)
    (notice,) = store.notices
    assert "newer agentbench" in notice
    assert len(store.runs()) == 12
    assert len(store.events("r1")) == 2
    with pytest.raises(StoreError, match="newer agentbench"):
        store.delete_run("r1")
    with pytest.raises(StoreError, match="newer agentbench"):
        store.sweep_blobs(age=0)
    store.close()
    assert path.read_bytes() == before
