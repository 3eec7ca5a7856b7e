"""Formulas in LaTeX."""

import re
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, is_hinted
from agentbench.renderers.base.inert import is_harmless_latex

MOST_CHARACTERS = 20_000
_WHOLE = re.compile(
    r"\s*(\$\$(?!\s*\$)[^$]+\$\$|\\\[(?:(?!\\\]).)+\\\]"
    r"|\\begin\{(equation|align|gather|multline|eqnarray)(\*?)\}.+\\end\{\2\3\})\s*",
    re.DOTALL,
)
_OWN_MARKS = re.compile(r"\s*(\$|\\\[|\\\(|\\begin\{)")


class LatexRenderer(BaseRenderer):
    """Shows a formula: text that is one formula in LaTeX, or that the hints call so.

    A formula with commands that reach out of it (links, styles) is shown as its source.
    """

    name = "latex"
    priority = 38
    joins = True
    file, mime = "formula.tex", "text/x-tex"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
            return False
        if is_hinted(hints, "text/latex", "text/x-tex", suffixes=(".tex",)):
            return True
        return not hints.get("mime") and _WHOLE.fullmatch(value) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        text = cut(str(value))
        if not is_harmless_latex(text):
            return MimeBundle({"text/plain": text})
        formula = text if _OWN_MARKS.match(text) else f"$$\n{text}\n$$"
        return MimeBundle({"text/latex": formula, "text/plain": text})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)
