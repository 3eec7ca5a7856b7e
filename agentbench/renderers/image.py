"""Pictures: Pillow images, pixel arrays, encoded bytes, data URIs and SVG text."""

import base64
import binascii
import io
import re
import struct
from typing import Any

from agentbench.domain.kind import IMAGE
from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import (
    TIMES,
    BaseRenderer,
    Declined,
    count,
    filename,
    is_a,
    picture,
)
from agentbench.renderers.base.pixels import MOST_PIXELS, are_pixels, image_of, said_of

MOST_BYTES = 700_000
"""An encoded picture above this is made smaller before it is shown."""
SIDES = (1_600, 1_100, 800, 560, 400, 280)
THUMBNAILS = ((220, 0), (220, 64), (160, 64), (120, 32), (80, 16))
"""Side and number of colours (0 for all) of the thumbnails tried, best first."""
THUMBNAIL_BYTES = 12_000

_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_DATA_URI = re.compile(
    r"data:(image/[a-z.+-]+)((?:;[\w=-]+)*?)(;base64)?,", re.IGNORECASE
)
_SVG = re.compile(
    r"\s*(?><\?xml.*?\?>\s*)?(?><!doctype.*?>\s*)?(?><!--.*?-->\s*)*<svg[\s>]",
    re.IGNORECASE | re.DOTALL,
)


class ImageRenderer(BaseRenderer):
    """Shows pictures: Pillow, arrays of numbers, PNG, JPEG, GIF and WebP bytes, SVG."""

    name = "image"
    priority = 70

    def can_render(self, value: Any, hints: Hints) -> bool:
        if isinstance(value, str):
            is_text = hints.get("mime") not in (None, "", "image/svg+xml")
            return bool(_DATA_URI.match(value)) or (not is_text and _is_svg(value))
        if isinstance(value, (bytes, bytearray)):
            return bool(_mime_of(value))
        return IMAGE.matches(type(value)) or are_pixels(value, hints)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        mime, content = _encoded(value)
        if mime == "image/svg+xml":
            return _drawing(content, hints)
        size = _size(value, mime, content)
        if len(content) > MOST_BYTES:
            mime, content = "image/png", _smaller(value, content)
        about = {"caption": size} if is_a(value, "numpy.ndarray") else {}
        return MimeBundle({mime: content, "text/plain": size}, about)

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        mime, content = _encoded(value)
        if mime == "image/svg+xml":
            drawing = _drawing(content, hints)
            is_small = len(content) <= THUMBNAIL_BYTES
            text = {"text/plain": drawing.data["text/plain"]}
            return drawing if is_small else MimeBundle(text)
        size = _size(value, mime, content)
        return MimeBundle({"image/png": thumbnail(content), "text/plain": size})

    def copy(self, value: Any, hints: Hints) -> str | None:
        if isinstance(value, str):
            return value
        mime, content = _encoded(value)
        return f"data:{mime};base64,{base64.b64encode(content).decode('ascii')}"

    def download(self, value: Any, hints: Hints) -> Download | None:
        mime, content = _encoded(value)
        ending = mime.rpartition("/")[2].partition("+")[0]
        name = filename(hints, f"image.{ending}")
        return Download(filename=name, mime=mime, content=content)


# ---- what is a picture -----------------------------------------------------------


def _is_svg(text: str) -> bool:
    return _SVG.match(text[:4_000]) is not None and "</svg>" in text[-200:]


def _mime_of(content: bytes | bytearray) -> str:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    starts = (m for start, m in _STARTS.items() if content[: len(start)] == start)
    return next(starts, "")


def _encoded(value: Any) -> tuple[str, bytes]:
    """The picture's MIME type and bytes."""
    if isinstance(value, (bytes, bytearray)):
        return _mime_of(value), bytes(value)
    if isinstance(value, str):
        return _from_text(value)
    if is_a(value, "numpy.ndarray"):
        value = image_of(value)
    return "image/png", _png(value)


def _from_text(text: str) -> tuple[str, bytes]:
    found = _DATA_URI.match(text)
    if found is None:
        return "image/svg+xml", text.encode("utf-8", "replace")
    from urllib.parse import unquote_to_bytes

    try:
        rest = unquote_to_bytes(text[found.end() :])
        content = base64.b64decode(rest, validate=True) if found[3] else rest
    except (binascii.Error, ValueError):
        raise Declined from None
    if found[1].lower() == "image/svg+xml":
        return "image/svg+xml", content
    mime = _mime_of(content)
    if not mime:
        raise Declined
    return mime, content


def _drawing(content: bytes, hints: Hints) -> MimeBundle:
    """SVG goes as an image that carries itself: in an image no script runs."""
    title = str(hints.get("title") or "SVG image")
    text = f"SVG image, {count(len(content), 'byte')}"
    html = picture("image/svg+xml", content, title)
    return MimeBundle({"text/html": html, "text/plain": text})


def _size(value: Any, mime: str, content: bytes) -> str:
    if is_a(value, "numpy.ndarray") and str(value.dtype) != "uint8":
        return said_of(value)
    kind = mime.rpartition("/")[2].upper()
    if mime == "image/png" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        mode = f", {value.mode}" if isinstance(getattr(value, "mode", 0), str) else ""
        return f"Image {width} {TIMES} {height}{mode}"
    return f"{kind} image, {count(len(content), 'byte')}"


# ---- making it smaller -----------------------------------------------------------


def _opened(content: bytes) -> Any:
    from PIL import Image

    image = Image.open(io.BytesIO(content))
    if image.width * image.height > MOST_PIXELS:  # it may be a bomb
        raise Declined
    image.load()
    return image


def _png(image: Any) -> bytes:
    written = io.BytesIO()
    modes = ("1", "L", "LA", "P", "RGB", "RGBA")
    held = image if image.mode in modes else image.convert("RGB")
    held.save(written, "PNG")
    return written.getvalue()


def _smaller(value: Any, content: bytes) -> bytes:
    """A PNG of the picture that weighs no more than a bundle bears."""
    image = value if IMAGE.matches(type(value)) else _opened(content)
    for side in SIDES:
        smaller = image.convert("RGBA" if "A" in image.getbands() else "RGB")
        smaller.thumbnail((side, side))
        png = _png(smaller)
        if len(png) <= MOST_BYTES:
            break
    return png


def thumbnail(content: bytes) -> bytes:
    """A PNG of at most 220 by 220 pixels and 12 kB."""
    image = _opened(content)
    image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    for side, colours in THUMBNAILS:
        small = image.copy()
        small.thumbnail((side, side))
        png = _png(small.quantize(colours) if colours else small)
        if len(png) <= THUMBNAIL_BYTES:
            break
    return png
