"""Source code, when the hints name its language."""

import re
from pathlib import PurePath
from typing import Any

from agentbench.domain.renderer import Download, Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, cut, filename

LANGUAGES = {
    "bash": "sh",
    "c": "c",
    "cpp": "cpp",
    "css": "css",
    "go": "go",
    "html": "html",
    "java": "java",
    "javascript": "js",
    "json": "json",
    "python": "py",
    "r": "r",
    "ruby": "rb",
    "rust": "rs",
    "sql": "sql",
    "toml": "toml",
    "typescript": "ts",
    "xml": "xml",
    "yaml": "yaml",
}
"""Each language and how its files end."""
_BY_SUFFIX = {f".{ending}": language for language, ending in LANGUAGES.items()}


class CodeRenderer(BaseRenderer):
    """Shows source code with its colours, when the hints name the language."""

    name = "code"
    priority = 47

    def can_render(self, value: Any, hints: Hints) -> bool:
        return isinstance(value, str) and bool(_language(hints))

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        code = cut(str(value)).rstrip("\n")
        longest = max((len(run) for run in re.findall("`+", code)), default=0)
        fence = "`" * max(3, longest + 1)
        fenced = f"{fence}{_language(hints)}\n{code}\n{fence}"
        return MimeBundle({"text/markdown": fenced, "text/plain": code})

    def copy(self, value: Any, hints: Hints) -> str | None:
        return str(value)

    def download(self, value: Any, hints: Hints) -> Download | None:
        ending = LANGUAGES.get(_language(hints), "txt")
        name = filename(hints, f"output.{ending}")
        content = str(value).encode("utf-8", "replace")
        return Download(filename=name, mime="text/plain", content=content)


def _language(hints: Hints) -> str:
    """The language as a word that may follow a fence; empty when nobody names one."""
    named = str(hints.get("language") or "").strip().lower()
    suffix = PurePath(str(hints.get("filename") or "")).suffix.lower()
    found = named or _BY_SUFFIX.get(suffix, "")
    return re.sub(r"[^\w+#.-]", "", found)[:30]
