"""T28: bytes that change or go missing, in the database, its log and the values.

Damage is detected when the store is opened or when the thing is read; what is handed out
is as it was written. Another seed: AGENTBENCH_SEED.
"""

import dataclasses
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event
from agentbench.domain.store import AgentVersion, RunRecord
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import lines, record

SEED = int(os.environ.get("AGENTBENCH_SEED", "28"))
ROUNDS = 10 if os.environ.get("AGENTBENCH_SOAK") else 1
RUNS = [f"run-{number}" for number in range(30)]


@dataclasses.dataclass
class Truth:
    """What was written."""

    runs: dict[str, RunRecord]
    events: dict[str, list[Event]]
    versions: list[AgentVersion]
    blobs: dict[str, bytes]


@pytest.fixture
def image(tmp_path: Path) -> tuple[Path, Truth]:
    """The folder of a store that was closed in order, and what is in it."""
    store, truth = fill(tmp_path / "image")
    store.close()
    return tmp_path / "image", truth


@pytest.fixture
def crashed(tmp_path: Path) -> tuple[Path, Truth]:
    """The same as a crash leaves it, with nearly all of it in the write-ahead log."""
    store, truth = fill(tmp_path / "alive")
    shutil.copytree(tmp_path / "alive", tmp_path / "image")
    (tmp_path / "image" / "a.db-shm").unlink()
    store.close()
    return tmp_path / "image", truth


def fill(folder: Path) -> tuple[SqliteStore, Truth]:
    store = SqliteStore(folder / "a.db")
    for number, run in enumerate(RUNS):
        store.create_run(
            record(run, started=float(number), agent=f"agent {number}")
        ).result()
        store.append(run, lines(1, 20), fence=0).result()
    for number in range(10):
        store.save_agent(f"agent {number}", f"document {number}" * 50)
    blobs = {store.put_blob(data): data for data in (b"small", os.urandom(70_000))}
    truth = Truth(
        {run.id: run for run in store.runs()},
        {run: store.events(run) for run in RUNS},
        store.agents(),
        blobs,
    )
    assert len(truth.runs) == len(RUNS)
    return store, truth


def harm(path: Path, chance: random.Random) -> str:
    """Changes one byte, or a few, or cuts the file off; says what it did."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    kind = chance.choice(["bit", "bit", "byte", "block", "cut"])
    if kind == "cut":
        del data[at:]
    elif kind == "block":
        data[at : at + 512] = chance.randbytes(len(data[at : at + 512]))
    else:
        data[at] ^= (
            1 << chance.randrange(8) if kind == "bit" else chance.randrange(1, 256)
        )
    path.write_bytes(data)
    return f"{kind} at {at} of {path.name}"


def copies(folder: Path, count: int) -> Iterator[tuple[Path, random.Random]]:
    print(f"AGENTBENCH_SEED={SEED}, {count * ROUNDS} offsets")
    for number in range(count * ROUNDS):
        copy = folder.with_name(f"copy-{number}")
        shutil.copytree(folder, copy)
        yield copy, random.Random(f"{SEED} {number}")
        shutil.rmtree(copy)


def told(read: Callable[[], object]) -> bool:
    """Whether reading it says that something is wrong; if not, it was read."""
    try:
        read()
    except (StoreError, UnknownRun):
        return True
    return False


def losses(store: SqliteStore, truth: Truth) -> list[str]:
    """What is missing without a word. What is wrong fails the test at once."""
    missing = []

    def look() -> None:
        for found in store.runs():
            true = truth.runs[found.id]
            assert dataclasses.replace(found, last_seq=true.last_seq) == true
            missing.extend([found.id] * (found.last_seq < true.last_seq))
        missing.extend(["runs"] * (len(store.runs()) < len(truth.runs)))

    def look_at(run: str) -> None:
        found = store.events(run)
        assert found == truth.events[run][: len(found)]
        missing.extend([run] * (len(found) < len(truth.events[run])))

    def look_at_agents() -> None:
        found = store.agents()
        assert [agent for agent in found if agent not in truth.versions] == []
        missing.extend(["agents"] * (len(found) < len(truth.versions)))
        for version in found:
            _, text = store.agent(version.name) or (None, "")
            assert text == f"document {version.name[-1]}" * 50

    told(look)
    told(look_at_agents)
    for run in RUNS:
        told(lambda run=run: look_at(run))  # type: ignore[misc]
    for blob, data in truth.blobs.items():
        assert store.get_blob(blob) == data
    return missing


def test_t28_a_damaged_database(image: tuple[Path, Truth]) -> None:
    folder, truth = image
    noticed = 0
    for copy, chance in copies(folder, 90):
        what = harm(copy / "a.db", chance)
        store = open_or_tell(copy / "a.db")
        if store is None:
            continue
        missing = losses(store, truth)
        assert store.notices or not missing, (what, missing)
        noticed += bool(store.notices)
        for notice in store.notices:
            assert "damaged" in notice
        if any("was moved to" in notice for notice in store.notices):
            assert list(copy.glob("a.damaged-*.db")), "nothing is thrown away"
            store.create_run(record("new")).result()
        store.close()
    assert noticed > 10 * ROUNDS


def open_or_tell(path: Path) -> SqliteStore | None:
    """The store; or None, if it is taken for another program's and left alone."""
    before = path.read_bytes()
    refused = ""
    try:
        return SqliteStore(path)
    except StoreError as error:
        refused = str(error)
    assert "another program" in refused
    assert path.read_bytes() == before
    return None


