"""What is particular to RedisFeed: other processes, and a server that fails."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from agentbench.domain.event import Progressed, RunHeld
from agentbench.embedded.valkey import ValkeyServer
from agentbench.feeds.redis import RedisFeed
from agentbench.stores.sqlite import SqliteStore
from tests.feeds.gear import Ear, append, begin, process, said, say, tell

Open = Callable[..., RedisFeed]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server for one test, which may do to it what it likes."""
    with ValkeyServer(tmp_path) as server:
        yield server.start()


@pytest.fixture
def admin(url: str) -> Iterator[Any]:
    """A client that looks at the server from the side."""
    with redis.Redis.from_url(url, decode_responses=True) as client:
        yield client


@pytest.fixture
def where(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(where: str) -> Iterator[SqliteStore]:
    store = SqliteStore(where)
    begin(store, "a")
    yield store
    store.close()


@pytest.fixture
def open_feed(url: str, store: SqliteStore) -> Iterator[Open]:
    """Opens a feed as one more kernel would; they share a store and a server."""
    with contextlib.ExitStack() as leaving:

        def open_feed(at: str = url, **options: str) -> RedisFeed:
            feed = RedisFeed(at, log=store, **options)
            leaving.callback(feed.close)
            return feed

        yield open_feed


def kill(admin: Any) -> None:
    """Ends the server; another comes back, empty, at the same place."""
    until(lambda: is_up(admin))  # it may have been ended just before
    os.kill(server_of(admin), signal.SIGKILL)


def is_up(admin: Any) -> bool:
    try:
        return bool(admin.ping())
    except redis.exceptions.ConnectionError:
        return False


def server_of(admin: Any) -> int:
    return int(admin.info("server")["process_id"])


def is_kept(admin: Any, key: str) -> bool:
    """Whether the server that comes back after another was killed has a key again."""
    try:
        return bool(admin.exists(key))
    except redis.exceptions.ConnectionError:
        return False


def until(wanted: Callable[[], bool]) -> None:
    """Waits for what only the server knows."""
    end = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


class TestFar:
    def test_a_run_of_another_process_is_heard_live(
        self, url: str, where: str, store: SqliteStore, open_feed: Open
    ) -> None:
        by_run, by_agent, past = Ear(), Ear(), Ear()
        with process("publish", url, where, "a") as far:
            say(far, "5")
            assert said(far) == "5"
            feed = open_feed()
            feed.listen(by_run, run="a")
            feed.listen(by_agent, agent="counting")
            feed.listen(past, run="a", after=2)
            assert past.numbers("a") == [3, 4, 5]
            say(far, "3")
            assert by_run.wait_for("a", 8) == [6, 7, 8]
            say(far, "1 end")
            assert by_run.wait_for("a", 10) == [6, 7, 8, 9, 10]
            assert by_agent.wait_for("a", 10) == [6, 7, 8, 9, 10]
            assert past.wait_for("a", 10) == [*range(3, 11)]

    def test_a_run_that_begins_later_is_heard_by_its_agent(
        self, store: SqliteStore, open_feed: Open
    ) -> None:
        ear, ours = Ear(), open_feed()
        ours.listen(ear, agent="counting")
        begin(store, "late")
        begin(store, "other", agent="another")
        theirs = open_feed()
        tell(theirs, store, "other", 2)
        tell(theirs, store, "late", 2)
        assert ear.wait_for("late", 2) == [1, 2]
        assert ear.numbers("other") == []

    def test_twelve_that_join_late_in_other_processes_each_hear_everything(
        self, url: str, where: str, store: SqliteStore, open_feed: Open
    ) -> None:
        feed = open_feed()
        tell(feed, store, "a", 500)
        with contextlib.ExitStack() as ending:
            words = ("listen", url, where, "a", "0")
            stop = threading.Event()

            def go_on() -> None:
                while not stop.wait(0.01):
                    tell(feed, store, "a", 5)

            running = threading.Thread(target=go_on)
            running.start()
            late = [ending.enter_context(process(*words)) for _ in range(4)]
            assert [said(watcher) for watcher in late] == ["ready"] * 4
            stop.set()
            running.join()
            tell(feed, store, "a", is_last=True)
            last = store.run("a").last_seq
            heard = [said(watcher) for watcher in late for _ in range(3)]
            assert heard == [f"1 {last} True"] * 12

    def test_progress_is_heard_without_its_words(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ear = Ear()
        open_feed().listen(ear, run="a")
        theirs = open_feed()
        half = Progressed(node="n", firing=1, done=1, total=2, text="of Ann's letter")

        def is_heard() -> bool:
            theirs.publish("a", [half])
            return bool(ear.heard)

        until(is_heard)
        told = ear.heard[0][1]
        assert (told.node, told.done, told.total, told.text) == ("n", 1, 2, "")

    def test_that_a_run_stands_still_is_heard_without_its_reason(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ear = Ear()
        open_feed().listen(ear, run="a")
        theirs = open_feed()

        def says(*, held: bool) -> bool:
            theirs.publish("a", [RunHeld(reason="/home/ann is full" if held else "")])
            return bool(ear.heard) and bool(ear.heard[-1][1].reason) is held

        until(lambda: says(held=True))
        assert "ann" not in ear.heard[-1][1].reason
        until(lambda: says(held=False))

    def test_a_slow_listener_holds_up_neither_run_nor_other_processes(
        self, url: str, where: str, store: SqliteStore, open_feed: Open
    ) -> None:
        slow, go_on = Ear(), threading.Event()

        def hear(run: str, events: Any) -> None:
            go_on.wait(60)
            slow(run, events)

        open_feed().listen(hear, run="a")
        with process("listen", url, where, "a", "0") as quick:
            assert said(quick) == "ready"
            theirs = open_feed()
            for _ in range(200):
                tell(theirs, store, "a", 10)
            tell(theirs, store, "a", is_last=True)
            assert said(quick) == "1 2002 True"
        go_on.set()
        assert slow.wait_for("a", 2002) == [*range(1, 2003)]


class TestServer:
    def test_a_server_that_is_killed_loses_no_event(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ear, ours, theirs = Ear(), open_feed(), open_feed()
        ours.listen(ear, run="a")
        for _ in range(3):
            tell(theirs, store, "a", 2)
            ear.wait_for("a", store.run("a").last_seq)
            kill(admin)
            tell(theirs, store, "a", 2)
        assert ear.wait_for("a", 12) == [*range(1, 13)]
        until(lambda: is_kept(admin, "agentbench:feed:run:a"))
        tell(theirs, store, "a", is_last=True)
        assert ear.wait_for("a", 14) == [*range(1, 15)]

    def test_who_listens_is_told_from_the_log_while_there_is_no_server(
        self, store: SqliteStore, open_feed: Open, tmp_path: Path
    ) -> None:
        nowhere = f"unix://{tmp_path / 'nothing.sock'}"
        ear, ours, theirs = Ear(), open_feed(nowhere), open_feed(nowhere)
        ours.listen(ear, run="a", after=0)
        tell(theirs, store, "a", 3)
        tell(theirs, store, "a", is_last=True)
        assert ear.wait_for("a", 5) == [1, 2, 3, 4, 5]

    def test_a_lost_notice_costs_only_a_little_time(
        self, store: SqliteStore, open_feed: Open
    ) -> None:
        ear = Ear()
        open_feed().listen(ear, run="a")
        append(store, "a", 3, is_last=True)
        assert ear.wait_for("a", 4) == [1, 2, 3, 4]

    def test_a_server_that_hangs_does_not_hold_up_who_publishes(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ear, near, theirs = Ear(), Ear(), open_feed()
        open_feed().listen(ear, run="a")
        theirs.listen(near)
        tell(theirs, store, "a")
        ear.wait_for("a", 1)
        server = server_of(admin)
        os.kill(server, signal.SIGSTOP)
        try:
            for _ in range(2000):
                theirs.publish("a", append(store, "a", 1)[:0])
            tell(theirs, store, "a")
            assert near.numbers("a")[-1] == 2002
            due = theirs._outgoing._due
            assert len(due) <= 1, "only the newest of each run is kept"
        finally:
            os.kill(server, signal.SIGCONT)
        assert ear.wait_for("a", 2002) == [*range(1, 2003)]

    def test_many_listeners_share_two_connections(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        before = len(admin.client_list())
        feed, ears = open_feed(), [Ear() for _ in range(50)]
        for number, ear in enumerate(ears):
            if number:
                begin(store, f"a{number}")
            feed.listen(ear, run=f"a{number or ''}")
        theirs = open_feed()
        for number in range(50):
            tell(theirs, store, f"a{number or ''}", is_last=True)
        for number, ear in enumerate(ears):
            ear.wait_for(f"a{number or ''}", 2)
        assert len(admin.client_list()) - before <= 3, "two here, one that publishes"

    def test_a_feed_to_which_nobody_listens_any_more_rests(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ear, feed = Ear(), open_feed()
        feed.listen(ear, run="a")
        stop = feed.listen(ear, agent="counting")
        until(lambda: "xread" in {c["cmd"] for c in admin.client_list()})
        tell(feed, store, "a", is_last=True)
        stop()
        until(lambda: "xread" not in {c["cmd"] for c in admin.client_list()})


class TestKeys:
    def test_notices_hold_nothing_of_what_users_wrote(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        begin(store, "secret-run", agent="Ann's diary")
        feed = open_feed(namespace="somewhere")
        tell(feed, store, "secret-run", 5)
        keys = admin.keys
        until(lambda: len(keys("somewhere:feed:*")) == 2)
        text = " ".join(
            f"{key} {words}" for key in keys() for _, words in admin.xrange(key)
        )
        assert "Ann" not in text
        assert "line" not in text
        assert set(admin.xrange("somewhere:feed:run:secret-run")[0][1]) == {
            "by",
            "run",
            "seq",
        }

    def test_every_key_is_namespaced_and_short_and_expires(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        ours, theirs, ear = open_feed(), open_feed(), Ear()
        ours.listen(ear, run="a")
        for _ in range(30):
            tell(theirs, store, "a", 50)
        tell(theirs, store, "a", is_last=True)
        ear.wait_for("a", 1502)
        keys = admin.keys()
        assert {key.split(":")[0] for key in keys} == {"agentbench"}
        assert all(0 < admin.ttl(key) <= 3600 for key in keys)
        assert admin.xlen("agentbench:feed:run:a") <= 31
        assert len(keys) >= 2

    def test_namespaces_do_not_hear_each_other(
        self, store: SqliteStore, open_feed: Open, admin: Any
    ) -> None:
        theirs = open_feed(namespace="theirs")
        tell(theirs, store, "a", is_last=True)
        until(lambda: bool(admin.keys("theirs:feed:run:a")))
        assert admin.keys("agentbench:*") == []


def test_a_fast_run_is_told_fifty_times_a_second_at_most(
    store: SqliteStore, open_feed: Open, admin: Any
) -> None:
    feed, began = open_feed(), time.monotonic()
    while time.monotonic() - began < 1:
        tell(feed, store, "a", 1)
    feed.close()
    took = time.monotonic() - began
    assert admin.xlen("agentbench:feed:run:a") <= 50 * took + 2
