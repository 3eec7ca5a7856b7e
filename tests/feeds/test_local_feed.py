"""What is particular to LocalFeed; its promises are held in the conformance tests."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from agentbench.feeds.local import LocalFeed


def test_a_listener_is_called_in_the_thread_that_publishes() -> None:
    feed = LocalFeed()
    names: list[str] = []
    feed.listen(lambda run, events: names.append(threading.current_thread().name))
    thread = threading.Thread(target=feed.publish, args=("a", [1]), name="publisher")
    thread.start()
    thread.join()
    assert names == ["publisher"]


def test_an_interrupt_is_not_swallowed_and_the_feed_goes_on() -> None:
    feed = LocalFeed()
    heard: list[Any] = []

    def listen(run: str, events: Sequence[Any]) -> None:
        if events[0] == 1:
            raise KeyboardInterrupt
        heard.extend(events)

    feed.listen(listen)
    with pytest.raises(KeyboardInterrupt):
        feed.publish("a", [1])
    feed.publish("a", [2])
    assert heard == [2]
