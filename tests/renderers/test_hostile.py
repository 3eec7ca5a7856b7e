"""Hostile values: what goes out of the kernel is inert by itself, in a page that trusts it."""

import html.parser
import json
import re
from typing import Any

import pytest

from agentbench.renderers.base.frame import framed
from agentbench.workbench.gathering import Named
from agentbench.workbench.standing import standing
from agentbench.workbench.ways import hints_of
from tests.renderers.hostile import PAYLOADS, Payload
from tests.renderers.values import new_renderers

RENDERERS = new_renderers()
ALLOWED = {
    "a", "audio", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr",
    "iframe", "img", "li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody",
    "td", "th", "thead", "tr", "ul", "video",
}  # fmt: skip
PROGRAMS = ("text/javascript", "application/javascript", "image/svg+xml")


class Tags(html.parser.HTMLParser):
    """Every tag of a page with its attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))


def _assert_inert(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    for tag, attrs in tags.seen:
        assert tag in ALLOWED, tag
        assert not [
            name for name in attrs if name.startswith("on") or name in ("id", "name")
        ]
        assert re.match(r"https?:|mailto:|#|$", attrs.get("href", ""), re.IGNORECASE)
        assert re.match(r"data:|$", attrs.get("src", ""), re.IGNORECASE)
        assert "url(" not in attrs.get("style", "").lower()
        if tag == "iframe":
            assert attrs["sandbox"] == ""
            assert "Content-Security-Policy" in attrs["srcdoc"]


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_t56_what_a_cell_puts_out_is_inert(payload: Payload) -> None:
    hints = hints_of(payload.way) if payload.way else {}
    bundle = RENDERERS.render(payload.value, hints).data
    assert not set(bundle) & set(PROGRAMS)
    _assert_inert(str(bundle.get("text/html", "")))
    markdown = str(bundle.get("text/markdown", ""))
    fenced = re.sub(r"(?s)\A(`{3,})\w*\n.*\n\1\Z", "", markdown)
    assert not re.search(
        r"<[a-z/!?]|script:|!\[|\\(href|cssId|style)", fenced, re.IGNORECASE
    )
    assert not re.search(r"\\(href|style|cssId)", str(bundle.get("text/latex", "")))
    assert "click" not in str(bundle.get("text/vnd.mermaid", ""))
    assert "securityLevel" not in str(bundle.get("text/vnd.mermaid", ""))
    live = json.dumps({m: d for m, d in bundle.items() if "vega" in m or "plotly" in m})
    assert "//" not in live
    _assert_inert(
        standing(RENDERERS, [Named("<b onclick=x>", payload.value, hints)])["text/html"]
    )


def test_a_stranger_s_own_html_stands_in_a_frame() -> None:
    class Page:
        def _repr_html_(self) -> str:
            return "<img src=x onerror=steal()>"

    shown = standing(RENDERERS, [Named("value", Page())])
    assert framed("<img src=x onerror=steal()>") in shown["text/html"]
    _assert_inert(shown["text/html"])


@pytest.mark.parametrize(
    "text",
    ["![" * 50_000, "[" * 100_000, "$" * 100_000, "`" * 100_000, "const\n" * 20_000,
     "# a\n\n<b>" + "[a](" * 20_000, "\\begin{align}" * 1_500, "<html>" + "<b" * 50_000],
)  # fmt: skip
def test_t47_no_text_holds_the_kernel_up(text: str) -> None:
    # Quadratic patterns take minutes here, and the test's own time limit ends them.
    for _ in range(3):
        assert RENDERERS.render(text).data["text/plain"]
        RENDERERS.preview(text)
