"""Planted modules: a file beside the notebook that is called as an installed module.

A kernel looks for modules in the working directory first. What our code imports, and what
that imports, is looked for where packages are installed before; what the user's own code
imports is none of our business. Only the standard library is used here: this runs first.
"""

import os
import sys
import sysconfig
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import FrameType, ModuleType

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep  # noqa: PTH100, PTH120
_INSTALLED = tuple(
    {sysconfig.get_path(name) + os.sep for name in ("stdlib", "purelib", "platlib")}
)


class InstalledFirst(MetaPathFinder):
    """Finds, for our imports alone, the installed module where a planted one lies too."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
        /,
    ) -> ModuleSpec | None:
        """The installed module; None leaves it to the usual search."""
        if path is not None or not _lies_here(fullname) or not _is_for_us():
            return None
        here = os.getcwd()  # noqa: PTH109
        elsewhere = [it for it in sys.path if it and os.path.abspath(it) != here]  # noqa: PTH100
        return PathFinder.find_spec(fullname, elsewhere, target)


def keep_out() -> None:
    """From now on, no planted module is taken for an installed one by our code."""
    if not any(isinstance(finder, InstalledFirst) for finder in sys.meta_path):
        sys.meta_path.insert(0, InstalledFirst())


def _lies_here(name: str) -> bool:
    return os.path.exists(f"{name}.py") or os.path.isdir(name)  # noqa: PTH110, PTH112


def _is_for_us() -> bool:
    """Whether our code imports: directly, or through what is installed."""
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 - there is no other way to see
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_OURS):
            return True
        if not file.startswith(("<frozen", *_INSTALLED)):
            return False
        frame = frame.f_back
    return False
