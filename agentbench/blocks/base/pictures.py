"""Pictures: read within bounds, whatever the file claims to be."""

import io
from typing import Any

from agentbench.blocks.base import library
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.picture import FORMATS

MOST_PIXELS = 64_000_000

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGM8"
    "wcXFwMAAAAUYAN5kz/nyAAAAAElFTkSuQmCC"
)
"""A picture of two points by one, for the examples."""


class PictureRefused(ValueError):
    """The picture cannot be read, or is not."""


async def picture_of(image: Any, context: Context, *, port: str = "image") -> Any:
    """A Pillow image, of an image, a path, a data URI, an address or bytes.

    Raises:
        PictureRefused: it is no picture, or claims to be too large.
    """
    if type(image).__module__.startswith("PIL."):
        return image
    found = await source_of(image, context, port=port)
    return await context.in_thread(opened, found.data, port)


def opened(data: bytes, port: str = "image") -> Any:
    """The picture in some bytes; its size is looked at before anything is unpacked."""
    pillow = library("PIL.Image", "A picture", package="pillow")
    try:
        found = pillow.open(io.BytesIO(data), formats=FORMATS)
    except Exception as error:  # whatever a damaged file leads to
        raise _unreadable(port, error) from error
    width, height = found.size
    if width * height > MOST_PIXELS:
        raise PictureRefused(
            f"{port!r} claims {width} by {height} points; {MOST_PIXELS} is the most."
        )
    try:
        found.load()
    except Exception as error:
        raise _unreadable(port, error) from error
    return found


def _unreadable(port: str, error: Exception) -> PictureRefused:
    return PictureRefused(
        f"{port!r} is no picture that can be read: {error}."
        f" It may be {', '.join(FORMATS)}."
    )


def written(picture: Any, form: str, quality: int = 85) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    given = picture
    if form == "JPEG" and picture.mode not in ("RGB", "L", "CMYK"):
        given = picture.convert("RGB")
    more = {"quality": quality} if form in ("JPEG", "WEBP") else {}
    given.save(out, format=form, **more)
    return out.getvalue()
