"""The promises of `agentbench.domain.feed`, held over every backend listed."""

import importlib
import logging
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from agentbench.domain.event import Event, Progressed
from agentbench.domain.feed import Feed
from agentbench.domain.store import Store
from agentbench.embedded.valkey import ValkeyServer
from agentbench.feeds import BACKENDS
from agentbench.stores.memory import MemoryStore
from tests.feeds.gear import Ear, append, begin, tell

HERE = ["local", "unix"]
"""Every class of backend; redis: and rediss: are unix: by another road."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ValkeyServer(tmp_path_factory.mktemp("run")) as server:
        yield server.start()


@pytest.fixture
def store() -> Store:
    store = MemoryStore("memory:")
    for run in "abcd":
        begin(store, run)
    return store


@pytest.fixture(params=HERE)
def feed(request: pytest.FixtureRequest, store: Store) -> Iterator[Feed]:
    url = "local:"
    if request.param != "local":
        url = request.getfixturevalue("server")
    module, _, name = BACKENDS[request.param].partition(":")
    feed: Feed = getattr(importlib.import_module(module), name)(url, log=store)
    yield feed
    feed.close()
    feed.close()


@pytest.fixture
def ear() -> Ear:
    return Ear()


def heard(ear: Ear, many: int) -> list[tuple[str, int]]:
    """What was heard, once it is so much: another thread may be telling it."""
    ear.wait(lambda: len(ear.heard) >= many)
    return [(run, event.seq) for run, event in ear.heard]


def test_every_backend_is_held() -> None:
    assert {BACKENDS[scheme] for scheme in HERE} == set(BACKENDS.values())


def test_a_listener_hears_every_run_in_order(
    feed: Feed, store: Store, ear: Ear
) -> None:
    feed.listen(ear)
    tell(feed, store, "a", 2)
    tell(feed, store, "b")
    tell(feed, store, "a")
    assert heard(ear, 4) == [("a", 1), ("a", 2), ("b", 1), ("a", 3)]


def test_a_listener_may_want_one_run(feed: Feed, store: Store, ear: Ear) -> None:
    feed.listen(ear, run="a")
    tell(feed, store, "a")
    tell(feed, store, "b")
    assert heard(ear, 1) == [("a", 1)]


def test_a_listener_may_want_the_runs_of_an_agent(
    feed: Feed, store: Store, ear: Ear
) -> None:
    begin(store, "other", agent="another")
    feed.listen(ear, agent="counting")
    tell(feed, store, "a")
    tell(feed, store, "other")
    begin(store, "late")
    tell(feed, store, "late")
    assert heard(ear, 2) == [("a", 1), ("late", 1)]


def test_nobody_need_listen(feed: Feed, store: Store, ear: Ear) -> None:
    tell(feed, store, "a")
    feed.listen(ear)
    feed.listen(ear, run="a")
    feed.listen(ear, agent="counting")
    assert ear.heard == [], "what is past is told to who asks for it"


def test_who_comes_late_is_told_the_past_and_then_what_is_new(
    feed: Feed, store: Store, ear: Ear
) -> None:
    tell(feed, store, "a", 3)
    feed.listen(ear, run="a", after=1)
    tell(feed, store, "a", 2, is_last=True)
    assert ear.wait_for("a", 6) == [2, 3, 4, 5, 6]


def test_the_past_of_an_agent_is_that_of_its_runs_that_go_on(
    feed: Feed, store: Store, ear: Ear
) -> None:
    tell(feed, store, "a", 3, is_last=True)
    tell(feed, store, "b", 2)
    feed.listen(ear, agent="counting", after=0)
    tell(feed, store, "b", 1)
    assert heard(ear, 3) == [("b", 1), ("b", 2), ("b", 3)]


def test_an_event_that_was_not_published_is_read_from_the_log(
    feed: Feed, store: Store, ear: Ear
) -> None:
    feed.listen(ear, run="a", after=0)
    tell(feed, store, "a")
    append(store, "a", 2)
    tell(feed, store, "a")
    assert ear.wait_for("a", 4) == [1, 2, 3, 4]


def test_an_event_that_is_published_twice_or_late_is_told_once(
    feed: Feed, store: Store, ear: Ear
) -> None:
    feed.listen(ear, run="a")
    first, second = append(store, "a", 2), append(store, "a", 2)
    for batch in (second, first, second, first):
        feed.publish("a", batch)
    assert ear.wait_for("a", 4) == [1, 2, 3, 4]


def test_ephemeral_events_are_told_and_have_no_place(
    feed: Feed, store: Store, ear: Ear
) -> None:
    feed.listen(ear, run="a")
    half = Progressed(node="n", firing=1, done=1, total=2, text="half")
    feed.publish("a", [half])
    tell(feed, store, "a")
    assert ear.heard[0] == ("a", half)
    assert ear.wait_for("a", 1) == [1]


def test_a_listener_can_stop(feed: Feed, store: Store, ear: Ear) -> None:
    stop = feed.listen(ear)
    tell(feed, store, "a")
    stop()
    stop()
    tell(feed, store, "a")
    assert ear.wait_for("a", 1) == [1]


def test_who_listens_twice_hears_twice(feed: Feed, store: Store, ear: Ear) -> None:
    stop = feed.listen(ear)
    feed.listen(ear)
    tell(feed, store, "a")
    stop()
    tell(feed, store, "a")
    assert ear.wait_for("a", 2) == [1, 1, 2]


def test_a_listener_that_fails_is_reported_and_stops_nobody(
    feed: Feed, store: Store, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(run: str, events: Sequence[Any]) -> None:
        raise ValueError("no view")

    feed.listen(fail)
    feed.listen(ear)
    with caplog.at_level(logging.ERROR):
        tell(feed, store, "a")
        tell(feed, store, "a")
    assert ear.wait_for("a", 2) == [1, 2]
    assert "no view" in caplog.text
    assert "listener to the run a" in caplog.text


def test_all_hear_the_same_order_when_a_listener_publishes(
    feed: Feed, store: Store, ear: Ear
) -> None:
    def answer(run: str, events: Sequence[Event]) -> None:
        if events[0].seq == 1:
            tell(feed, store, "b")
            tell(feed, store, "a")

    feed.listen(answer, run="a")
    feed.listen(ear)
    tell(feed, store, "a")
    assert heard(ear, 3) == [("a", 1), ("b", 1), ("a", 2)]


def test_a_listener_may_stop_its_neighbour(feed: Feed, store: Store, ear: Ear) -> None:
    stops: list[Any] = []
    feed.listen(lambda run, events: [stop() for stop in stops])
    stops.append(feed.listen(ear))
    tell(feed, store, "a")
    assert ear.heard == []


def test_what_the_publisher_changes_later_is_not_heard(
    feed: Feed, store: Store
) -> None:
    kept: list[Sequence[Any]] = []
    feed.listen(lambda run, events: kept.append(events))
    batch = append(store, "a", 1)
    feed.publish("a", batch)
    batch.append(batch[0])
    assert len(kept[0]) == 1


def test_many_threads_publish_and_nothing_is_lost(
    feed: Feed, store: Store, ear: Ear
) -> None:
    feed.listen(ear)

    def publish(run: str) -> None:
        for _ in range(300):
            tell(feed, store, run)

    threads = [threading.Thread(target=publish, args=(run,)) for run in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for run in "abcd":
        assert ear.numbers(run) == list(range(1, 301))


def test_who_joins_while_it_runs_misses_nothing(feed: Feed, store: Store) -> None:
    ears = [Ear() for _ in range(10)]
    thread = threading.Thread(
        target=lambda: [tell(feed, store, "a", is_last=n == 299) for n in range(300)]
    )
    thread.start()
    for ear in ears:
        feed.listen(ear, run="a", after=0)
    thread.join()
    for ear in ears:
        assert ear.wait_for("a", 301) == list(range(1, 302))


def test_a_slow_listener_holds_up_nobody_and_misses_nothing(
    feed: Feed, store: Store, ear: Ear
) -> None:
    go_on, most = threading.Event(), []
    slow = Ear()

    def hear(run: str, events: Sequence[Event]) -> None:
        go_on.wait(60)
        most.append(len(events))
        slow(run, events)

    append(store, "a")
    # Told the past in a thread of its own, in which it then takes its time.
    joining = threading.Thread(target=lambda: feed.listen(hear, run="a", after=0))
    joining.start()
    while store.run("a").last_seq < 2000:
        tell(feed, store, "a", 10)
    feed.listen(ear, run="b")
    tell(feed, store, "b")
    assert ear.wait_for("b", 1) == [1]
    go_on.set()
    joining.join()
    tell(feed, store, "a", is_last=True)
    numbers = slow.wait_for("a", store.run("a").last_seq)
    assert numbers == list(range(1, numbers[-1] + 1))
    assert len(most) < 100, "what waited was dropped, and read again in one go"
