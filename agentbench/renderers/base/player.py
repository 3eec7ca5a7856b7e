"""Sounds and films: told by their first bytes, and played from what they carry."""

import base64
import re

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base.text import escape, filename

MOST_BYTES = 700_000
"""What is above this is not put into the page; it can be downloaded."""
_SUFFIXES = {"mpeg": "mp3", "quicktime": "mov", "x-msvideo": "avi", "x-matroska": "mkv"}

Starts = tuple[tuple[re.Pattern[bytes], str], ...]


def mime_of(value: bytes | bytearray, starts: Starts) -> str:
    """The MIME type that the first bytes tell, or nothing."""
    head = bytes(value[:64])
    return next((mime for start, mime in starts if start.match(head)), "")


def words(mime: str, kind: str, value: bytes) -> str:
    """What it is, in words."""
    return f"{mime.partition('/')[2]} {kind}, {len(value):,} bytes"


def player(value: bytes, mime: str, kind: str, hints: Hints) -> MimeBundle:
    """A player that carries the recording, or words about one that is too large."""
    said = words(mime, kind, value)
    if len(value) > MOST_BYTES:
        more = f"{said}\n(too large to be played here; it can be downloaded)"
        return MimeBundle({"text/plain": more})
    tag = "audio" if mime.startswith("audio/") else "video"
    held = base64.b64encode(value).decode("ascii")
    title = escape(str(hints.get("title") or said))
    html = (
        f'<{tag} controls preload="metadata" title="{title}" style="max-width:100%"'
        f' src="data:{mime};base64,{held}"></{tag}>'
    )
    return MimeBundle({"text/html": html, "text/plain": said})


def recording(value: bytes, mime: str, kind: str, hints: Hints) -> Download:
    """The recording as a file."""
    ending = mime.partition("/")[2]
    name = filename(hints, f"{kind}.{_SUFFIXES.get(ending, ending)}")
    return Download(filename=name, mime=mime, content=bytes(value))
