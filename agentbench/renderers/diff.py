"""Differences between texts, as `diff` and git write them."""

import re
from collections.abc import Iterator
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, count, cut, escape, is_hinted
from agentbench.renderers.base.highlight import PRE

MOST_LINES = 2_000
_HEAD = re.compile(
    r"\s*(?:diff --git [^\n]*\n(?:[^\n]*\n){0,12}?)?--- [^\n]+\n\+\+\+ [^\n]+\n@@ -\d"
)
_STYLES = {
    "+": "background:#2ea04326;",
    "-": "background:#f8514926;",
    "@": "color:#8b6fe0;",
}


class DiffRenderer(BaseRenderer):
    """Shows a unified diff: lines that came are green, lines that went are red."""

    name = "diff"
    priority = 46
    joins = True
    file, mime = "changes.diff", "text/x-diff"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str):
            return False
        if is_hinted(
            hints, "text/x-diff", "text/x-patch", suffixes=(".diff", ".patch")
        ):
            return True
        is_free = not (hints.get("mime") or hints.get("language"))
        return is_free and _HEAD.match(value[:4_000]) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = cut(str(value))
        lines = text.split("\n")
        shown = "".join(_marked(lines[:MOST_LINES]))
        more = len(lines) - MOST_LINES
        rest = f"<p>… {count(more, 'more line')}</p>" if more > 0 else ""
        style = PRE.replace("pre-wrap", "pre")
        html = f'<pre style="{style};overflow-x:auto">{shown}</pre>{rest}'
        return MimeBundle({"text/html": html, "text/plain": text})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)


def _marked(lines: list[str]) -> Iterator[str]:
    for line in lines:
        is_head = line.startswith(("--- ", "+++ ", "diff ", "index "))
        style = "opacity:.65;" if is_head else _STYLES.get(line[:1], "")
        yield f'<span style="display:block;{style}">{escape(line) or " "}</span>'
