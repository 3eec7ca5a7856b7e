"""Patterns that take time in proportion to the text, whatever the text does to them."""

import functools
from typing import Any

from agentbench.renderers.base.text import clean


class Linear:
    """A regular expression of RE2, compiled when it is first asked."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @functools.cached_property
    def _compiled(self) -> Any:
        import re2

        return re2.compile(self.pattern)

    def finds(self, text: str) -> bool:
        """Whether the pattern is somewhere in the text."""
        return self._compiled.search(clean(text)) is not None
