"""Source code, when the hints name its language or it can hardly be anything else."""

import re
from pathlib import PurePath
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, filename
from agentbench.renderers.base.highlight import highlighted
from agentbench.renderers.base.language import LANGUAGES, language_of

_BY_SUFFIX = {f".{ending}": language for language, ending in LANGUAGES.items()}


class CodeRenderer(BaseRenderer):
    """Shows source code with its colours: when its language is named, or is plain to see."""

    name = "code"
    priority = 47
    joins = True

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, str) and bool(_language(value, hints))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        code = cut(str(value)).rstrip("\n")
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        fence = "`" * max(3, longest + 1)
        language = _language(value, hints)
        fenced = f"{fence}{language}\n{code}\n{fence}"
        return MimeBundle(
            {
                "text/html": highlighted(code, language),
                "text/markdown": fenced,
                "text/plain": code,
            }
        )

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)

    def download(self, value: Any, hints: Hints) -> Download | None:
        ending = LANGUAGES.get(_language(value, hints), "txt")
        name = filename(hints, f"output.{ending}")
        content = str(value).encode("utf-8", "replace")
        return Download(filename=name, mime="text/plain", content=content)


def _language(value: str, hints: Hints) -> str:
    """The language as a word that may follow a fence; empty when it is not known."""
    named = str(hints.get("language") or "").strip().lower()
    suffix = PurePath(str(hints.get("filename") or "")).suffix.lower()
    found = named or _BY_SUFFIX.get(suffix, "")
    if not found and not hints.get("mime"):
        found = language_of(value)
    return re.sub(r"[^\w+#.-]", "", found)[:30]
