"""Limits: how much a block may use in its own process, and how long a text it may make."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one firing in a worker process may use; None for as much as there is.

    `memory` is in bytes, over what the process needs for itself: a firing that asks for
    more gets a `MemoryError`. `cpu` is in seconds of processor time, over all threads: a
    firing that uses more loses its process. The system that cannot limit one of them
    (macOS and Windows: memory, Windows: both) lets it be.
    """

    memory: int | None = None
    cpu: float | None = None


MOST_LETTERS = 100_000_000
"""Letters of a text that is made of smaller ones."""


def refuse_growth(letters: int) -> None:
    """Refuses to make a text that long, before it is made: a few small ones may make a huge one.

    Raises:
        ValueError: it has more than `MOST_LETTERS`.
    """
    if letters > MOST_LETTERS:
        raise ValueError(
            f"That would make {letters:,} letters; {MOST_LETTERS:,} is the most."
        )
