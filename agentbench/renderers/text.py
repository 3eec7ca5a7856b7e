"""Text, numbers, dates, true and false, nothing, bytes: what is read as it stands."""

import datetime
import decimal
import enum
import numbers
import uuid
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import (
    BaseRenderer,
    count,
    cut,
    filename,
    first_lines,
    plain,
)

_PLAIN = (
    str,
    bytes,
    bytearray,
    bool,
    numbers.Number,
    decimal.Decimal,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    uuid.UUID,
    enum.Enum,
    type(None),
)


class TextRenderer(BaseRenderer):
    """Shows text, numbers, dates, true, false, None and bytes as plain text."""

    name = "text"
    priority = 20
    joins = True

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, _PLAIN)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": _text(value)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        text = str(value) if isinstance(value, str) else _text(value)
        return MimeBundle({"text/plain": first_lines(text)})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value) if isinstance(value, str) else _text(value)

    def download(self, value: Any, hints: Hints) -> Download | None:
        if not isinstance(value, (bytes, bytearray)):
            return super().download(value, hints)
        name = filename(hints, "output.bin")
        mime = str(hints.get("mime") or "application/octet-stream")
        return Download(filename=name, mime=mime, content=bytes(value))


def _text(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, str):
        return cut(str(value))
    if isinstance(value, (bytes, bytearray)):
        more = "…" if len(value) > 64 else ""
        return f"{count(len(value), 'byte')}: {bytes(value[:64])!r}{more}"
    if isinstance(value, int) and value.bit_length() > 10_000:
        return plain(value)
    return plain(str(value))
