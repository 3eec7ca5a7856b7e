"""Pictures: shown as they are, made smaller when heavy, inert when they are SVG."""

import base64
import io
from typing import Any

import numpy
import PIL.Image

from agentbench.renderers.base import TIMES
from tests.renderers.values import SVG, VALUES, new_renderers

RENDERERS = new_renderers()


def _opened(data: Any) -> PIL.Image.Image:
    return PIL.Image.open(io.BytesIO(base64.b64decode(data["image/png"])))


def test_a_picture_is_a_png_with_its_size_as_text() -> None:
    shown = RENDERERS.render(PIL.Image.new("RGB", (30, 20))).data
    assert _opened(shown).size == (30, 20)
    assert shown["text/plain"] == f"Image 30 {TIMES} 20, RGB"


def test_png_bytes_are_shown_untouched() -> None:
    png = VALUES["png"]()
    assert base64.b64decode(RENDERERS.render(png).data["image/png"]) == png
    file = RENDERERS.download(png)
    assert file is not None
    assert (file.filename, file.content) == ("image.png", png)


def test_a_data_uri_is_the_picture_in_it() -> None:
    png = VALUES["png"]()
    uri = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    assert base64.b64decode(RENDERERS.render(uri).data["image/png"]) == png
    assert RENDERERS.copy(uri) == uri


def test_a_heavy_picture_is_made_smaller() -> None:
    noise = numpy.random.default_rng(2).integers(0, 255, (900, 900, 3), dtype="uint8")
    shown = RENDERERS.render(noise).data
    assert shown["text/plain"] == f"Image 900 {TIMES} 900"
    assert max(_opened(shown).size) < 900
    assert len(shown["image/png"]) < 1_000_000


def test_a_preview_is_a_thumbnail() -> None:
    for value in (VALUES["noisy image"](), PIL.Image.new("CMYK", (2_000, 1_000))):
        preview = RENDERERS.preview(value).data
        assert max(_opened(preview).size) <= 220
        assert len(preview["image/png"]) <= 17_000


def test_only_pixels_are_a_picture() -> None:
    pixels = numpy.zeros((20, 20), dtype="uint8")
    assert RENDERERS.renderer_for(pixels).name == "image"
    for other in (pixels.astype(float), pixels[:2], pixels[0]):
        assert RENDERERS.renderer_for(other).name == "plain"


def test_svg_goes_where_no_script_runs() -> None:
    shown = RENDERERS.render(SVG).data
    assert set(shown) == {"text/html", "text/plain"}
    assert shown["text/html"].startswith("<img ")
    assert "<script" not in shown["text/html"]


def test_a_broken_picture_is_text() -> None:
    assert (
        RENDERERS.preview(VALUES["broken png"]())
        .data["text/plain"]
        .startswith("30 bytes: ")
    )
    assert set(RENDERERS.render("data:image/png;base64,AAAA").data) == {"text/plain"}
