"""Paths of files; the files themselves are read only to be downloaded."""

import mimetypes
import pathlib
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, clean, filename, plain

MOST = 50_000_000
"""Files above this many bytes are not offered for download."""


class FileRenderer(BaseRenderer):
    """Shows the path of a file, and offers the file for download."""

    name = "file"
    priority = 60

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, pathlib.PurePath)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
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
