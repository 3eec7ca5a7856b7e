"""One lock that many processes want, while they and the server die."""

import contextlib
import random
import subprocess
import time
from collections import Counter
from pathlib import Path

from tests.locks.gear import SHORT, process
from tests.locks.history import History
from tests.locks.server import Server

PROCESSES, TURNS = 4, 20


def trial(home: Path, seed: int, seconds: float, work: Counter[str]) -> None:
    """Has processes take turns; kills some of them, and now and then the server."""
    chance = random.Random(seed)
    history = History.begin(home)
    end = time.monotonic() + seconds
    with Server(home, keeps=True) as server, contextlib.ExitStack() as stack:

        def started() -> "subprocess.Popen[str]":
            facts = {"tasks": TURNS, "store": history.url, "lease": SHORT}
            return stack.enter_context(process(server.url, "soak", **facts))

        living = [started() for _ in range(PROCESSES)]
        while time.monotonic() < end:
            time.sleep(chance.uniform(0.2, 1.5))
            if chance.random() < 0.15:
                server.kill()
                work["lock servers killed"] += 1
                time.sleep(chance.uniform(0, 2 * SHORT))
                server.start()
            else:
                one = living.pop(chance.randrange(PROCESSES))
                work["lock holders and waiters killed"] += one.poll() is None
                one.kill()
                living.append(started())
        # Whoever is left gets its turn, and nobody is in anybody's way.
        for one in living:
            one.communicate(timeout=120)
        last = started()
        last.communicate(timeout=120)
        assert last.returncode == 0, "with no more faults everybody has a turn"
    turns = history.check(visits=TURNS)
    work["turns with a lock"] += len(turns)
    history.store.close()
