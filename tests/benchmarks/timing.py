"""Rounds: everything that is compared is timed beside each other, again and again."""

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

Work = Callable[[], Awaitable[Any]]
OneRound = Callable[[], Awaitable[Mapping[str, float]]]
"""Times every subject once, in seconds."""


@dataclass(frozen=True)
class Rounds:
    """Seconds of every subject, round by round."""

    seconds: Mapping[str, list[float]]

    def median(self, subject: str) -> float:
        """The middle of its rounds, in seconds."""
        return statistics.median(self.seconds[subject])

    def ratio(self, subject: str, reference: str) -> float:
        """How many times the reference it took: the middle of the rounds' own ratios."""
        pairs = zip(self.seconds[subject], self.seconds[reference], strict=True)
        return statistics.median(mine / theirs for mine, theirs in pairs)

    def __len__(self) -> int:
        return min(map(len, self.seconds.values()))


async def timed(work: Work) -> float:
    """How many seconds it takes, with what others left behind swept up before."""
    gc.collect()
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def one_round(works: Mapping[str, Work]) -> dict[str, float]:
    """Times each of them once, in seconds."""
    return {name: await timed(work) for name, work in works.items()}


async def in_rounds(
    works: Mapping[str, Work], *, least: int = 5, most: int = 25, budget: float = 10.0
) -> Rounds:
    """Times each once a round: `least` rounds, and more while `budget` seconds last."""
    return await rounds_of(
        lambda: one_round(works), least=least, most=most, budget=budget
    )


async def rounds_of(
    one: OneRound, *, least: int = 5, most: int = 25, budget: float = 10.0
) -> Rounds:
    """The same where somebody else knows how a round is timed."""
    seconds: dict[str, list[float]] = {}
    end = time.monotonic() + budget
    done = 0
    while done < least or (done < most and time.monotonic() < end):
        for name, taken in (await one()).items():
            seconds.setdefault(name, []).append(taken)
        done += 1
    return Rounds(seconds)
