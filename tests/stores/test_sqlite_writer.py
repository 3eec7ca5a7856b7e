"""The thread that writes: groups, order, back-pressure."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from agentbench.domain.errors import StaleOwner, StoreError, StoreUnreachable
from agentbench.stores.base.writer import QUEUE_BYTES
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import line, lines, record


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "a.db")
    for run in ("a", "b", "c"):
        store.create_run(record(run)).result()
    yield store
    store.close()


@contextlib.contextmanager
def held(store: SqliteStore) -> Iterator[None]:
    """Nothing is committed meanwhile, so that what is appended gathers in one group."""
    path = store.url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("COMMIT")


def error_of(future: "Future[None]") -> type:
    return type(future.exception(timeout=20))


def test_a_refused_append_takes_no_other_of_its_group_along(store: SqliteStore) -> None:
    store.claim_run("b", owner="newer", fence=7)
    with held(store):
        store.append("c", [line(1)], fence=0)  # keeps the writer busy
        outcomes = [
            store.append("a", [line(1)], fence=0),
            store.append("b", [line(1)], fence=6),
            store.append("a", [line(3)], fence=0),
            store.append("a", [line(2)], fence=0),
            store.append("b", [line(1)], fence=7),
        ]
    errors = [error_of(future) for future in outcomes]
    assert errors == [type(None), StaleOwner, StoreError, type(None), type(None)]
    assert [len(store.events(run)) for run in "abc"] == [2, 1, 1]


def test_one_that_sqlite_refuses_takes_no_other_of_its_group_along(
    store: SqliteStore,
) -> None:
    with held(store):
        store.append("c", [line(1)], fence=0)
        good = store.append("a", [line(1)], fence=0)
        bad = store.append("b", [line(1)], fence=2**80)  # more than a column holds
        also_good = store.append("a", [line(2)], fence=0)
    assert error_of(bad) is StoreError
    assert error_of(good) is error_of(also_good) is type(None)
    assert store.run("b").last_seq == 0


def test_calls_and_appends_keep_their_order(store: SqliteStore) -> None:
    store.append("a", lines(1, 300), fence=0)
    claimed = store.claim_run("a", owner="newer", fence=1)
    assert claimed.last_seq == 300
    late = store.append("a", lines(301, 1), fence=0)
    assert error_of(late) is StaleOwner


def test_a_thread_that_appends_waits_when_too_much_is_queued(
    store: SqliteStore,
) -> None:
    text = "x" * 100_000
    queued: list[int] = []

    def append_a_lot() -> None:
        for seq in range(1, 601):  # 60 MB
            store.append("a", [line(seq, text)], fence=0)
            queued.append(seq)

    thread = threading.Thread(target=append_a_lot)
    with held(store):
        thread.start()
        while len(queued) < 320:
            time.sleep(0.01)
        time.sleep(0.3)
        assert thread.is_alive()
        # What the writer has taken out already is a group of its own beside the queue.
        assert len(queued) * 100_000 < 2.1 * QUEUE_BYTES
    thread.join(timeout=50)
    store.flush()
    assert store.run("a").last_seq == 600


async def test_a_coroutine_is_never_held_up_and_one_that_awaits_nothing_is_refused(
    store: SqliteStore,
) -> None:
    text = "x" * 1_000_000
    with held(store):
        futures = [
            store.append("a", [line(seq, text)], fence=0) for seq in range(1, 121)
        ]
        refused = [f for f in futures if f.done()]
        assert len(refused) > 120 - 3 * QUEUE_BYTES / 1_000_000
        with pytest.raises(StoreUnreachable, match="wait to be written already"):
            refused[0].result()
    kept = len(futures) - len(refused)
    await asyncio.wrap_future(futures[kept - 1])
    assert store.run("a").last_seq == kept


def test_a_callback_that_would_wait_for_itself_is_told(store: SqliteStore) -> None:
    said: list[str] = []

    def write_again(_: "Future[None]") -> None:
        try:
            store.put_document("two")
        except StoreError as error:
            said.append(str(error))

    with held(store):
        future = store.append("a", [line(1)], fence=0)
        future.add_done_callback(write_again)
    future.result()
    store.flush()
    assert said == ["A callback of `append` may not write: use a thread."]


async def test_an_append_can_be_awaited(store: SqliteStore) -> None:
    await asyncio.wrap_future(store.append("a", [line(1)], fence=0))
    assert store.events("a") == [line(1)]


async def test_giving_up_waiting_does_not_undo_an_append(store: SqliteStore) -> None:
    with held(store):
        future = store.append("a", [line(1)], fence=0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(future), 0.05)
    future.result()
    assert store.events("a") == [line(1)]


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    """A store that waits a third of a second where others wait ten."""
    monkeypatch.setattr("agentbench.stores.sqlite.opening.BUSY_SECONDS", 0.3)
    store = SqliteStore(tmp_path / "impatient.db")
    store.create_run(record("a")).result()
    return store


def test_a_file_that_is_busy_is_tried_again(impatient: SqliteStore) -> None:
    with held(impatient):
        future = impatient.append("a", [line(1)], fence=0)
        time.sleep(0.5)
    assert error_of(future) is type(None)
    impatient.close()


def test_a_file_that_stays_busy_is_told_and_nothing_is_kept(
    impatient: SqliteStore,
) -> None:
    with held(impatient):
        future = impatient.append("a", [line(1)], fence=0)
        with pytest.raises(StoreError, match="another process keeps writing to it"):
            future.result(timeout=60)
    assert impatient.run("a").last_seq == 0
    assert error_of(impatient.append("a", [line(1)], fence=0)) is type(None)
    impatient.close()
