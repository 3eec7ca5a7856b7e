"""The user's own modules, seen from a worker: where they are, and whether they changed."""

import importlib
import linecache
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from agentbench.workers.parcel import is_installed


class OwnModules:
    """Keeps what a worker has imported from the user's folders up to date.

    A worker lives longer than a version of a file. When one that it imported has
    changed, it forgets all of the user's modules and imports them anew.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}

    def prepare(self, path: Iterable[str]) -> None:
        """Looks where the kernel looks, and forgets what has changed.

        What the kernel's path has besides ours comes last: a file of the user's that is
        called like an installed module is never taken for it.
        """
        sys.path.extend(place for place in path if place not in sys.path)
        if any(_stamp(file) != stamp for file, stamp in self._seen.values()):
            for name in self._seen:
                sys.modules.pop(name, None)
            self._seen.clear()
            linecache.checkcache()
        importlib.invalidate_caches()

    def note(self) -> None:
        """Notes which of the user's modules are loaded, and from what."""
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            is_new = name != "__main__" and name not in self._seen
            if is_new and file and not is_installed(module):
                self._seen[name] = (file, _stamp(file))


def _stamp(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0


def folders_of(path: Iterable[str]) -> list[str]:
    """A module path without its relative entries."""
    return [os.path.abspath(place) for place in path]  # noqa: PTH100 - '' is a place too
