"""SqliteStore on what it finds: nothing, damage, other versions, other programs."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore
from agentbench.stores.sqlite.schema import STEPS, VERSION, prepare
from tests.stores.samples import lines, record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with a run, an agent and a value in it."""
    path = tmp_path / "agentbench.db"
    store = SqliteStore(path)
    store.create_run(record()).result()
    store.append("run-1", lines(1, 500), fence=0)
    store.save_agent("brief", "one")
    store.put_blob(b"abc")
    store.close()
    return path


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def damage(path: Path) -> None:
    """Overwrites some of its pages, as a failing disk would."""
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xa5" * len(data[4096 * 2 :])
    path.write_bytes(data)


def set_aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("agentbench.damaged-*.db"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_user_may_read_it(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "kept" / "agentbench.db")
    store.create_run(record()).result()
    blob = store.put_blob(b"abc")
    kept = tmp_path / "kept"
    assert (
        mode(kept) == mode(kept / "blobs") == mode(kept / "blobs" / blob[:2]) == 0o700
    )
    files = [file for file in kept.rglob("*") if file.is_file()]
    assert len(files) == 5, "database, its two logs, the mark, the blob"
    assert {mode(file) for file in files} == {0o600}
    store.close()


@pytest.mark.parametrize("content", [b"this is no database at all, sorry" * 50, b"SQL"])
def test_a_file_that_is_no_database_is_moved_aside(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    store = SqliteStore(path)
    (aside,) = set_aside(path)
    assert aside.read_bytes() == content
    (notice,) = store.notices
    assert str(aside) in notice
    assert store.runs() == []
    store.create_run(record("new")).result()
    store.close()
    assert SqliteStore(path).notices == []


def test_damage_is_found_after_an_unclean_stop(path: Path) -> None:
    damage(path)
    Path(f"{path}-wal").write_bytes(b"a log that nobody finished")
    store = SqliteStore(path)
    assert "was damaged" in store.notices[0]
    assert len(set_aside(path)) == 1
    store.close()


def test_two_damaged_files_in_a_moment_are_both_kept(path: Path) -> None:
    for content in (b"first" * 999, b"second" * 999):
        path.write_bytes(content)
        SqliteStore(path).close()
    kept = {aside.read_bytes() for aside in set_aside(path)}
    assert kept == {b"first" * 999, b"second" * 999}


def test_nothing_is_moved_while_another_has_it_open(path: Path) -> None:
    other = SqliteStore(path)
    whole = path.read_bytes()
    path.write_bytes(b"\0" * len(whole))
    with pytest.raises(StoreError, match="another kernel has it open"):
        SqliteStore(path)
    assert set_aside(path) == []
    path.write_bytes(whole)
    assert other.run("run-1").last_seq == 500
    other.close()


def test_damage_found_later_is_told_and_never_handed_out(path: Path) -> None:
    store = SqliteStore(path)
    store.flush()
    damage(path)
    with pytest.raises(StoreError, match="damaged"):
        store.events("run-1")
    store.close()


def test_a_changed_event_is_never_handed_out(path: Path) -> None:
    change(path, "UPDATE events SET body = replace(body, 'said', 'sold') WHERE seq = 7")
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="Event 7 of the run run-1 is damaged"):
        store.events("run-1")
    assert store.events("run-1", after=7) == lines(8, 493)
    store.close()


def test_a_changed_document_is_never_handed_out(path: Path) -> None:
    change(path, "UPDATE documents SET text = 'two'")
    store = SqliteStore(path)
    with pytest.raises(StoreError, match="damaged"):
        store.agent("brief")
    assert store.put_document("one")
    assert store.agent("brief") == (store.versions("brief")[0], "one")
    store.close()


def test_a_newer_file_is_read_and_not_written(path: Path) -> None:
    change(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    store = SqliteStore(path)
    assert len(store.events("run-1")) == 500
    assert store.agent("brief") == (store.versions("brief")[0], "one")
    for write in (
        lambda: store.create_run(record("new")).result(),
        lambda: store.append("run-1", lines(501, 1), fence=0).result(),
        lambda: store.save_agent("brief", "two", force=True),
        lambda: store.put_blob(b"new"),
    ):
        with pytest.raises(StoreError, match="written by a newer agentbench"):
            write()
    assert "newer agentbench" in store.notices[0]
    store.flush()
    store.close()
    assert path.read_bytes() == before


def test_an_older_file_is_copied_and_then_changed(path: Path) -> None:
    more = (*STEPS, ("ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert prepare(connection, path, more) == len(more)
        assert connection.execute("SELECT note FROM runs").fetchall() == [("",)]
    backup = SqliteStore(path.with_name(f"agentbench.version-{VERSION}.db"))
    assert len(backup.events("run-1")) == 500
    backup.close()
    assert "newer" in SqliteStore(path).notices[0]


def test_a_change_that_fails_leaves_the_old_version(path: Path) -> None:
    broken = (*STEPS, ("DROP TABLE events", "nonsense"))
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        pytest.raises(sqlite3.OperationalError, match="nonsense"),
    ):
        prepare(connection, path, broken)
    assert len(SqliteStore(path).events("run-1")) == 500


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    change(path, "CREATE TABLE moz_places (url)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(path)
    assert path.read_bytes() == before
    assert set_aside(path) == []


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=str(tmp_path)):
        SqliteStore(tmp_path)


def test_many_open_a_new_store_at_once(tmp_path: Path) -> None:
    stores: list[SqliteStore] = []
    threads = [
        threading.Thread(target=lambda: stores.append(SqliteStore(tmp_path / "a.db")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, store in enumerate(stores):
        store.create_run(record(f"r{number}")).result()
    assert [len(store.runs()) for store in stores] == [8] * 8
    for store in stores:
        store.close()


def test_a_place_that_cannot_be_written_is_told(path: Path) -> None:
    with pytest.raises(StoreError, match="Not a directory"):
        SqliteStore(path / "inside" / "agentbench.db")
