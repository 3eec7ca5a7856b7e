"""Pillow images as PNG."""

import io
from typing import Any

from agentbench.codecs.base import is_from, refusing
from agentbench.domain.errors import CodecError

_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
"""The modes of which PNG keeps every pixel."""


class PngCodec:
    """Keeps the pixels of an image, its mode and palette; not its camera data."""

    name = "image.png"

    def can_encode(self, value: Any) -> bool:
        return is_from(value, "PIL", "Image")

    def encode(self, value: Any) -> bytes:
        from PIL import Image

        limit = Image.MAX_IMAGE_PIXELS
        if value.mode not in _MODES:
            message = f"PNG cannot keep an image of mode {value.mode!r}"
            raise CodecError(f"{message}; convert it to RGB or RGBA first.")
        if getattr(value, "n_frames", 1) > 1:
            raise CodecError("An image of several frames cannot be kept as one PNG.")
        if limit and value.width * value.height > limit:
            raise CodecError(f"The image has more than {limit} pixels.")
        file = io.BytesIO()
        with refusing("The image"):
            value.save(file, "PNG", compress_level=3)  # half the time for a tenth more
        return file.getvalue()

    def decode(self, data: bytes) -> Any:
        with refusing("The stored image"):
            from PIL import Image

            with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
                return image.copy()
