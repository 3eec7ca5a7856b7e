"""Ways: the words by which a user says how a value is to be shown, and what they hint at."""

from collections.abc import Iterable, Mapping
from typing import Any

from agentbench.domain.errors import UnknownWay
from agentbench.renderers.base.language import LANGUAGES

WAYS: Mapping[str, Mapping[str, Any]] = {
    "code": {"language": "text"},
    "csv": {"mime": "text/csv"},
    "diff": {"mime": "text/x-diff"},
    "graphviz": {"mime": "text/vnd.graphviz"},
    "html": {"mime": "text/html"},
    "image": {"type": "image"},
    "json": {"mime": "application/json"},
    "latex": {"mime": "text/latex"},
    "markdown": {"mime": "text/markdown"},
    "mermaid": {"mime": "text/vnd.mermaid"},
    "notebook": {"mime": "application/x-ipynb+json"},
    "svg": {"mime": "image/svg+xml"},
    "table": {"type": "table"},
    "text": {"mime": "text/plain", "renderer": "plain"},
}
"""Each way and its hints; a language (`sql`) and the name of a renderer are ways too."""


def hints_of(way: str, renderers: Iterable[str] = ()) -> dict[str, Any]:
    """The hints that a way stands for.

    Raises:
        UnknownWay: there is no such way; the error lists those there are.
    """
    named, others = way.strip().lower(), list(renderers)
    if named in WAYS:
        return dict(WAYS[named])
    if named in LANGUAGES:
        return {"language": named}
    if way in others:
        return {"renderer": way}
    raise UnknownWay(way, dict.fromkeys([*WAYS, *LANGUAGES, *others]))
