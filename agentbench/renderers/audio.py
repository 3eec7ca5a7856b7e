"""Sounds: encoded audio, told by its first bytes."""

import base64
import re
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, filename

MOST_BYTES = 1_400_000
"""A sound above this is not put into the page; it can be downloaded."""

_STARTS = (
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
)


class AudioRenderer(BaseRenderer):
    """Shows a player for sounds: WAV, MP3, Ogg and FLAC bytes."""

    name = "audio"
    priority = 71

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, (bytes, bytearray)) and bool(_mime_of(value))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        mime = _mime_of(value)
        words = f"{mime.partition('/')[2]} sound, {len(value):,} bytes"
        if len(value) > MOST_BYTES:
            return MimeBundle({"text/plain": words})
        held = base64.b64encode(value).decode("ascii")
        player = f'<audio controls src="data:{mime};base64,{held}"></audio>'
        return MimeBundle({"text/html": player, "text/plain": words})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        words = f"{_mime_of(value).partition('/')[2]} sound, {len(value):,} bytes"
        return MimeBundle({"text/plain": words})

    def download(self, value: Any, hints: Hints) -> Download | None:
        mime = _mime_of(value)
        suffix = {"mpeg": "mp3"}.get(mime.partition("/")[2], mime.partition("/")[2])
        name = filename(hints, f"sound.{suffix}")
        return Download(filename=name, mime=mime, content=bytes(value))


def _mime_of(value: bytes | bytearray) -> str:
    head = bytes(value[:16])
    return next((mime for start, mime in _STARTS if start.match(head)), "")
