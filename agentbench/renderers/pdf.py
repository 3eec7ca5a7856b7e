"""Documents in PDF."""

import re
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, count, filename

MOST_BYTES = 700_000
"""A document above this is not put into the page; it can be downloaded."""
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_LOOKED_AT = 5_000_000


class PdfRenderer(BaseRenderer):
    """Shows PDF bytes in the viewer of the browser, where the host has one."""

    name = "pdf"
    priority = 68

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, (bytes, bytearray)) and value[:5] == b"%PDF-"

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = _said(value)
        if len(value) > MOST_BYTES:
            more = f"{text}\n(too large to be shown here; it can be downloaded)"
            return MimeBundle({"text/plain": more})
        return MimeBundle({"application/pdf": bytes(value), "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return MimeBundle({"text/plain": _said(value)})

    def download(self, value: Any, hints: Hints) -> Download | None:
        name = filename(hints, "document.pdf")
        return Download(filename=name, mime="application/pdf", content=bytes(value))


def _said(value: bytes | bytearray) -> str:
    # Pages packed into object streams cannot be counted without unpacking them.
    pages = len(_PAGE.findall(value[:_LOOKED_AT]))
    said = f"{count(pages, 'page')}, " if pages else ""
    return f"PDF document, {said}{count(len(value), 'byte')}"
