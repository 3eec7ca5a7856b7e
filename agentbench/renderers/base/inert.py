"""Markdown and LaTeX of strangers: what of them a page may be given as it stands.

Jupyter trusts what a cell puts out: raw HTML in Markdown runs there, a link may be a
script, an image is fetched. So Markdown goes out as Markdown only when it is plainly
without such things, and else as HTML made here, in which they are text.
"""

import re
from typing import Any

from agentbench.renderers.base.highlight import highlighted
from agentbench.renderers.base.linear import Linear
from agentbench.renderers.base.text import escape

_RISKY = Linear(
    r"(?im)<[a-z/!?]|&[#a-z]|script\s*:|!\[[^\]]*\]\s*[(\[]|^\s*\[[^\]]+\]:"
)
"""A tag, an entity, an address that runs, an image, a link told elsewhere."""
_LINK = re.compile(r"\]\(\s*(?!https?://|mailto:|#|\./)", re.IGNORECASE)
_MATHS = re.compile(
    r"\\(href|url|class|cssId|style|data|require|unicode|html\w*|bbox|includegraphics"
    r"|mmlToken|toggle|texttip|tooltip)\b"
)
"""Commands of MathJax that reach out of the formula."""
_SAFE_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)


def is_harmless_markdown(text: str) -> bool:
    """Whether the text may be given to a page as Markdown."""
    return not (_RISKY.finds(text) or _LINK.search(text) or _MATHS.search(text))


def is_harmless_latex(text: str) -> bool:
    """Whether the text may be given to a page as LaTeX."""
    return _MATHS.search(text) is None


def markdown_as_html(text: str) -> str:
    """Markdown as HTML in which raw HTML is text, and nothing is run or fetched."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False, "highlight": _coloured})
    reader.enable(["table", "strikethrough"])
    reader.add_render_rule("image", _image)
    reader.add_render_rule("link_open", _link)
    text = _MATHS.sub(lambda found: found[1], text)
    return f'<div class="jp-RenderedMarkdown">{reader.render(text)}</div>'


def _coloured(code: str, language: str, _: str) -> str:
    return highlighted(code, language)


def _image(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    """A picture that carries itself; of another only its words: it would be fetched."""
    token = tokens[at]
    alt = self.renderInlineAsText(token.children or [], options, env)
    if _SAFE_IMAGE.match(str(token.attrs.get("src", ""))):
        token.attrs["alt"] = alt
        return str(self.renderToken(tokens, at, options, env))
    return f"<em>{escape(alt or 'image')}</em>"


def _link(self: Any, tokens: Any, at: int, options: Any, env: Any) -> str:
    attrs = tokens[at].attrs
    if not re.match(r"https?:|mailto:|#", str(attrs.get("href", "")), re.IGNORECASE):
        attrs["href"] = "#"
    attrs.update(target="_blank", rel="noopener noreferrer")
    return str(self.renderToken(tokens, at, options, env))
