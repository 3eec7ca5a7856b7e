"""The folder of values beside a SQLite store."""

import hashlib
from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore

BLOB = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    store = SqliteStore(tmp_path / "a.db")
    store.put_blob(b"abc")
    store.close()
    return tmp_path / "blobs" / BLOB[:2] / BLOB


@pytest.fixture
def store(tmp_path: Path, file: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "a.db")


def test_a_value_is_a_file_under_its_hash(file: Path) -> None:
    assert file.read_bytes() == b"abc"


@pytest.mark.parametrize("content", [b"abd", b"", b"abcd"])
def test_a_damaged_value_is_refused(
    store: SqliteStore, file: Path, content: bytes
) -> None:
    file.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        store.get_blob(BLOB)


def test_keeping_it_again_mends_it(store: SqliteStore, file: Path) -> None:
    file.write_bytes(b"abd")
    store.put_blob(b"abc")
    assert store.get_blob(BLOB) == b"abc"


def test_keeping_it_again_writes_nothing(store: SqliteStore, file: Path) -> None:
    before = file.stat().st_ino
    store.put_blob(b"abc")
    assert file.stat().st_ino == before, "it was not written anew"


def test_a_missing_value_is_told(store: SqliteStore, file: Path) -> None:
    file.unlink()
    with pytest.raises(StoreError, match="missing"):
        store.get_blob(BLOB)


@pytest.mark.parametrize(
    "name", ["../a.db", "", BLOB.upper(), BLOB + "\n", "/etc/hosts"]
)
def test_only_a_hash_names_a_value(store: SqliteStore, name: str) -> None:
    with pytest.raises(StoreError, match="not the hash"):
        store.get_blob(name)


def test_what_a_crash_left_half_written_is_swept_up(tmp_path: Path, file: Path) -> None:
    torn = tmp_path / "blobs" / "tmp123.part"
    torn.write_bytes(b"ab")
    SqliteStore(tmp_path / "a.db").close()
    assert not torn.exists()
    assert file.exists()


def test_a_value_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "a.db")
    (tmp_path / "blobs").write_bytes(b"in the way")
    with pytest.raises(StoreError, match="cannot be kept"):
        store.put_blob(b"abc")
    store.close()
