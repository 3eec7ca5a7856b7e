"""Arrays as pictures: bytes as they are, other numbers from their least to their greatest."""

from typing import Any

from agentbench.domain.renderer import Hints
from agentbench.renderers.base.literal import is_a
from agentbench.renderers.base.text import TIMES, count, is_hinted

LEAST_SIDE, LEAST_SIDE_OF_NUMBERS = 16, 32
"""A smaller plane is numbers to be read, unless it is asked to be a picture."""
MOST_PIXELS = 50_000_000
_COLOURS = (3, 4)
_NOT_A_NUMBER = (255, 0, 255)


def are_pixels(value: Any, hints: Hints) -> bool:
    """Whether an array is a picture: colours in its last axis, or a grey plane."""
    if not is_a(value, "numpy.ndarray") or value.dtype.kind not in "fiub":
        return False
    if hints.get("type") == "table" or 0 in value.shape or value.size > MOST_PIXELS:
        return False
    is_wanted = is_hinted(hints, "image/png") or hints.get("type") == "image"
    is_bytes = str(value.dtype) == "uint8"
    if not (is_wanted or is_bytes or value.dtype.kind == "f"):
        return False
    least = LEAST_SIDE if is_bytes else LEAST_SIDE_OF_NUMBERS
    if value.ndim == 3:
        is_large = is_bytes or min(value.shape[:2]) >= LEAST_SIDE
        return bool(value.shape[2] in _COLOURS and (is_large or is_wanted))
    return bool(value.ndim == 2 and min(value.shape) >= (1 if is_wanted else least))


def image_of(array: Any) -> Any:
    """A Pillow image of the array; what is no number is magenta."""
    from PIL import Image

    if str(array.dtype) == "uint8":
        return Image.fromarray(array)
    import numpy

    held = array.astype("float64")
    colours = held[..., :3] if held.ndim == 3 else held
    finite = numpy.isfinite(colours)
    low, high = _range(array)
    # By halves: between the ends of all numbers lies more than there are numbers.
    scaled = numpy.where(finite, colours, low) / 2 - low / 2
    part = scaled / ((high / 2 - low / 2) or 1)
    grey = numpy.rint(part.clip(0, 1) * 255).astype("uint8")
    if grey.ndim == 2:
        if finite.all():
            return Image.fromarray(grey)
        grey = numpy.repeat(grey[..., None], 3, axis=2)
        finite = finite[..., None]
    grey[~finite.all(axis=2)] = _NOT_A_NUMBER
    if held.ndim == 3 and held.shape[2] == 4:
        alpha = numpy.nan_to_num(held[..., 3:], nan=1.0).clip(0, 1) * 255
        grey = numpy.concatenate([grey, numpy.rint(alpha).astype("uint8")], axis=2)
    return Image.fromarray(grey)


def said_of(array: Any) -> str:
    """Size and range of an array, in words."""
    import numpy

    height, width = array.shape[:2]
    low, high = _range(array)
    colours = array[..., :3] if array.ndim == 3 else array
    lost = int(colours.size - numpy.isfinite(colours).sum())
    ends = f"{low:.6g} is black, {high:.6g} is white"
    missing = f", {count(lost, 'value')} no number (magenta)" if lost else ""
    return f"Image {width} {TIMES} {height} of {array.dtype}: {ends}{missing}"


def _range(array: Any) -> tuple[float, float]:
    """What is black and what is white: of colours between 0 and 1 these, else the ends."""
    import numpy

    held = array[..., :3] if array.ndim == 3 else array
    finite = held[numpy.isfinite(held)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    is_colour = array.ndim == 3 and low >= 0 and high <= 1
    return (0.0, 1.0) if is_colour or array.dtype.kind == "b" else (low, high)
