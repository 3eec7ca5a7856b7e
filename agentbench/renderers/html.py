"""Web pages: shown in a frame of their own that can neither run nor fetch anything."""

import html.parser
import re
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, is_hinted
from agentbench.renderers.base.frame import framed

SOURCE_LIMIT = 400_000
_DOCUMENT = re.compile(
    r"\s*(?><!--.*?-->\s*)*<(!doctype\s+html|html[\s>])", re.IGNORECASE | re.DOTALL
)
_SKIPPED = ("script", "style", "template", "title")
_BREAKS = ("br", "div", "h1", "h2", "h3", "h4", "li", "p", "section", "table", "tr")


class HtmlRenderer(BaseRenderer):
    """Shows HTML in a sandboxed frame: no scripts, no network, no way out."""

    name = "html"
    priority = 55
    file, mime = "page.html", "text/html"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str):
            return False
        if hints.get("mime") or hints.get("language"):
            return is_hinted(hints, "text/html")
        is_page = is_hinted(hints, suffixes=(".html", ".htm"))
        return is_page or _DOCUMENT.match(value[:2_000]) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        source = cut(str(value), SOURCE_LIMIT)
        return MimeBundle({"text/html": framed(source), "text/plain": words_of(source)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        return super().preview(str(value[:20_000]), hints)

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)


class _Words(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._skipping = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _SKIPPED and not self._skipping:
            self._skipping = tag
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.words.append(re.sub(r"\s+", " ", data))


def words_of(source: str) -> str:
    """What a reader sees of an HTML text."""
    parser = _Words()
    parser.feed(source)
    lines = (line.strip() for line in "".join(parser.words).split("\n"))
    return cut("\n".join(line for line in lines if line)) or "(a page without words)"
