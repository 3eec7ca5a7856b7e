"""What the tests of feeds are made of."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from agentbench.domain.event import Event, LineLogged, RunFinished
from agentbench.domain.feed import Feed
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord, Store

ROOT = Path(__file__).parent.parent.parent

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing takes nearly so long but a busy machine."""


def begin(store: Store, run: str, agent: str = "counting") -> None:
    """Creates a run that has no events yet."""
    record = RunRecord(
        id=run, agent=agent, graph="0" * 64, status=RunStatus.RUNNING, started=1.0
    )
    store.create_run(record).result()


def append(
    store: Store, run: str, count: int = 1, *, is_last: bool = False
) -> list[Event]:
    """Commits so many more events of a run, and its end; returns them."""
    last = store.run(run).last_seq
    events: list[Event] = [
        LineLogged(seq=seq, at=1.0, node="n", firing=1, text=f"line {seq}")
        for seq in range(last + 1, last + count + 1)
    ]
    status = RunStatus.COMPLETED if is_last else None
    if is_last:
        seq = last + count + 1
        events.append(
            RunFinished(seq=seq, at=1.0, status="completed", seconds=1.0, unfired={})
        )
    store.append(run, events, fence=0, status=status).result(PATIENCE)
    return events


def tell(feed: Feed, store: Store, run: str, count: int = 1, **more: bool) -> None:
    """Commits events and publishes them, as an engine does."""
    feed.publish(run, append(store, run, count, **more))


class Ear:
    """A listener that keeps what it hears, and can be waited for."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []
        self._changed = threading.Condition()

    def __call__(self, run: str, events: Sequence[Any]) -> None:
        with self._changed:
            self.heard += [(run, event) for event in events]
            self._changed.notify_all()

    def numbers(self, run: str) -> list[int]:
        """The numbers of the events heard of a run, in order."""
        return [e.seq for r, e in list(self.heard) if r == run and hasattr(e, "seq")]

    def wait(self, wanted: Callable[[], bool]) -> bool:
        """Waits until something holds; false when it does not in good time."""
        with self._changed:
            return self._changed.wait_for(wanted, PATIENCE)

    def wait_for(self, run: str, seq: int) -> list[int]:
        """Waits for an event of a run; returns the numbers heard by then."""
        self.wait(lambda: seq in self.numbers(run))
        return self.numbers(run)


@contextlib.contextmanager
def process(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process: `python -m tests.feeds.far …`, with a pipe to it and from it."""
    command = [sys.executable, "-m", "tests.feeds.far", *words]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as ran:
        try:
            yield ran
        finally:
            ran.kill()


def say(ran: "subprocess.Popen[str]", word: str) -> None:
    """Tells a process something."""
    assert ran.stdin
    ran.stdin.write(word + "\n")
    ran.stdin.flush()


def said(ran: "subprocess.Popen[str]") -> str:
    """The next line that a process prints."""
    assert ran.stdout
    return ran.stdout.readline().strip()
