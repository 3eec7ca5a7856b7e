"""Films: encoded video, told by its first bytes."""

import re
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer
from agentbench.renderers.base.player import mime_of, player, recording, words

_STARTS = (
    (re.compile(rb"....ftypqt", re.DOTALL), "video/quicktime"),
    (re.compile(rb"....ftyp(?!M4A|heic|avif|mif1)", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1aE\xdf\xa3.{0,48}webm", re.DOTALL), "video/webm"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/x-matroska"),
    (re.compile(rb"RIFF....AVI ", re.DOTALL), "video/x-msvideo"),
    (re.compile(rb"OggS.{24,40}theora", re.DOTALL), "video/ogg"),
)


class VideoRenderer(BaseRenderer):
    """Shows a player for films: MP4, WebM, MOV, MKV, AVI and Ogg bytes."""

    name = "video"
    priority = 69

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, (bytes, bytearray)) and bool(mime_of(value, _STARTS))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        return player(value, mime_of(value, _STARTS), "film", hints)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        said = words(mime_of(value, _STARTS), "film", value)
        return MimeBundle({"text/plain": said})

    def download(self, value: Any, hints: Hints) -> Download | None:
        return recording(value, mime_of(value, _STARTS), "film", hints)
