"""The peers beside us: in every round bare asyncio, one of them, and we ourselves.

Each shape of each is in a process of its own, and only one of these at a time: the
servers of one are not to be in another's way.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

from tests.benchmarks.engine import LOGGED, benches, works_of
from tests.benchmarks.environment import PYTHON, ROOT, prepare
from tests.benchmarks.peers import PEERS, Peer
from tests.benchmarks.shapes import SHAPES, Shape
from tests.benchmarks.timing import Work, rounds_of, timed

PATIENCE = 300.0
"""Seconds that one shape of one peer may take in all."""

FAREWELL = 30.0
"""Seconds in which a peer puts away its servers once nothing is asked of it any more."""


class NoAnswer(Exception):
    """The peer's process has ended; says what it said."""


async def others(home: Path, only: set[str]) -> dict[str, dict[str, Any]]:
    """By peer and shape what was found, or in a word why nothing was."""
    wanted = [peer for peer in PEERS if not only or peer.name in only]
    missing = await asyncio.to_thread(prepare, wanted)
    found: dict[str, dict[str, Any]] = {peer.name: {} for peer in wanted}
    for shape in SHAPES.values():
        with benches(home / f"beside-{shape.name}") as made:
            ours = (await works_of(shape, {LOGGED: made[LOGGED]}))[LOGGED]
            for peer in wanted:
                if why := missing.get(peer.name):
                    answer = {"said": "not installed", "why": why}
                else:
                    print(f"{peer.name}: {shape.name}", file=sys.stderr, flush=True)
                    answer = await _beside(peer, shape, ours)
                found[peer.name][shape.name] = answer
    return found


async def _beside(peer: Peer, shape: Shape, ours: Work) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE), _process(peer, shape) as other:
            ready = await other.answer()
            if "said" in ready:
                return ready

            async def one() -> dict[str, float]:
                return await other.ask() | {LOGGED: await timed(ours)}

            rounds = await rounds_of(one, least=5, budget=8.0)
    except TimeoutError:
        return {"said": "too slow", "why": f"it took more than {PATIENCE:.0f} s"}
    except NoAnswer as silent:
        return {"said": "failed", "why": str(silent)}
    return {
        "us_per_node": rounds.median("peer") / len(shape.nodes) * 1e6,
        "ratio": rounds.ratio("peer", "bare"),
        "over_ours": rounds.ratio("peer", LOGGED),
        "ms": rounds.median("peer") * 1e3,
        "rounds": len(rounds),
        **ready,
    }


class Other:
    """A peer's process: times bare asyncio and the peer whenever it is asked to."""

    def __init__(self, process: asyncio.subprocess.Process, said: IO[bytes]) -> None:
        self._process, self._said = process, said

    async def ask(self) -> dict[str, float]:
        """One round, in seconds; NoAnswer when it has failed."""
        assert self._process.stdin
        with contextlib.suppress(ConnectionError):  # the answer says why
            self._process.stdin.write(b"\n")
            await self._process.stdin.drain()
        answer = await self.answer()
        if "said" in answer:
            raise NoAnswer(answer["why"])
        return answer

    async def answer(self) -> dict[str, Any]:
        """What it says next; other lines are of the peer's own and left out."""
        assert self._process.stdout
        async for line in self._process.stdout:
            if line.startswith(b"{"):
                answer: dict[str, Any] = json.loads(line)
                return answer
        self._said.seek(0)
        words = self._said.read().decode(errors="replace").split()
        raise NoAnswer(" ".join(words)[-300:] or "it ended without a word")


@contextlib.asynccontextmanager
async def _process(peer: Peer, shape: Shape) -> AsyncIterator[Other]:
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *(PYTHON, "-m", "tests.benchmarks.peers", peer.file, shape.name),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )
        try:
            yield Other(process, said)
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Lets it put away what it has started; what is left after that is killed."""
    assert process.stdin
    assert process.stdout
    process.stdin.close()
    try:
        async with asyncio.timeout(FAREWELL):
            await process.stdout.read()  # or it would wait for us to read what it says
            await process.wait()
    except TimeoutError:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
