"""Naming: ids of nodes here for those of a file: short, readable, each of them once."""

from agentbench.domain.drawing import slug

LONGEST = 40


class Ids:
    """Gives ids, however many nodes are called alike."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: dict[str, int] = {}

    def new(self, said: str, otherwise: str = "node") -> str:
        """An id made of what a node is called."""
        stem = slug(said or otherwise)[:LONGEST].strip("-") or "node"
        number = self._numbers.get(stem, 1)
        while (id := stem if number == 1 else f"{stem}-{number}") in self._taken:
            number += 1
        self._numbers[stem] = number + 1
        self._taken.add(id)
        return id
