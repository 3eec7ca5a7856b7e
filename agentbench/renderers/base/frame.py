"""HTML of strangers in a frame of its own, wherever it is put."""

from agentbench.renderers.base.text import escape

_POLICY = (
    '<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src'
    " 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:\">"
)


def framed(source: str) -> str:
    """HTML of a stranger in a frame of its own: no scripts, no network, no way out."""
    return (
        '<iframe sandbox="" referrerpolicy="no-referrer" title="HTML output"'
        ' style="width:100%;height:24em;border:1px solid #8884;border-radius:6px;'
        f'background:#fff" srcdoc="{escape(_POLICY + source)}"></iframe>'
    )
