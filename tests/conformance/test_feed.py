"""The promises of `agentbench.domain.feed`, held over every backend listed."""

import importlib
import logging
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from agentbench.domain.feed import Feed
from agentbench.feeds import BACKENDS

Heard = list[tuple[str, list[Any]]]


@pytest.fixture(params=sorted(BACKENDS))
def feed(request: pytest.FixtureRequest) -> Feed:
    module, _, name = BACKENDS[request.param].partition(":")
    feed: Feed = getattr(importlib.import_module(module), name)()
    return feed


@pytest.fixture
def heard() -> Heard:
    return []


def into(heard: Heard) -> Any:
    return lambda run, events: heard.append((run, list(events)))


def test_a_listener_hears_every_run_in_order(feed: Feed, heard: Heard) -> None:
    feed.listen(into(heard))
    feed.publish("a", [1, 2])
    feed.publish("b", [1])
    feed.publish("a", [3])
    assert heard == [("a", [1, 2]), ("b", [1]), ("a", [3])]


def test_a_listener_may_want_one_run(feed: Feed, heard: Heard) -> None:
    feed.listen(into(heard), run="a")
    feed.publish("a", [1])
    feed.publish("b", [1])
    assert heard == [("a", [1])]


def test_nobody_need_listen(feed: Feed, heard: Heard) -> None:
    feed.publish("a", [1])
    feed.listen(into(heard))
    assert heard == [], "what is past is read from the log"


def test_a_listener_can_stop(feed: Feed, heard: Heard) -> None:
    stop = feed.listen(into(heard))
    feed.publish("a", [1])
    stop()
    stop()
    feed.publish("a", [2])
    assert heard == [("a", [1])]


def test_who_listens_twice_hears_twice(feed: Feed, heard: Heard) -> None:
    listener = into(heard)
    stop = feed.listen(listener)
    feed.listen(listener)
    feed.publish("a", [1])
    stop()
    feed.publish("a", [2])
    assert heard == [("a", [1]), ("a", [1]), ("a", [2])]


def test_a_listener_that_fails_is_reported_and_stops_nobody(
    feed: Feed, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(run: str, events: Sequence[Any]) -> None:
        raise ValueError("no view")

    feed.listen(fail)
    feed.listen(into(heard))
    with caplog.at_level(logging.ERROR):
        feed.publish("a", [1])
        feed.publish("a", [2])
    assert heard == [("a", [1]), ("a", [2])]
    assert "no view" in caplog.text
    assert "listener to the run a" in caplog.text


def test_all_hear_the_same_order_when_a_listener_publishes(
    feed: Feed, heard: Heard
) -> None:
    def answer(run: str, events: Sequence[Any]) -> None:
        if events[0] == 1:
            feed.publish(run, [2])

    feed.listen(answer)
    feed.listen(into(heard))
    feed.publish("a", [1])
    assert heard == [("a", [1]), ("a", [2])]


def test_a_listener_may_stop_its_neighbour(feed: Feed, heard: Heard) -> None:
    stops: list[Any] = []
    feed.listen(lambda run, events: [stop() for stop in stops])
    stops.append(feed.listen(into(heard)))
    feed.publish("a", [1])
    assert heard == []


def test_what_the_publisher_changes_later_is_not_heard(
    feed: Feed, heard: Heard
) -> None:
    kept: list[Sequence[Any]] = []
    feed.listen(lambda run, events: kept.append(events))
    batch = [1]
    feed.publish("a", batch)
    batch.append(2)
    assert list(kept[0]) == [1]


def test_many_threads_publish_and_nothing_is_lost(feed: Feed, heard: Heard) -> None:
    feed.listen(into(heard))

    def publish(run: str) -> None:
        for number in range(500):
            feed.publish(run, [number])

    threads = [threading.Thread(target=publish, args=(run,)) for run in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for run in "abcd":
        numbers = [events[0] for name, events in heard if name == run]
        assert numbers == list(range(500))
