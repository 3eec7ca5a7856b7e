"""Remembering: what a run may keep for later runs, without the secrets that it was handed."""

from collections.abc import Sequence
from typing import Any

from agentbench.domain.memory import Memory
from agentbench.domain.redaction import Redaction


class MaskedMemory:
    """A memory in which no secret is kept, whoever puts it there."""

    def __init__(self, memory: Memory, redaction: Redaction) -> None:
        self._memory, self._redaction = memory, redaction

    def get(self, key: str, *, everywhere: bool = False, default: Any = None) -> Any:
        """What is kept under a key, or the default."""
        return self._memory.get(key, everywhere=everywhere, default=default)

    def put(self, key: str, value: Any, *, everywhere: bool = False) -> None:
        """Keeps a value, its secrets masked."""
        masked = self._redaction.value(value)
        self._memory.put(self._redaction.text(key), masked, everywhere=everywhere)

    def forget(self, key: str, *, everywhere: bool = False) -> bool:
        """Drops a key; says whether it was there."""
        return self._memory.forget(key, everywhere=everywhere)

    def keys(self, *, everywhere: bool = False) -> Sequence[str]:
        """The keys that there are, in order."""
        return self._memory.keys(everywhere=everywhere)
