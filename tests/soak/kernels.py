"""Kernels and their server die, freeze and come back, while they carry out random graphs."""

import collections
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from agentbench.domain.errors import AgentbenchError
from agentbench.domain.event import (
    Event,
    FiringFailed,
    FiringStarted,
    RunResumed,
    RunStarted,
)
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord
from agentbench.workbench.workbench import Workbench
from tests.engine.story import ENDS, check_log
from tests.engine.test_determinism import is_as_foretold
from tests.soak.graphs import drawn_of, graph_of
from tests.soak.kernel import LEASE, kernel

KERNELS = 2
ROOT = Path(__file__).parent.parent.parent
PATIENCE = 300.0
"""Seconds after which something hangs, however busy the machine is."""

Marks = dict[int, Counter[tuple[str, str, int]]]
"""By process, how often it executed which firing of which run."""


class Crowd:
    """Kernels of one folder, and what may befall them."""

    def __init__(self, home: Path, seed: int, work: Counter[str]) -> None:
        self._home, self._seed, self._work = home, seed, work
        self._next = 0
        self._living: list[subprocess.Popen[bytes]] = []
        for _ in range(KERNELS):
            self._start()

    def wait_until_at_work(self) -> None:
        """Returns when each kernel has executed something: before, no fault meets it."""
        end = time.monotonic() + PATIENCE
        while not all(map(self._is_at_work, self._living)):
            assert time.monotonic() < end, f"no kernel gets to work: {self._said()}"
            time.sleep(0.1)

    def suffer(self, chance: random.Random) -> None:
        """Has one fault happen."""
        what = chance.choice(
            [self._die, self._die, self._lose, self._lose, self._stall]
        )
        what(chance)

    def end(self) -> None:
        """Kills them all."""
        for process in self._living:
            process.kill()
            process.wait()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.soak.kernel"]
        words = map(str, (self._home, self._seed, self._next))
        log = (self._home / "said").open("ab")
        process = subprocess.Popen([*command, *words], cwd=ROOT, stdout=log, stderr=log)
        log.close()
        self._living.append(process)
        self._next += 1_000  # numbers that no other one of these takes

    def _is_at_work(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, f"a kernel ended by itself: {self._said()}"
        with contextlib.suppress(FileNotFoundError):
            return (self._home / f"marks-{process.pid}").stat().st_size > 0
        return False

    def _said(self) -> str:
        return (self._home / "said").read_text(errors="replace")[-2_000:]

    def _die(self, chance: random.Random) -> None:
        process = chance.choice(self._living)
        if not self._is_at_work(process):
            return  # it only just begins: its death would show nothing
        self._living.remove(process)
        process.kill()
        process.wait()
        self._work["kernels killed"] += 1
        self._start()

    def _lose(self, chance: random.Random) -> None:
        for pid in _servers_in(self._home):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self._work["servers killed"] += 1

    def _stall(self, chance: random.Random) -> None:
        process = chance.choice(self._living)
        process.send_signal(signal.SIGSTOP)
        time.sleep(chance.uniform(0, 2.5 * LEASE))
        process.send_signal(signal.SIGCONT)
        self._work["kernels frozen"] += 1


def trial(home: Path, seed: int, seconds: float, work: Counter[str]) -> None:
    """Lives through so many seconds of faults, then ends every run and looks at each."""
    chance = random.Random(seed)
    crowd = Crowd(home, seed, work)
    killed = work["kernels killed"]
    try:
        crowd.wait_until_at_work()
        end = time.monotonic() + seconds
        while time.monotonic() < end or work["kernels killed"] == killed:
            time.sleep(chance.uniform(0.5, 4.0))
            crowd.suffer(chance)
    finally:
        crowd.end()
    bench = kernel(home)
    try:
        _finish(bench)
        marks = _marks_in(home)
        for record in bench.store.runs(limit=100_000):
            if record.last_seq:
                _look_at(bench, record, marks, work)
            else:
                work["runs that never began"] += 1
    finally:
        bench.close()


def _finish(bench: Workbench) -> None:
    """Brings every run to its end."""
    end = time.monotonic() + PATIENCE
    while True:
        left = [
            record
            for record in bench.store.runs(limit=100_000)
            if record.last_seq and not record.status.is_final
        ]
        if not left:
            return
        assert time.monotonic() < end, f"these never end: {left}"
        for record in left:
            with contextlib.suppress(AgentbenchError):  # its lease has not run out yet
                bench.resume(record.id).wait(timeout=PATIENCE)
        time.sleep(0.2)


def _look_at(
    bench: Workbench, record: RunRecord, marks: Marks, work: Counter[str]
) -> None:
    """Holds a run against what the interpreter foretells, and counts its executions."""
    _, seed, number = record.agent.split("-")
    drawn, _ = drawn_of(int(seed), int(number))
    graph = graph_of(bench.blocks, drawn, int(seed), int(number))
    run = bench.run(record.id)
    events = bench.store.events(record.id)
    check_log(events)
    cuts = sum(isinstance(event, RunResumed) for event in events)
    work["times a run was taken up"] += cuts
    tries = {id: 1 + options.get("retries", 0) for id, *_, options in drawn.nodes}
    _check_executions(record.id, events, marks, cuts, tries)
    poisoned = [
        event
        for event in events
        if isinstance(event, FiringFailed) and event.error == "PoisonFiring"
    ]
    if poisoned:
        assert cuts >= 3 * len({(e.node, e.firing) for e in poisoned}) / 16
        work["runs with a firing given up"] += 1
        return
    assert record.status in (RunStatus.COMPLETED, RunStatus.FAILED)
    is_as_foretold(bench, graph, drawn, run)
    work["runs as foretold"] += 1
    work["firings"] += sum(isinstance(event, ENDS) for event in events)


def _check_executions(
    run: str,
    events: Sequence[Event],
    marks: Marks,
    cuts: int,
    tries: Mapping[str, int],
) -> None:
    """No owner executes what an earlier one has brought to its end.

    Of its last attempts at a firing, each owner that died may have told the log nothing.
    """
    owner, owners = 0, []
    ended: dict[tuple[str, int], int] = {}
    starts: Counter[tuple[str, int]] = collections.Counter()
    for event in events:
        if isinstance(event, (RunStarted, RunResumed)):
            owner = int(event.owner.split()[1])
            owners.append(owner)
        elif isinstance(event, FiringStarted):
            starts[event.node, event.firing] += 1
        elif isinstance(event, ENDS):
            ended[event.node, event.firing] = len(owners)
    for place, count in ended.items():
        for later in set(owners[count:]) - set(owners[:count]):
            assert not marks[later][run, *place], f"{run} {place} was done again"
        times = sum(by[run, *place] for by in marks.values())
        most = starts[place] + cuts * tries[place[0]]
        assert times <= most, f"{run} {place} was done {times} times"


def _marks_in(home: Path) -> Marks:
    marks: Marks = collections.defaultdict(collections.Counter)
    for file in home.glob("marks-*"):
        of_it = marks[int(file.name.partition("-")[2])]
        for line in file.read_text().splitlines():
            words = line.split()
            if len(words) == 3:  # the last line may have been cut off
                of_it[words[0], words[1], int(words[2])] += 1
    return marks


def _servers_in(home: Path) -> list[int]:
    """The Valkey servers of a folder, without their guards."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (place / "cmdline").read_bytes().decode(errors="replace")
            if f"unixsocket:{home}" in words:  # how a server calls itself
                found.append(int(place.name))
    return found
