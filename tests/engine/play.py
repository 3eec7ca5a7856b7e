"""Blocks to play with: what each does is a plain function, so that it can be foretold.

`outcome` is the truth: which values a firing gives, and whether it fails after them. The
blocks give just that, with little rests in between, so that firings overlap and end out
of order.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from agentbench.domain.block import Block
from agentbench.domain.context import Context
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.registry import BlockRegistry

executed: Counter[tuple[str, str, int]] = Counter()
"""How often each firing was executed: by run, node and firing."""

_file: list[IO[str]] = []
_nap = [0.0]


def mark_in(file: Path, *, nap: float) -> None:
    """Has every execution noted in a file too, and each rest last for `nap` seconds."""
    _file[:], _nap[:] = [file.open("a", buffering=1)], [nap]


MOST = 60
"""Numbers stay below this."""


class Outcome(NamedTuple):
    """What a firing gives: values by port, in order; then, maybe, what it fails with."""

    values: list[tuple[str, Any]]
    error: str = ""


def outcome(block: str, inputs: Mapping[str, Any]) -> Outcome:
    """What a firing of that block does with these inputs."""
    match block:
        case "agent.input":
            return Outcome([("value", inputs["value"])])
        case "agent.output":
            return Outcome([("value", inputs["value"])])
        case "play.stream":
            return Outcome([("result", n) for n in _numbers(**inputs)])
        case "play.loop":
            return Outcome([_turn(inputs["a"])])
        case "play.step":
            return Outcome([("result", inputs["a"])])
        case "play.read":
            return Outcome([("result", (len(inputs["text"]) + inputs["b"]) % MOST)])
        case "play.split":
            return Outcome(_halves(_mixed(**inputs)))
        case "play.mix" | "play.mix_in_thread":
            mixed, bad = _mixed(**inputs), inputs["bad"]
            fails = bad and mixed % bad == 0
            return Outcome([] if fails else [("result", mixed)], _why(mixed, fails))
        case "play.burst" | "play.burst_in_thread":
            mixed, bad = _mixed(**inputs), inputs["bad"]
            fails = bad and mixed % bad == 0
            given = [("result", (mixed + n) % MOST) for n in range(mixed % 3)]
            return Outcome(given, _why(mixed, fails))
    raise AssertionError(block)


def _numbers(count: int, start: int, naps: int) -> range:
    return range(start, start + count)


def _mixed(a: int, b: int, c: int = 0, bad: int = 0, naps: int = 0) -> int:
    return (a * 7 + b * 5 + c * 3) % MOST


def _halves(mixed: int) -> list[tuple[str, int]]:
    more = [("even", (mixed + 1) % MOST)] if mixed % 2 else []
    return [("odd" if mixed % 2 else "even", mixed), *more]


def _turn(number: int) -> tuple[str, int]:
    left = number % 4
    return ("again", left - 1) if left else ("done", number)


def _why(mixed: int, fails: bool) -> str:
    return f"{mixed} is bad" if fails else ""


def _rests(naps: int, salt: int) -> int:
    """How long to dawdle: anything from 0 to `naps`, the same every time."""
    return (salt * 2654435761 >> 7) % (naps + 1)


async def _dawdle(naps: int, salt: int) -> None:
    for _ in range(_rests(naps, salt)):
        await asyncio.sleep(_nap[0])


def _block_for(naps: int, salt: int) -> None:
    time.sleep(_rests(naps, salt) * (_nap[0] or 0.0002))


def _note(context: Context) -> None:
    executed[context.run_id, context.node, context.firing] += 1
    for file in _file:
        file.write(f"{context.run_id} {context.node} {context.firing}\n")


async def _played(block: str, naps: int, context: Context, **inputs: Any) -> Any:
    _note(context)
    values, error = outcome(block, {**inputs, "naps": naps})
    for number, pair in enumerate(values):
        await _dawdle(naps, pair[1] + number)
        yield pair
    await _dawdle(naps, sum(map(len, inputs)) + len(values))
    if error:
        raise ValueError(error)


async def _one(played: AsyncIterator[tuple[str, Any]]) -> Any:
    return [value async for _, value in played].pop()


async def stream(context: Context, count: int = 2, start: int = 0, naps: int = 0):
    """Counts."""
    async for _, n in _played("play.stream", naps, context, count=count, start=start):
        yield n


async def mix(
    context: Context, a: int = 1, b: int = 2, c: int = 3, bad: int = 0, naps: int = 0
) -> int:
    """Makes one number of three, and fails on some."""
    played = _played("play.mix", naps, context, a=a, b=b, c=c, bad=bad)
    return await _one(played)


def mix_in_thread(
    context: Context, a: int = 1, b: int = 2, c: int = 3, bad: int = 0, naps: int = 0
) -> int:
    """The same in a thread."""
    _note(context)
    values, error = outcome("play.mix", {"a": a, "b": b, "c": c, "bad": bad})
    _block_for(naps, a + b + c)
    if error:
        raise ValueError(error)
    return values[0][1]


async def burst(
    context: Context, a: int = 1, b: int = 2, bad: int = 0, naps: int = 0
) -> Any:
    """Gives up to two numbers, and may fail after them."""
    async for _, n in _played("play.burst", naps, context, a=a, b=b, bad=bad):
        yield n


def burst_in_thread(
    context: Context, a: int = 1, b: int = 2, bad: int = 0, naps: int = 0
) -> Iterator[int]:
    """The same in a thread."""
    _note(context)
    values, error = outcome("play.burst", {"a": a, "b": b, "bad": bad})
    for _, n in values:
        _block_for(naps, n)
        yield n
    if error:
        raise ValueError(error)


async def split(context: Context, a: int = 1, b: int = 2, naps: int = 0):
    """Parts odd from even; beside an odd number it gives the even one after it."""
    async for pair in _played("play.split", naps, context, a=a, b=b):
        yield pair


async def loop(context: Context, a: int = 1, naps: int = 0):
    """Sends a number round up to three times."""
    async for pair in _played("play.loop", naps, context, a=a):
        yield pair


async def step(context: Context, a: int = 1, naps: int = 0) -> int:
    """Hands a number on."""
    return await _one(_played("play.step", naps, context, a=a))


async def read(context: Context, text: str = "", b: int = 0, naps: int = 0) -> int:
    """Makes a number of a text."""
    return await _one(_played("play.read", naps, context, text=text, b=b))


def play_blocks() -> Iterator[Block]:
    """Every block above, by `play.<name>`."""
    plain = (stream, mix, mix_in_thread, burst, burst_in_thread, step, read)
    for function in plain:
        yield FunctionBlock(function, id=f"play.{function.__name__}")
    halves, turns = {"even": int, "odd": int}, {"again": int, "done": int}
    yield FunctionBlock(split, id="play.split", outputs=halves)
    yield FunctionBlock(loop, id="play.loop", outputs=turns)


def with_play(registry: BlockRegistry) -> BlockRegistry:
    """The registry, the play blocks in it."""
    for block in play_blocks():
        registry.register(block)
    return registry
