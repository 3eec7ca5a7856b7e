"""Images: every pixel, or a word why not."""

import io

import pytest
from PIL import Image

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import CodecError

CODECS_BOOK = Codecs(CODECS)


@pytest.mark.parametrize("mode", ["CMYK", "F", "I", "YCbCr", "HSV"])
def test_a_mode_that_png_would_change_is_refused(mode: str) -> None:
    with pytest.raises(CodecError, match=f"mode '{mode}'; convert it to RGB"):
        CODECS_BOOK.encode(Image.new(mode, (2, 2)))


def test_an_animation_is_refused() -> None:
    file = io.BytesIO()
    frames = [Image.new("L", (2, 2), colour) for colour in (0, 255)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(CodecError, match="several frames"):
        CODECS_BOOK.encode(Image.open(file))


def test_only_png_is_read_as_png() -> None:
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "BMP")
    with pytest.raises(CodecError):
        CODECS_BOOK.decode("image.png", file.getvalue())


def test_transparency_comes_back() -> None:
    image = Image.new("P", (2, 2))
    image.putpalette([1, 2, 3, 4, 5, 6])
    image.info["transparency"] = 1
    name, data = CODECS_BOOK.encode(image) or ("", b"")
    again = CODECS_BOOK.decode(name, data).convert("RGBA")
    assert again.tobytes() == image.convert("RGBA").tobytes()
