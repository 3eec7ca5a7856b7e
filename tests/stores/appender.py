"""A process of its own that appends to a run, and prints each number acknowledged.

    python -m tests.stores.appender URL RUN FENCE COUNT

The first line it prints says that the store is open. With a COUNT such as 5+100 it
appends 5, waits for a line to be said to it, and appends 100 more.

It ends after COUNT batches, or prints the name of the error that stopped it.
"""

import collections
import importlib
import sys
from concurrent.futures import Future

from agentbench.domain.errors import StoreError
from agentbench.stores import BACKENDS
from tests.stores.samples import firing

IN_FLIGHT = 8


def main(url: str, run: str, fence: int, *counts: int) -> None:
    """Appends, with a few batches on their way at any time."""
    module, _, name = BACKENDS[url.partition(":")[0]].partition(":")
    store = getattr(importlib.import_module(module), name)(url)
    print("0", flush=True)
    seq = store.run(run).last_seq
    for turn, count in enumerate(counts):
        if turn:
            sys.stdin.readline()
        waiting: collections.deque[tuple[int, Future[None]]] = collections.deque()
        for _ in range(count):
            waiting.append((seq + 3, store.append(run, firing(seq + 1), fence=fence)))
            seq += 3
            if len(waiting) == IN_FLIGHT:
                _acknowledge(*waiting.popleft())
        for last, future in waiting:
            _acknowledge(last, future)


def _acknowledge(last: int, future: "Future[None]") -> None:
    try:
        future.result()
    except StoreError as error:
        print(type(error).__name__, flush=True)
        raise SystemExit(3) from None
    print(last, flush=True)


if __name__ == "__main__":
    url, run, fence, count = sys.argv[1:]
    main(url, run, int(fence), *map(int, count.split("+")))
