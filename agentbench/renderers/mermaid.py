"""Diagrams written in Mermaid or Graphviz."""

import re
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, clean, is_hinted
from agentbench.renderers.base.highlight import highlighted

MERMAID = "text/vnd.mermaid"
GRAPHVIZ = "text/vnd.graphviz"
MOST_CHARACTERS = 50_000
MOST_LAID_OUT = 20_000
"""A graph of more characters is shown as text: laying it out would take minutes."""
_HEAD = re.compile(
    r"\s*(?:%%[^\n]*\n\s*)*(?:(?:graph|flowchart)\s+(?:TB|TD|BT|RL|LR)\b"
    r"|(?:sequenceDiagram|classDiagram|stateDiagram(?:-v2)?|erDiagram|gitGraph|mindmap"
    r"|timeline|quadrantChart|journey|gantt)[ \t]*(?:\n|$)"
    r"|pie(?:\s+showData)?(?:\s*+title[^\n]*\n|[^\S\n]*\n)\s*+\"[^\"\n]+\"\s*:)"
)
_DOT = re.compile(
    r"\s*(?:strict\s+)?(?:di)?graph\s++(?:[\w-]+|\"[^\"]*\")?\s*+\{.*\}\s*", re.DOTALL
)
_SETTINGS = re.compile(
    r"%%\{|^[^\S\n]*---|^[^\S\n]*(click|link|links|callback)\s", re.MULTILINE
)
"""What sets Mermaid's own options, or makes a node do something."""


class MermaidRenderer(BaseRenderer):
    """Shows a diagram in Mermaid; where nothing is alive, its text.

    One that sets options of the drawing program, or whose nodes are to do something
    when they are clicked, is shown as text.
    """

    name = "mermaid"
    priority = 39
    joins = True
    file, mime = "diagram.mmd", "text/plain"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            return False
        if is_hinted(hints, MERMAID, suffixes=(".mmd", ".mermaid")):
            return True
        is_free = not (hints.get("mime") or hints.get("language"))
        return is_free and _HEAD.match(value) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = clean(str(value))
        if _SETTINGS.search(text):
            return MimeBundle({"text/plain": text})
        return MimeBundle({MERMAID: text, "text/plain": text})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)


class GraphvizRenderer(BaseRenderer):
    """Shows a graph in the language of Graphviz; where nothing is alive, its text."""

    name = "graphviz"
    priority = 37
    joins = True
    file, mime = "graph.dot", GRAPHVIZ

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            return False
        if is_hinted(hints, GRAPHVIZ, suffixes=(".dot", ".gv")):
            return True
        is_free = not (hints.get("mime") or hints.get("language"))
        return is_free and "{" in value and _DOT.fullmatch(value) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = clean(str(value))
        drawn = {GRAPHVIZ: text} if len(text) <= MOST_LAID_OUT else {}
        source = highlighted(text, "dot")
        return MimeBundle({**drawn, "text/html": source, "text/plain": text})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)
