"""Exceptions, as their traceback."""

import re
import traceback
from pathlib import PurePath
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, fit, stable

_FILE = re.compile(r'^([^\S\n]*(?:\| *)*)File "([^"\n]+)"', re.MULTILINE)
_CELL = re.compile(r"ipykernel_|<ipython-input|/\d+\.py$|^<stdin>")


class ExceptionRenderer(BaseRenderer):
    """Shows an exception with its traceback: files by name, cells as `cell`."""

    name = "exception"
    priority = 80
    joins = True
    file = "traceback.txt"

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, BaseException)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        lines = traceback.format_exception(value, limit=-20)
        text = stable(_FILE.sub(_named, "".join(lines)))
        return MimeBundle({"text/plain": cut(text.rstrip("\n"))})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        last = traceback.format_exception_only(value)[0]
        return MimeBundle({"text/plain": fit(stable(last), 240)})


def _named(found: re.Match[str]) -> str:
    """A file by its last part: where it lies differs from machine to machine."""
    path = found[2]
    return f'{found[1]}File "{"cell" if _CELL.search(path) else PurePath(path).name}"'
