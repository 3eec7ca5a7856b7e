"""The graphs of the soak: each follows from the seed and its number."""

import functools
import random

from hypothesis import HealthCheck, Phase, given, seed, settings

from agentbench.domain.graph import Graph
from agentbench.domain.registry import BlockRegistry
from tests.engine.random_graphs import Drawn, drawn_graphs

BATCH = 40


@functools.cache
def _batch(start: int, number: int) -> list[Drawn]:
    """So many random graphs; the first of each batch are small, as hypothesis will have it."""
    made: list[Drawn] = []

    @seed(start * 1_000_003 + number)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn_graphs(most=9))
    def draw(drawn: Drawn) -> None:
        made.append(drawn)

    draw()
    return made


def drawn_of(start: int, number: int) -> tuple[Drawn, int]:
    """Graph `number` of a soak, and how many firings of it may overlap."""
    batch = _batch(start, number // BATCH)
    chance = random.Random(f"{start} {number}")
    return batch[number % len(batch)], chance.choice([1, 2, 3, 16])


def graph_of(blocks: BlockRegistry, drawn: Drawn, start: int, number: int) -> Graph:
    """It as a graph, whose name says which one it is."""
    return drawn.build(blocks, name=f"soak-{start}-{number}")
