"""SVG as text: numbers, escapes, and words that fit their place in any font."""

import re

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}-`\" ")
_WIDE = frozenset("mwMWQOG@%&—…+<>=#")
SANS, BOLD, MONO = 1.0, 1.14, 0.0
"""How much wider a face is than the plain one; 0 for letters all of one width."""


def number(value: float) -> str:
    """A coordinate with at most one decimal: `12`, `12.5`."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def escape(text: str) -> str:
    """The text as it may stand in XML, in an attribute too."""
    safe = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
    for sign, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot")):
        safe = safe.replace(sign, f"&{entity};")
    return safe


def width_of(text: str, size: float, face: float = SANS) -> float:
    """About how wide a text is at most, in pixels: whatever font the reader has."""
    if face == MONO:
        return size * sum(1.22 if ord(letter) >= 0x1100 else 0.61 for letter in text)
    return size * face * sum(_letter(letter) for letter in text)


def trim(text: str, width: float, size: float, face: float = SANS) -> str:
    """The text in one line, cut with `…` to fit into `width` pixels."""
    line = " ".join(text[:400].split())
    if width_of(line, size, face) <= width and len(text) <= 400:
        return line
    while line and width_of(line + "…", size, face) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def words(x: float, y: float, text: str, kind: str, *, end: bool = False) -> str:
    """A line of text; `end` makes it end at `x`."""
    anchor = ' text-anchor="end"' if end else ""
    return (
        f'<text class="{kind}" x="{number(x)}" y="{number(y)}"{anchor}>'
        f"{escape(text)}</text>"
    )


def box(
    x: float, y: float, width: float, height: float, kind: str, *, radius: float
) -> str:
    """A rectangle with round corners."""
    return (
        f'<rect class="{kind}" x="{number(x)}" y="{number(y)}" width="{number(width)}"'
        f' height="{number(height)}" rx="{number(radius)}"/>'
    )


def icon(x: float, y: float, path: str, kind: str, *, scale: float = 1.0) -> str:
    """An icon with its left top corner there."""
    sized = "" if scale == 1.0 else f" scale({scale:g})"
    return (
        f'<path class="{kind}" d="{path}"'
        f' transform="translate({number(x)} {number(y)}){sized}"/>'
    )


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.38
    if letter in _WIDE:
        return 0.95
    if ord(letter) >= 0x1100:
        return 1.05
    return 0.72 if letter.isupper() else 0.6
