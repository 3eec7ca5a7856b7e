"""A process of its own that appends to a run, and prints each number acknowledged.

    python -m tests.stores.appender URL RUN FENCE COUNT

It ends after COUNT batches, or prints the name of the error that stopped it.
"""

import collections
import sys
from concurrent.futures import Future

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite import SqliteStore
from tests.stores.samples import firing

IN_FLIGHT = 8


def main(url: str, run: str, fence: int, count: int) -> None:
    """Appends, with a few batches on their way at any time."""
    store = SqliteStore(url)
    waiting: collections.deque[tuple[int, Future[None]]] = collections.deque()
    seq = store.run(run).last_seq
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
    main(url, run, int(fence), int(count))
