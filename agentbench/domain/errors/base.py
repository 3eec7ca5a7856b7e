"""The root of the tree, and the hint that many messages end with."""

import difflib
from collections.abc import Iterable


class AgentbenchError(Exception):
    """The root of everything agentbench raises."""


class UnknownTrouble(AgentbenchError):
    """No error was told under that name here, or too long ago."""

    def __init__(self, id: str, known: Iterable[str]) -> None:
        newest = ", ".join(list(known)[:5])
        said = f"The newest: {newest}." if newest else "None was told here yet."
        super().__init__(
            f"No error {id!r} was told by this kernel, or it is too long ago. {said}"
        )


def close_to(word: str, known: Iterable[str]) -> str:
    """The hint "Did you mean …?" for a mistyped word, or an empty string."""
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    return f" Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
