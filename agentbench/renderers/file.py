"""Paths of files; a file itself is read only to be downloaded, or when asked to be opened."""

import mimetypes
import pathlib
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, Instead, clean, filename, plain

MOST = 50_000_000
"""Files above this many bytes are neither opened nor offered for download."""
MOST_OPENED = 5_000_000
"""Files above this many bytes are not opened to be shown."""


class FileRenderer(BaseRenderer):
    """Shows the path of a file; with the hint `is_opened`, what is in it.

    Files are offered for download.
    """

    name = "file"
    priority = 60

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, pathlib.PurePath)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        if hints.get("is_opened"):
            held = _opened(value)
            if held is not None:
                raise Instead(held, {**hints, "filename": value.name})
        return MimeBundle({"text/plain": plain(value.as_posix())})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": plain(value.as_posix())})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return clean(str(value))

    def download(self, value: Any, hints: Hints) -> Download | None:
        if not isinstance(value, pathlib.Path) or not value.is_file():
            return None
        if value.stat().st_size > MOST:
            return None
        mime = mimetypes.guess_type(value.name)[0] or "application/octet-stream"
        name = filename({"filename": value.name, **hints}, "output.bin")
        return Download(filename=name, mime=mime, content=value.read_bytes())


def _opened(path: pathlib.PurePath) -> str | bytes | None:
    """What is in a file: text where it is text; None when it is none or too large."""
    try:
        if not isinstance(path, pathlib.Path) or not path.is_file():
            return None
        if path.stat().st_size > MOST_OPENED:
            return None
        content = path.read_bytes()
    except OSError:
        return None
    if b"\0" in content[:8_000]:
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content
