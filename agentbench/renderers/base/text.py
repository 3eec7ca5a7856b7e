"""Text of bounded size, the same in every process; and HTML made of it."""

import base64
import html
import re
from collections.abc import Iterable
from pathlib import PurePath

from agentbench.domain.renderer import Hints

TEXT_LIMIT = 100_000
"""Text longer than this many characters is cut where it is shown."""
PREVIEW_LINES, PREVIEW_WIDTH = 6, 120
"""What of a text fits on a node's card."""
TIMES = "\N{MULTIPLICATION SIGN}"

_ADDRESS = re.compile(r"(?: at)? 0x[0-9a-fA-F]{6,}")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what neither UTF-8, JSON nor XML can carry."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def cut(text: str, limit: int = TEXT_LIMIT) -> str:
    """The text, clean; if it is longer than `limit`, its start and how much is missing."""
    if len(text) <= limit:
        return clean(text)
    return f"{clean(text[:limit])}\n… {len(text) - limit:,} more characters"


def fit(text: str, width: int) -> str:
    """The text in one line of at most `width` characters, with `…` where it is cut."""
    line = " ".join(text[: 4 * width + 4].split())
    is_whole = len(text) <= 4 * width + 4 and len(line) <= width
    return clean(line if is_whole else line[: width - 1].rstrip() + "…")


def first_lines(text: str) -> str:
    """The start of a text, as much as a node's card shows."""
    start = text[: PREVIEW_LINES * PREVIEW_WIDTH * 2].strip("\n")
    lines = start.split("\n")[:PREVIEW_LINES]
    shown = [
        line if len(line) <= PREVIEW_WIDTH else line[: PREVIEW_WIDTH - 1] + "…"
        for line in lines
    ]
    left = text.strip("\n").count("\n") + 1 - len(lines)
    return clean(
        "\n".join([*shown, f"… {count(left, 'more line')}"] if left > 0 else shown)
    )


def count(number: int, noun: str) -> str:
    """`1 node`, `2,000 nodes`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def stable(text: str) -> str:
    """A repr without the memory addresses in it."""
    return _ADDRESS.sub("", text)


def is_hinted(hints: Hints, *mimes: str, suffixes: Iterable[str] = ()) -> bool:
    """Whether the hints name one of these MIME types, or a file that ends so."""
    mime = str(hints.get("mime") or "").partition(";")[0].strip().lower()
    suffix = PurePath(str(hints.get("filename") or "")).suffix.lower()
    return mime in mimes or suffix in suffixes


def filename(hints: Hints, default: str) -> str:
    """A safe name for a file: the hint's last part, or the default."""
    given = PurePath(str(hints.get("filename") or "").replace("\\", "/")).name
    safe = re.sub(r"[^\w .()+-]", "_", given).strip(". ")
    return safe[:120] or default


def escape(text: str) -> str:
    """The text as it may stand in HTML, also inside an attribute."""
    return html.escape(clean(text), quote=True)


def picture(mime: str, content: bytes, alt: str, style: str = "max-width:100%") -> str:
    """An HTML image that carries its own bytes: survives in an untrusted notebook."""
    encoded = base64.b64encode(content).decode("ascii")
    return (
        f'<img alt="{escape(alt)}" style="{style}" src="data:{mime};base64,{encoded}">'
    )