def test_t28_a_damaged_log(crashed: tuple[Path, Truth]) -> None:
    folder, truth = crashed
    noticed = 0
    for copy, chance in copies(folder, 60):
        what = harm(copy / "a.db-wal", chance)
        store = SqliteStore(copy / "a.db")
        missing = losses(store, truth)
        # A log that was cut off looks as if no more had been written.
        assert store.notices or not missing or what.startswith("cut"), (what, missing)
        noticed += bool(store.notices)
        if store.notices:
            assert list(copy.glob("a.damaged-*.db-wal")), "nothing is thrown away"
        store.create_run(record("new")).result()
        store.close()
        again = SqliteStore(copy / "a.db")
        assert again.notices == []
        again.close()
    assert noticed > 20 * ROUNDS


def test_t28_a_log_that_is_sound_is_no_damage(crashed: tuple[Path, Truth]) -> None:
    folder, truth = crashed
    store = SqliteStore(folder / "a.db")
    assert (losses(store, truth), store.notices) == ([], [])
    store.close()


def test_t28_a_damaged_value(image: tuple[Path, Truth]) -> None:
    folder, truth = image
    for copy, chance in copies(folder, 50):
        store = SqliteStore(copy / "a.db")
        blob, other = chance.sample(sorted(truth.blobs), 2)
        file = copy / "blobs" / blob[:2] / blob
        harm(file, chance)
        damaged = file.read_bytes()
        with pytest.raises(StoreError, match="damaged"):
            store.read_blob(blob)
        assert not store.has_blob(blob)
        assert (copy / "blobs" / "damaged" / blob).read_bytes() == damaged
        assert store.get_blob(other) == truth.blobs[other]
        assert store.put_blob(truth.blobs[blob]) == blob
        assert store.get_blob(blob) == truth.blobs[blob]
        store.close()


def test_t28_the_last_backup_takes_the_place(image: tuple[Path, Truth]) -> None:
    folder, truth = image
    store = SqliteStore(folder / "a.db")
    store.back_up()
    store.create_run(record("later")).result()
    store.close()
    data = bytearray((folder / "a.db").read_bytes())
    data[4096:] = b"\xa5" * len(data[4096:])
    (folder / "a.db").write_bytes(data)

    store = SqliteStore(folder / "a.db")
    (notice,) = store.notices
    (aside,) = folder.glob("a.damaged-*.db")
    assert str(aside) in notice
    assert str(folder / "a.backup.db") in notice
    assert aside.read_bytes() == data
    assert losses(store, truth) == []
    assert "later" not in {run.id for run in store.runs()}
    store.close()
    assert SqliteStore(folder / "a.db").notices == []


def test_t28_a_damaged_backup_is_passed_over(image: tuple[Path, Truth]) -> None:
    folder, _ = image
    (folder / "a.backup.db").write_bytes(b"no database" * 999)
    (folder / "a.db").write_bytes(b"nor this" * 999)
    store = SqliteStore(folder / "a.db")
    assert "a new one was begun" in store.notices[0]
    assert store.runs() == []
    store.close()


def test_a_backup_is_made_once_a_day(image: tuple[Path, Truth]) -> None:
    folder, _ = image
    backup = folder / "a.backup.db"
    assert not backup.exists(), "there was nothing when the store was begun"
    SqliteStore(folder / "a.db").close()
    first = backup.stat()
    assert first.st_mode & 0o777 == 0o600
    SqliteStore(folder / "a.db").close()
    assert backup.stat().st_ino == first.st_ino
    os.utime(backup, (0, 0))
    SqliteStore(folder / "a.db").close()
    assert backup.stat().st_mtime > 1e9


def test_a_backup_spares_its_values(tmp_path: Path) -> None:
    """What only the backup refers to is not swept: else it would be worth nothing."""
    from tests.stores.samples import stored

    store = SqliteStore(tmp_path / "a.db")
    store.create_run(record("run-1")).result()
    blob = store.put_blob(b"abc")
    store.append("run-1", [stored(1, blob)], fence=0).result()
    store.back_up()
    store.delete_run("run-1")
    store.sweep_blobs(age=0)
    assert store.sweep_blobs(age=0).count == 0
    assert store.get_blob(blob) == b"abc"
    store.close()
