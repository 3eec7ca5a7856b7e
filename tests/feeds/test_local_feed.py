"""What is particular to LocalFeed; its promises are held in the conformance tests."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from agentbench.feeds.local import LocalFeed
from agentbench.stores.memory import MemoryStore
from tests.feeds.gear import begin, tell


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore("memory:")
    begin(store, "a")
    return store


def test_a_listener_is_called_in_the_thread_that_publishes(store: MemoryStore) -> None:
    feed = LocalFeed(log=store)
    names: list[str] = []
    feed.listen(lambda run, events: names.append(threading.current_thread().name))
    thread = threading.Thread(target=tell, args=(feed, store, "a"), name="publisher")
    thread.start()
    thread.join()
    assert names == ["publisher"]


def test_an_interrupt_is_not_swallowed_and_the_feed_goes_on(
    store: MemoryStore,
) -> None:
    feed = LocalFeed(log=store)
    heard: list[int] = []

    def listen(run: str, events: Sequence[Any]) -> None:
        if events[0].seq == 1:
            raise KeyboardInterrupt
        heard.extend(event.seq for event in events)

    feed.listen(listen)
    with pytest.raises(KeyboardInterrupt):
        tell(feed, store, "a")
    tell(feed, store, "a")
    assert heard == [2]
