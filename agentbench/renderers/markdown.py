"""Text written as Markdown."""

import re
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, first_lines, is_hinted
from agentbench.renderers.base.inert import is_harmless_markdown, markdown_as_html
from agentbench.renderers.base.linear import Linear

_LOOKED_AT = 20_000
_STRONG = (
    r"^(```|~~~)[\w+-]*[ \t]*\n(?s:.*?)\n\1[ \t]*$",
    r"^\|?[ \t]*:?-{3,}:?[ \t]*(\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$",
    r"^#{2,6} \S.*$",
)
_WEAK = (
    r"^# \S.*$",
    r"^[ \t]{0,3}[-*+] \S.*\n(?:[ \t]*\n)?[ \t]{0,3}[-*+] \S",
    r"^[ \t]{0,3}1[.)] \S(?s:.{0,400}?)\n[ \t]{0,3}2[.)] \S",
    r"^> \S",
    r"\*\*[^\s*][^*\n]*\*\*",
    r"!?\[[^\]\n]+\]\((https?://|#|\./|data:)[^)\s]*\)",
)
_STRONG_MARKS = [re.compile(mark, re.MULTILINE) for mark in _STRONG]
_WEAK_MARKS = [Linear(f"(?m){mark}") for mark in _WEAK]


class MarkdownRenderer(BaseRenderer):
    """Shows Markdown: when the hints say so, or the text has clear marks of it.

    Where there is raw HTML in it, or what would be fetched or run, it goes out as HTML
    in which that is text.
    """

    name = "markdown"
    priority = 35
    joins = True
    file, mime = "output.md", "text/markdown"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str):
            return False
        if is_hinted(hints, "text/markdown", suffixes=(".md", ".markdown")):
            return True
        return not hints.get("mime") and is_markdown(value)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = cut(str(value))
        if is_harmless_markdown(text):
            return MimeBundle({"text/markdown": text, "text/plain": text})
        return MimeBundle({"text/html": markdown_as_html(text), "text/plain": text})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        start = re.sub(r"(?m)^#{1,6} |\*\*|^```.*$", "", str(value[:_LOOKED_AT]))
        start = re.sub(r"\n{2,}", "\n", start)
        return MimeBundle({"text/plain": first_lines(start)})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)


def is_markdown(text: str) -> bool:
    """Whether the text has a fence, a table or a second-level heading, or two lesser marks.

    One lesser mark is not enough: a list of dashes or a comment with `#` is plain
    text as well.
    """
    start = text[:_LOOKED_AT]
    if any(mark.search(start) for mark in _STRONG_MARKS):
        return True
    return sum(mark.finds(start) for mark in _WEAK_MARKS) >= 2
