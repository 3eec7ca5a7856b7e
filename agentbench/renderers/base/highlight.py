"""Source code with its colours, as HTML that needs no stylesheet."""

from collections.abc import Iterator
from typing import Any

from agentbench.renderers.base.text import cut, escape

MOST_COLOURED = 20_000
"""Longer code is shown without colours: each coloured word weighs some 70 bytes."""

# The host's own colours where it has them, and such as can be read on light and dark.
_COLOURS = (
    ("Comment", "comment", "#8a8f98"),
    ("Keyword", "keyword", "#2f81d8"),
    ("Operator.Word", "keyword", "#2f81d8"),
    ("Literal.String", "string", "#c2602f"),
    ("Literal.Number", "number", "#2a9276"),
    ("Name.Function", "def", "#8b6fe0"),
    ("Name.Class", "def", "#8b6fe0"),
    ("Name.Decorator", "meta", "#8b6fe0"),
    ("Name.Builtin", "builtin", "#2a8fa0"),
    ("Name.Tag", "tag", "#2f81d8"),
    ("Name.Attribute", "attribute", "#8b6fe0"),
    ("Generic.Deleted", "error", "#d64545"),
    ("Generic.Inserted", "number", "#2a9276"),
)
PRE = (
    "margin:0;padding:0;background:none;white-space:pre-wrap;overflow-wrap:anywhere;"
    "font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);"
    "font-size:var(--jp-code-font-size,13px);line-height:1.5"
)


def highlighted(code: str, language: str) -> str:
    """The code as `<pre>`; without colours where it is long or the language unknown."""
    lexer = _lexer(language) if len(code) <= MOST_COLOURED else None
    body = escape(cut(code)) if lexer is None else "".join(_spans(code, lexer))
    return f'<pre style="{PRE}">{body}</pre>'


def _lexer(language: str) -> Any:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _spans(code: str, lexer: Any) -> Iterator[str]:
    for token, text in lexer.get_tokens(code):
        name = str(token).removeprefix("Token.")
        colour = next((c for c in _COLOURS if name.startswith(c[0])), None)
        if colour is None or not text.strip():
            yield escape(text)
        else:
            style = f"var(--jp-mirror-editor-{colour[1]}-color,{colour[2]})"
            yield f'<span style="color:{style}">{escape(text)}</span>'
