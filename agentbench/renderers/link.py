"""Addresses on the web."""

import re
from typing import Any

from agentbench.domain.renderer import Hints, MimeBundle
from agentbench.renderers.base import BaseRenderer, escape, fit

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}\x00-\x20]+", re.IGNORECASE)


class LinkRenderer(BaseRenderer):
    """Shows an http or https address as a link that can be followed."""

    name = "link"
    priority = 45
    joins = True

    def can_render(self, value: Any, hints: Hints) -> bool:
        if hints.get("mime") not in (None, "", "text/uri-list"):
            return False
        is_short = isinstance(value, str) and len(value) <= 2_000
        return is_short and _ADDRESS.fullmatch(value.strip()) is not None

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        address = str(value).strip()
        shown = escape(fit(str(hints.get("title") or address), 80))
        anchor = (
            f'<a href="{escape(address)}" target="_blank"'
            f' rel="noopener noreferrer">{shown}</a>'
        )
        return MimeBundle({"text/html": anchor, "text/plain": address})
