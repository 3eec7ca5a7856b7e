"""Blocks that read, resize, convert and describe pictures."""

import base64
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.pictures import DOT, MOST_PIXELS, picture_of, written
from agentbench.domain.context import Context
from agentbench.domain.port import Image

_Picture = Annotated[
    Any, about("A picture, or a file: a path, a data: URI, an https:// address, bytes.")
]
_Side = Annotated[int | None, pydantic.Field(ge=1, le=20_000)]


@block(
    id="image.open",
    title="Open image",
    keywords=("picture", "photo", "load", "read", "png", "jpeg", "size", "info"),
    effects="reads",
    outputs={
        "image": Annotated[Image, about("The picture.")],
        "width": Annotated[int, about("Points from left to right.")],
        "height": Annotated[int, about("Points from top to bottom.")],
        "format": Annotated[str, about("Such as PNG.")],
    },
    examples=[example({"image": DOT}, width=2, height=1, format="PNG")],
)
async def open_(image: _Picture, *, context: Context) -> dict[str, Any]:
    """Reads a picture; one that claims to be huge is not unpacked."""
    found = await picture_of(image, context)
    return {
        "image": found,
        "width": found.width,
        "height": found.height,
        "format": found.format or "",
    }


@block(
    id="image.resize",
    title="Resize image",
    keywords=("scale", "thumbnail", "shrink", "picture", "dimensions", "crop", "fit"),
    effects="reads",
    outputs={
        "image": Annotated[Image, about("The picture in its new size.")],
        "width": Annotated[int, about("Its width.")],
        "height": Annotated[int, about("Its height.")],
    },
    examples=[
        example({"image": DOT, "width": 8}, width=8, height=4),
        example({"image": DOT, "width": 3, "height": 3, "how": "fill"}, width=3, height=3),
    ],
)  # fmt: skip
async def resize(
    image: _Picture,
    width: Annotated[_Side, about("How wide; follows from the height when empty.")] = None,
    height: Annotated[_Side, about("How high; follows from the width when empty.")] = None,
    *,
    how: Annotated[
        Literal["fit", "fill", "stretch"],
        about("With both: all of it inside, cut to fill, or pulled out of shape."),
    ] = "fit",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Makes a picture smaller or larger."""
    found = await picture_of(image, context)
    if not width and not height:
        raise ValueError("Say 'width' or 'height', or both.")
    size = _size(found.size, width, height, how)
    if size[0] * size[1] > MOST_PIXELS:
        raise ValueError(f"{size[0]} by {size[1]} points are more than {MOST_PIXELS}.")
    made = await context.in_thread(_resized, found, size, how == "fill")
    return {"image": made, "width": made.width, "height": made.height}


def _size(
    old: tuple[int, int], width: int | None, height: int | None, how: str
) -> tuple[int, int]:
    if width and height and how != "fit":
        return width, height
    scales = [new / now for new, now in ((width, old[0]), (height, old[1])) if new]
    scale = min(scales)
    return max(round(old[0] * scale), 1), max(round(old[1] * scale), 1)


def _resized(picture: Any, size: tuple[int, int], is_filled: bool) -> Any:  # noqa: FBT001
    from PIL import ImageOps

    if picture.mode == "P":
        picture = picture.convert("RGBA")
    return ImageOps.fit(picture, size) if is_filled else picture.resize(size)


@block(
    id="image.crop",
    title="Crop image",
    keywords=("cut", "trim", "part", "region", "picture", "rotate", "turn"),
    effects="reads",
    outputs={"image": Annotated[Image, about("The part of the picture.")]},
    examples=[example({"image": DOT, "left": 1, "width": 1, "height": 1})],
)
async def crop(
    image: _Picture,
    left: Annotated[int, pydantic.Field(ge=0), about("Where it begins, from the left.")] = 0,
    top: Annotated[int, pydantic.Field(ge=0), about("Where it begins, from the top.")] = 0,
    width: Annotated[_Side, about("How wide; to the edge when empty.")] = None,
    height: Annotated[_Side, about("How high; to the edge when empty.")] = None,
    *,
    turn: Annotated[Literal[0, 90, 180, 270], about("Then turned clockwise, in degrees.")] = 0,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Cuts a part out of a picture, and turns it if you like."""
    found = await picture_of(image, context)
    right = min(left + (width or found.width), found.width)
    bottom = min(top + (height or found.height), found.height)
    if right <= left or bottom <= top:
        raise ValueError(
            f"The part lies outside the picture of {found.width} by {found.height}."
        )
    made = found.crop((left, top, right, bottom))
    return {"image": made.rotate(-turn, expand=True) if turn else made}


@block(
    id="image.convert",
    title="Convert image",
    keywords=("format", "png", "jpeg", "webp", "grayscale", "picture", "save as"),
    effects="reads",
    outputs={
        "image": Annotated[Image, about("The picture.")],
        "bytes": Annotated[bytes, about("The file, such as for `files.write`.")],
        "data_uri": Annotated[str, about("The file as a data: URI.")],
    },
    examples=[example({"image": DOT, "to": "JPEG"})],
)
async def convert(
    image: _Picture,
    to: Annotated[Literal["PNG", "JPEG", "WEBP", "GIF"], about("Which kind of file.")] = "PNG",
    *,
    quality: Annotated[int, pydantic.Field(ge=1, le=95), about("Of JPEG and WEBP.")] = 85,
    grey: Annotated[bool, about("Without colours.")] = False,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Turns a picture into another kind of file; what it said of camera and place is left out."""
    found = await picture_of(image, context)
    made = found.convert("L") if grey else found
    data = await context.in_thread(written, made, to, quality)
    uri = f"data:image/{to.lower()};base64,{base64.b64encode(data).decode()}"
    return {"image": made, "bytes": data, "data_uri": uri}
