"""Memory: values that agents keep by key, from one run to the next."""

from collections.abc import Sequence
from typing import Any, Protocol


class Memory(Protocol):
    """What one agent keeps for itself, and what all agents of this user share.

    With `everywhere` a key is the one that all agents see, otherwise the agent's own.
    Values are plain: what JSON has. Every method may be called from any thread and
    blocks for a moment only.
    """

    def get(self, key: str, *, everywhere: bool = False, default: Any = None) -> Any:
        """What is kept under a key, or the default."""
        ...

    def put(self, key: str, value: Any, *, everywhere: bool = False) -> None:
        """Keeps a value; what was there is replaced.

        Raises:
            ValueError: it is no plain value, or too large.
        """
        ...

    def forget(self, key: str, *, everywhere: bool = False) -> bool:
        """Drops a key; says whether it was there."""
        ...

    def keys(self, *, everywhere: bool = False) -> Sequence[str]:
        """The keys that there are, in order."""
        ...


class Memories(Protocol):
    """The memories of all agents, wherever they are kept."""

    def of(self, agent: str) -> Memory:
        """What the agent of that name sees."""
        ...
