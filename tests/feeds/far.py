"""A process of its own that publishes or listens: `python -m tests.feeds.far …`.

publish URL STORE RUN   for each line "COUNT" or "COUNT end" read, tells so many
                        events, and prints the number of the last
listen URL STORE RUN AFTER   listens three times, prints "ready", and for each
                        "<first> <last> <in order>" when the run has ended
"""

import sys

from agentbench.domain.event import RunFinished
from agentbench.feeds.redis import RedisFeed
from agentbench.stores.sqlite import SqliteStore
from tests.feeds.gear import Ear, tell


def publish(url: str, where: str, run: str) -> None:
    """Tells events on demand."""
    store = SqliteStore(where)
    feed = RedisFeed(url, log=store)
    for line in sys.stdin:
        count, *end = line.split()
        tell(feed, store, run, int(count), is_last=bool(end))
        print(store.run(run).last_seq, flush=True)
    feed.close()
    store.close()


def listen(url: str, where: str, run: str, after: str) -> None:
    """Listens until the run has ended."""
    store = SqliteStore(where)
    feed = RedisFeed(url, log=store)
    ears = [Ear() for _ in range(3)]
    for ear in ears:
        feed.listen(ear, run=run, after=int(after))
    print("ready", flush=True)
    for ear in ears:
        ear.wait(
            lambda heard=ear.heard: heard and isinstance(heard[-1][1], RunFinished)
        )
        numbers = ear.numbers(run)
        in_order = numbers == list(range(numbers[0], numbers[-1] + 1))
        print(numbers[0], numbers[-1], in_order, flush=True)
    feed.close()
    store.close()


if __name__ == "__main__":
    {"publish": publish, "listen": listen}[sys.argv[1]](*sys.argv[2:])
