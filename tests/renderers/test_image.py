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


def test_floats_are_a_picture_from_the_least_to_the_greatest() -> None:
    plane = numpy.linspace(-1.5, 3.0, 40 * 50).reshape(40, 50)
    plane[0, 0] = numpy.nan
    shown = RENDERERS.render(plane)
    picture = _opened(shown.data)
    assert picture.size == (50, 40)
    assert picture.getpixel((0, 0)) == (255, 0, 255)
    assert picture.getpixel((1, 0)) == (0, 0, 0)
    assert picture.getpixel((49, 39)) == (255, 255, 255)
    said = shown.data["text/plain"]
    assert said.startswith(
        f"Image 50 {TIMES} 40 of float64: -1.49775 is black, 3 is white"
    )
    assert said.endswith("1 value no number (magenta)")
    assert shown.metadata["caption"] == said


def test_colours_between_0_and_1_are_not_stretched() -> None:
    colours = numpy.full((20, 20, 3), 0.5)
    assert _opened(RENDERERS.render(colours).data).getpixel((3, 3)) == (128, 128, 128)


def test_a_small_plane_of_numbers_is_read_and_not_looked_at() -> None:
    small = numpy.eye(5)
    assert "image/png" not in RENDERERS.render(small).data
    assert "image/png" in RENDERERS.render(small, {"type": "image"}).data
    large = numpy.eye(64)
    assert "image/png" in RENDERERS.render(large).data
    assert "text/html" in RENDERERS.render(large, {"type": "table"}).data
    fresh = new_renderers()
    for odd in (numpy.full((40, 40), numpy.inf), numpy.full((40, 40), 1e308)):
        assert "image/png" in fresh.render(odd).data
    assert fresh.faults == []
