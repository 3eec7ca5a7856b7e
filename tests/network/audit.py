"""A tripwire below every client: who dials what, as the interpreter itself sees it.

It sees what goes through Python's sockets in every spelling; it does not see libraries
that bring sockets of their own, so it is a detector and not the boundary.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

_watching: list[list[str]] = []


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _watching and event == "socket.connect" and isinstance(args[1], tuple):
        for dialled in _watching:
            dialled.append(str(args[1][0]))


sys.addaudithook(_hook)  # for ever: an audit hook cannot be taken back


@contextlib.contextmanager
def dialled() -> Iterator[list[str]]:
    """The internet addresses that are dialled meanwhile, in this process."""
    seen: list[str] = []
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)
