"""Several values at once: as one text, or as one file."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from agentbench.domain.renderer import Download, Hints
from agentbench.renderers.base import count
from agentbench.renderers.registry import Renderers

MOST_OF_ONE, MOST_OF_ALL = 50_000_000, 200_000_000
"""Bytes of one file, and of all together, that go into an archive."""
MOST_TEXT = 10_000_000
"""Characters of a text that goes to the clipboard."""
TEXTS, LEFT_OUT = "texts.txt", "left-out.txt"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in an archive, so that the same values give the same bytes."""


@dataclass(frozen=True)
class Named:
    """A value with what it is called, and the hints that it is shown by."""

    name: str
    value: Any
    hints: Hints = field(default_factory=dict)


def joined(renderers: Renderers, values: Iterable[Named]) -> str:
    """The values that are texts as one, blank lines between; the others are left out."""
    texts = (
        renderers.copy(named.value, named.hints)
        for named in values
        if renderers.joins(named.value, named.hints)
    )
    return "\n\n".join(text.rstrip("\n") for text in texts if text)


def gathered(renderers: Renderers, values: Sequence[Named]) -> Download | None:
    """The values as one file: a single one as it is, several as an archive.

    Texts come together in `texts.txt`; what is too large or is no file is named in
    `left-out.txt`.
    """
    if len(values) == 1:
        return renderers.download(values[0].value, values[0].hints)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(renderers, values):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    content = written.getvalue()
    return Download(filename="values.zip", mime="application/zip", content=content)


def _files(
    renderers: Renderers, values: Sequence[Named]
) -> Iterator[tuple[str, bytes]]:
    texts, left_out, taken, room = [], [], {TEXTS, LEFT_OUT}, MOST_OF_ALL
    for named in values:
        if renderers.joins(named.value, named.hints):
            texts.append(f"{named.name}\n\n{renderers.copy(named.value, named.hints)}")
            continue
        found = renderers.download(named.value, named.hints)
        size = len(found.content) if found else 0
        if found is None or size > min(MOST_OF_ONE, room):
            why = f"{count(size, 'byte')} are too many" if found else "it is no file"
            left_out.append(f"{named.name}: {why}")
            continue
        room -= size
        yield _unique(named.name, found.filename, taken), found.content
    if texts:
        yield TEXTS, "\n\n---\n\n".join(texts).encode("utf-8", "replace")
    if left_out:
        yield LEFT_OUT, "\n".join(left_out).encode("utf-8", "replace")


def _unique(name: str, file: str, taken: set[str]) -> str:
    """A name no other file of the archive has: the value's, with the file's ending."""
    path = PurePath(file)
    stem = re.sub(r"[^\w .()-]", "_", name).strip(". ")[:80] or path.stem
    made, number = f"{stem}{path.suffix}", 2
    while made.lower() in taken:
        made, number = f"{stem} ({number}){path.suffix}", number + 1
    taken.add(made.lower())
    return made
