"""Sounds: encoded audio, told by its first bytes."""

import re
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer
from agentbench.renderers.base.player import mime_of, player, recording, words

_STARTS = (
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS(?!.{24,40}theora)", re.DOTALL), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"....ftypM4A", re.DOTALL), "audio/mp4"),
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2]"), "audio/mpeg"),
)


class AudioRenderer(BaseRenderer):
    """Shows a player for sounds: WAV, MP3, M4A, Ogg and FLAC bytes."""

    name = "audio"
    priority = 71

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, (bytes, bytearray)) and bool(mime_of(value, _STARTS))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        return player(value, mime_of(value, _STARTS), "sound", hints)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        said = words(mime_of(value, _STARTS), "sound", value)
        return MimeBundle({"text/plain": said})

    def download(self, value: Any, hints: Hints) -> Download | None:
        return recording(value, mime_of(value, _STARTS), "sound", hints)
