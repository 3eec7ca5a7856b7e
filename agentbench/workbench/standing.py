"""What stands in a notebook for values where nothing is alive: HTML and text.

It must hold on its own, without a kernel, a script or the network, and in a page that
trusts it. So what a stranger's class says of itself in HTML goes into a frame.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from agentbench.domain.renderer import MimeBundle
from agentbench.renderers.base import cut, escape, fit
from agentbench.renderers.base.frame import framed
from agentbench.renderers.base.highlight import PRE
from agentbench.renderers.base.inert import markdown_as_html
from agentbench.renderers.registry import Renderers
from agentbench.workbench.gathering import Named

STRANGERS = ("display protocol", "shell")
"""Renderers that hand on what a class says of itself."""
MOST_HTML, MOST_TEXT, MOST_OF_ALL = 300_000, 20_000, 1_000_000
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")


def standing(renderers: Renderers, values: Sequence[Named]) -> dict[str, Any]:
    """The values as one bundle of HTML and text."""
    parts, texts, room = [], [], MOST_OF_ALL
    for named in values:
        bundle = renderers.render(named.value, named.hints)
        name = renderers.renderer_for(named.value, named.hints).name
        body = _html(
            bundle, is_strange=name in STRANGERS or name not in _own(renderers)
        )
        text = cut(str(bundle.data["text/plain"]), MOST_TEXT)
        if len(body) > min(MOST_HTML, room):
            body = _pre(text)
        room -= len(body)
        head = len(values) > 1 or named.name != "value"
        label = f"<div><strong>{escape(named.name)}</strong></div>" if head else ""
        parts.append(f'<div style="margin-bottom:8px">{label}{body}</div>')
        texts.append(f"{named.name}\n{text}" if head else text)
    return {"text/html": "".join(parts), "text/plain": "\n\n".join(texts)}


def _own(renderers: Renderers) -> set[str]:
    ours = (
        r for r in renderers if type(r).__module__.startswith("agentbench.renderers.")
    )
    return {r.name for r in ours if type(r).__name__ != "FunctionRenderer"}


def _html(bundle: MimeBundle, *, is_strange: bool) -> str:
    data: Mapping[str, Any] = bundle.data
    picture = next((mime for mime in _PICTURES if mime in data), None)
    if "text/html" in data:
        html = str(data["text/html"])
        return framed(html) if is_strange else html
    if picture is not None:
        return _picture(picture, str(data[picture]), str(data["text/plain"]))
    if "text/latex" in data:  # Jupyter, nbconvert and GitHub set formulas in HTML too
        return f"<div>{escape(str(data['text/latex']))}</div>"
    if "text/markdown" in data:
        return markdown_as_html(str(data["text/markdown"]))
    return _pre(cut(str(data["text/plain"]), MOST_TEXT))


def _picture(mime: str, held: str, alt: str) -> str:
    if mime == "image/svg+xml":
        held = base64.b64encode(held.encode("utf-8", "replace")).decode("ascii")
    source = escape(held.replace("\n", ""))
    return f'<img alt="{escape(fit(alt, 80))}" style="max-width:100%" src="data:{mime};base64,{source}">'


def _pre(text: str) -> str:
    return f'<pre style="{PRE}">{escape(text)}</pre>'
