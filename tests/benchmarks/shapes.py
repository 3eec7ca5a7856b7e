"""The graphs that are measured; knows no engine, so that every process can use it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

MODULUS = 1_000_003
PAUSE = 0.01
"""Seconds that a node of `sleep100` waits."""


@dataclass(frozen=True)
class Shape:
    """A graph of small additions: for every node, in an order that works, its sources."""

    name: str
    nodes: Mapping[str, tuple[str, ...]]
    is_asleep: bool = False

    @property
    def sinks(self) -> list[str]:
        """The nodes that nobody reads."""
        read = {source for sources in self.nodes.values() for source in sources}
        return [name for name in self.nodes if name not in read]

    def answer(self) -> dict[str, int]:
        """What the sinks must give."""
        values: dict[str, int] = {}
        for name, sources in self.nodes.items():
            values[name] = add(*(values[source] for source in sources))
        return {name: values[name] for name in self.sinks}


def add(*numbers: int) -> int:
    """What every node does."""
    return (sum(numbers) + 1) % MODULUS


async def add_soon(*numbers: int) -> int:
    """The same as a coroutine that never waits."""
    return add(*numbers)


async def add_later(*numbers: int) -> int:
    """The same after a pause."""
    await asyncio.sleep(PAUSE)
    return add(*numbers)


def chain(length: int) -> Shape:
    """One after the other."""
    nodes = {f"n{i}": (f"n{i - 1}",) if i else () for i in range(length)}
    return Shape(f"chain{length}", nodes)


def fan(width: int) -> Shape:
    """One, then many beside each other, then one that reads them all."""
    middle = [f"n{i}" for i in range(width)]
    nodes = {"first": (), **dict.fromkeys(middle, ("first",)), "last": tuple(middle)}
    return Shape(f"fan{width}", nodes)


def layered(layers: int, width: int, places: tuple[int, ...] = (0, 7, 19)) -> Shape:
    """Layers, whose nodes read some of the layer before: `places` says how far off."""
    nodes: dict[str, tuple[str, ...]] = {}
    for layer in range(layers):
        for i in range(width):
            read = [(i + place) % width for place in places] if layer else []
            nodes[f"n{layer}_{i}"] = tuple(f"n{layer - 1}_{one}" for one in read)
    return Shape(f"layered{layers}x{width}", nodes)


def asleep(width: int) -> Shape:
    """Many beside each other that wait a little."""
    return Shape(f"sleep{width}", {f"n{i}": () for i in range(width)}, is_asleep=True)


SHAPES = {s.name: s for s in (chain(1000), fan(1000), layered(20, 50), asleep(100))}
