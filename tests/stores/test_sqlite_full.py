"""T24: no room left, for the database and for the values; and then there is some again."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import StorageFull
from agentbench.domain.run import RunStatus
from agentbench.domain.store import Durability
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import line, lines, record


def fill(folder: Path) -> Path:
    """Takes all the room there is."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return ballast


@pytest.fixture
def store(tiny_disk: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tiny_disk / "kept" / "agentbench.db")
    store.create_run(record("run-1")).result()
    store.create_run(record("other")).result()
    yield store
    store.close()


def append_until_full(store: SqliteStore) -> int:
    """The number of the last event that was acknowledged."""
    for seq in range(1, 10_000):
        try:
            store.append("run-1", [line(seq, "x" * 20_000)], fence=0).result(timeout=50)
        except StorageFull:
            return seq - 1
    raise AssertionError("the disk is larger than it should be")


@pytest.mark.parametrize("durability", Durability)
def test_t24_a_full_disk_refuses_whole_and_goes_on_after(
    tiny_disk: Path, durability: Durability
) -> None:
    path = tiny_disk / "kept" / "agentbench.db"
    store = SqliteStore(path, durability=durability)
    store.create_run(record("run-1")).result()
    store.create_run(record("other")).result()
    (tiny_disk / "ballast").write_bytes(b"\0" * 3_000_000)
    last = append_until_full(store)
    assert last > 10
    more = [line(last + 1, "y" * 20_000), line(last + 2, "z" * 20_000)]
    for _ in range(3):
        with pytest.raises(StorageFull, match="no room left"):
            store.append("run-1", more, fence=0).result(timeout=50)
    # What is there can still be read.
    assert [event.seq for event in store.events("run-1")] == list(range(1, last + 1))
    assert store.run("run-1").last_seq == last

    (tiny_disk / "ballast").unlink()
    store.append("run-1", more, fence=0, status=RunStatus.COMPLETED).result(timeout=50)
    store.append("other", lines(1, 3), fence=0).result(timeout=50)
    store.close()
    again = SqliteStore(path)
    assert again.notices == []
    assert len(again.events("run-1")) == last + 2
    assert again.run("run-1").status is RunStatus.COMPLETED
    again.close()


def test_t24_no_part_of_a_value_is_left_on_a_full_disk(
    store: SqliteStore, tiny_disk: Path
) -> None:
    ballast = fill(tiny_disk)
    data = os.urandom(2_000_000)
    with pytest.raises(StorageFull, match="no room left"):
        store.put_blob(data)
    with pytest.raises(StorageFull):
        store.write_blob([data[:1000], data[1000:]])
    assert not store.has_blob(hashlib.sha256(data).hexdigest())
    blobs = tiny_disk / "kept" / "blobs"
    assert [file for file in blobs.rglob("*") if file.is_file()] == []
    ballast.unlink()
    assert store.get_blob(store.put_blob(data)) == data


def test_t24_a_store_is_not_begun_on_a_full_disk_and_then_it_is(
    tiny_disk: Path,
) -> None:
    ballast = fill(tiny_disk)
    with pytest.raises(StorageFull):
        SqliteStore(tiny_disk / "agentbench.db")
    ballast.unlink()
    store = SqliteStore(tiny_disk / "agentbench.db")
    store.create_run(record()).result()
    assert store.notices == []
    store.close()


def test_t24_without_a_disk_of_its_own(tmp_path: Path) -> None:
    """The same by SQLite's own limit, where nobody may mount anything."""
    store = SqliteStore(tmp_path / "agentbench.db")
    store.create_run(record("run-1")).result()
    store.flush()
    limit = "PRAGMA max_page_count = {}"
    (pages,) = store._write(lambda c: c.execute("PRAGMA page_count").fetchone())
    store._write(lambda c: c.execute(limit.format(pages + 50)))
    last = append_until_full(store)
    waiting = [store.append("run-1", [line(last + 1, "y" * 20_000)], fence=0)]
    waiting += [store.append("run-1", [], fence=0, status=RunStatus.WAITING)]
    assert isinstance(waiting[0].exception(timeout=50), StorageFull)
    store._write(lambda c: c.execute(limit.format(1_000_000)))
    store.append("run-1", lines(last + 1, 2), fence=0).result(timeout=50)
    assert len(store.events("run-1")) == last + 2
    store.close()
