"""Words: what a bundle says, as text."""

import html
import re

from agentbench.domain.renderer import MimeBundle

_PAGE_CHARACTERS = 20_000
_BARE_REPR = re.compile(r"<[\w.]+ object.*>", re.DOTALL)
_UNSAID = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def words(bundle: MimeBundle) -> str:
    """What a bundle says in words: not the name of the class that says it."""
    text = str(bundle.data["text/plain"])
    if not _BARE_REPR.fullmatch(text):
        return text
    if "text/markdown" in bundle.data:
        return str(bundle.data["text/markdown"])
    page = str(bundle.data.get("text/html", ""))
    said = html.unescape(_TAG.sub(" ", _UNSAID.sub(" ", page[:_PAGE_CHARACTERS])))
    return " ".join(said.split()) or text
