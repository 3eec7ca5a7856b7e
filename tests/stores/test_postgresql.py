"""What is particular to PostgreSQL: the address, other versions, a server that goes away."""

import asyncio
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from agentbench.domain.errors import StoreError, StoreUnreachable
from agentbench.domain.store import Durability
from agentbench.stores.postgresql import PostgresqlStore
from agentbench.stores.postgresql.address import Address
from tests.stores.postgresql import PostgresServer, running_server
from tests.stores.samples import firing, line, lines, record

WITH_PASSWORD = (
    "postgresql://me:s3cret@there:5433/db",
    "postgresql://me@there/db?password=s3cret",
    "postgresql+psycopg://me:s3cret@there/db?schema=ours&sslpassword=s3cret",
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One that may be stopped: other tests have another."""
    with running_server() as server:
        yield server


@pytest.fixture
def store(server: PostgresServer) -> Iterator[PostgresqlStore]:
    store = PostgresqlStore(server.url())
    store.create_run(record()).result()
    yield store
    store.close()


@pytest.mark.parametrize("url", WITH_PASSWORD)
def test_no_password_is_shown(url: str) -> None:
    address = Address.read(url)
    assert "s3cret" not in address.url + repr(address)
    assert address.url.startswith("postgresql://me@there")


NOT_AN_ADDRESS = (
    "postgresql",
    "mysql://me:s3cret@there/db",
    "postgresql://me:s3cret@there/db?schema=no;drop",
    "postgresql://me:s3cret@there/db?durability=safe",
    "postgresql://me:s3cret@there:port/db",
)


@pytest.mark.parametrize("url", NOT_AN_ADDRESS)
def test_what_is_no_address_is_told_how_to_and_not_repeated(url: str) -> None:
    with pytest.raises(StoreError, match="user:password@host:5432/database") as caught:
        Address.read(url)
    assert "s3cret" not in str(caught.value)


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    started = time.monotonic()
    with pytest.raises(StoreUnreachable) as caught:
        PostgresqlStore("postgresql://me:s3cret@127.0.0.1:9/db")
    assert "127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert time.monotonic() - started < 30


def test_schemas_are_apart(server: PostgresServer) -> None:
    one, other = PostgresqlStore(server.url()), PostgresqlStore(server.url())
    one.create_run(record()).result()
    assert other.runs() == []
    one.close()
    other.close()


def test_many_open_a_new_store_at_once(server: PostgresServer) -> None:
    url = server.url()
    stores: list[PostgresqlStore] = []
    threads = [
        threading.Thread(target=lambda: stores.append(PostgresqlStore(url)))
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


def test_t29_a_future_version_is_read_and_never_written(server: PostgresServer) -> None:
    url = server.url("future")
    store = PostgresqlStore(url)
    store.create_run(record()).result()
    store.append("run-1", lines(1, 3), fence=0).result()
    blob = store.put_blob(b"abc")
    store.close()
    server.ask("UPDATE future.schema_version SET version = 99")
    store = PostgresqlStore(url)
    assert "newer agentbench" in store.notices[0]
    assert store.events("run-1") == lines(1, 3)
    assert store.get_blob(blob) == b"abc"
    for write in (
        lambda: store.create_run(record("new")).result(),
        lambda: store.append("run-1", lines(4, 1), fence=0).result(),
        lambda: store.put_blob(b"new"),
        lambda: store.delete_run("run-1"),
        lambda: store.sweep_blobs(age=0),
    ):
        with pytest.raises(StoreError, match="newer agentbench"):
            write()
    store.close()


def test_a_changed_event_is_never_handed_out(server: PostgresServer) -> None:
    store = PostgresqlStore(server.url("changed"))
    store.create_run(record()).result()
    store.append("run-1", lines(1, 9), fence=0).result()
    server.ask("UPDATE changed.events SET body = 'x' || body WHERE seq = 7")
    with pytest.raises(StoreError, match="Event 7 of the run run-1 is damaged"):
        store.events("run-1")
    server.ask("DELETE FROM changed.events WHERE seq = 7")
    with pytest.raises(StoreError, match="Event 7 of the run run-1 is missing"):
        store.events("run-1")
    server.ask("DELETE FROM changed.events WHERE seq > 6")
    with pytest.raises(StoreError, match="Event 7 of the run run-1 is missing"):
        store.events("run-1", after=3)
    store.close()


def test_a_damaged_value_is_renamed_and_can_be_put_anew(server: PostgresServer) -> None:
    store = PostgresqlStore(server.url("harmed"))
    blob = store.put_blob(b"abc")
    server.ask("UPDATE harmed.blob_parts SET data = 'abd'")
    with pytest.raises(StoreError, match="damaged; it was renamed to damaged-"):
        store.get_blob(blob)
    assert not store.has_blob(blob)
    assert store.put_blob(b"abc") == blob
    assert store.get_blob(blob) == b"abc"
    store.sweep_blobs(age=0)
    assert server.ask("SELECT count(*) FROM harmed.blobs") == [(1,)], "kept to look at"
    store.close()


def test_power_safety_is_asked_of_the_server(server: PostgresServer) -> None:
    """Where its administrator has turned it off, `full` turns it on again."""
    server.ask("ALTER ROLE tester SET synchronous_commit = off")
    try:
        said = []
        ask = "SHOW synchronous_commit"
        for durability in Durability:
            store = PostgresqlStore(server.url(), durability=durability)
            store.create_run(record()).result()
            said.append(store._write(lambda c: c.exec_driver_sql(ask).scalar()))
            store.append("run-1", [line(1)], fence=0, durability=Durability.FULL)
            store.flush(durability=Durability.FULL)
            store.close()
        assert said == ["off", "on"]
    finally:
        server.ask("ALTER ROLE tester RESET synchronous_commit")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGQUIT])
def test_a_write_outlives_a_restart_of_the_server(
    server: PostgresServer, store: PostgresqlStore, sign: signal.Signals
) -> None:
    store.append("run-1", firing(1), fence=0).result(timeout=50)
    server.stop(sign)
    waiting = [store.append("run-1", firing(4), fence=0)]
    waiting += [store.append("run-1", firing(7), fence=0)]
    with pytest.raises(StoreUnreachable):
        store.run("run-1")
    assert not waiting[0].done()
    server.start()
    for future in waiting:
        future.result(timeout=50)
    assert [event.seq for event in store.events("run-1")] == list(range(1, 10))
    blob = store.put_blob(b"abc")
    assert store.get_blob(blob) == b"abc"


def test_connections_cut_at_any_moment_lose_nothing_and_double_nothing(
    server: PostgresServer, store: PostgresqlStore
) -> None:
    """Also in the middle of a commit: the server is asked what became of it."""
    stop = threading.Event()
    cuts = []
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'agentbench'"
    )

    def cut_off() -> None:
        while not stop.wait(0.02):
            cuts.extend(server.ask(cut))

    thread = threading.Thread(target=cut_off)
    thread.start()
    try:
        for first in range(1, 1200, 3):
            store.append("run-1", firing(first), fence=0).result(timeout=50)
    finally:
        stop.set()
        thread.join()
    assert len(cuts) >= 5, "else nothing was tried"
    assert [event.seq for event in store.events("run-1")] == list(range(1, 1201))


async def test_a_coroutine_is_not_held_up_by_a_server_that_is_away(
    server: PostgresServer, store: PostgresqlStore
) -> None:
    server.stop()
    try:
        future = store.append("run-1", [line(1)], fence=0)
        await asyncio.sleep(0)
        assert not future.done()
    finally:
        server.start()
    await asyncio.wait_for(asyncio.wrap_future(future), 50)
