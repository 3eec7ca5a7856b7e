"""Page: what a web page says, as text or Markdown; nothing in it is carried out or fetched."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

MOST_HTML = 5_000_000
_SKIPPED = {
    "script",
    "style",
    "template",
    "noscript",
    "svg",
    "math",
    "iframe",
    "object",
    "head",
}
_CHROME = {"nav", "footer", "aside", "form", "button", "dialog"}
_BREAKS = {
    "address", "article", "blockquote", "body", "dd", "div", "dl", "dt", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre",
    "section", "table", "tr", "ul", "br",
}  # fmt: skip
_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*", "code": "`"}
_VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Page(HTMLParser):
    """Reads HTML once, from front to back: time and room grow with its length alone."""

    def __init__(self, address: str = "", *, as_markdown: bool, whole: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.description = ""
        self.links: list[dict[str, str]] = []
        self._address, self._as_markdown, self._whole = address, as_markdown, whole
        self._made: list[str] = []
        self._lists: list[int | None] = []
        self._skipping: list[str] = []
        self._link: tuple[str, int] | None = None
        self._is_title = False
        self._pre = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "meta" and facts.get("name", "").lower() == "description":
            self.description = facts.get("content", "")[:2000]
        if tag == "title" and not self.title:
            self._is_title = True
        if self._skipping or tag in _SKIPPED or (tag in _CHROME and not self._whole):
            if tag not in _VOID:
                self._skipping.append(tag)
            return
        if tag in _BREAKS:
            self._break(tag)
        if tag == "base" and facts.get("href"):
            self._address = urljoin(self._address, facts["href"])
        if tag == "a" and facts.get("href"):
            self._link = (self._joined(facts["href"]), len(self._made))
        elif self._as_markdown:
            self._mark(tag, facts)

    def handle_endtag(self, tag: str) -> None:
        self._is_title = self._is_title and tag != "title"
        if self._skipping:
            if tag in self._skipping:  # what was left open inside ends with it
                while self._skipping.pop() != tag:
                    pass
            return
        if tag == "a" and self._link:
            self._end_link()
        elif tag in _MARKS and self._as_markdown and not self._pre:
            self._made.append(_MARKS[tag])
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag == "pre" and self._pre:
            self._pre -= 1
            self._made.append("\n```\n" if self._as_markdown else "\n")
        elif tag in _BREAKS - {"br", "hr", "li", "tr", "dt", "dd"}:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._is_title:
            self.title = (self.title + data)[:1000].strip()
        if not self._skipping:
            self._made.append(data if self._pre else re.sub(r"\s+", " ", data))

    def said(self) -> str:
        """The text, with no more than one empty line in a row."""
        text = "".join(self._made).replace("\xa0", " ")
        lines = [line.rstrip() for line in text.split("\n")]
        kept: list[str] = []
        is_code = False
        for line in lines:
            is_code ^= line.startswith("```")
            shown = line if is_code or line.startswith(("  ", "```")) else line.strip()
            if shown or (kept and kept[-1]):
                kept.append(shown)
        return "\n".join(kept).strip()

    # ---- inside ------------------------------------------------------------

    def _joined(self, address: str) -> str:
        try:
            return urljoin(self._address, address.strip())
        except ValueError:
            return ""

    def _end_link(self) -> None:
        if self._link is None:
            return
        address, start = self._link
        self._link = None
        text = " ".join("".join(self._made[start:]).split())
        is_place = address.startswith(("http://", "https://"))
        if is_place and text:
            self.links.append({"text": text[:500], "url": address})
        if self._as_markdown and is_place and text:
            self._made[start:] = [
                f"[{text}]({address.replace(' ', '%20').replace(')', '%29')})"
            ]

    def _mark(self, tag: str, facts: dict[str, str]) -> None:
        if tag in _MARKS and not self._pre:
            self._made.append(_MARKS[tag])
        elif re.fullmatch("h[1-6]", tag):
            self._made.append("#" * int(tag[1]) + " ")
        elif tag == "blockquote":
            self._made.append("> ")
        elif tag == "hr":
            self._made.append("---\n\n")
        elif tag == "img" and facts.get("alt"):
            place = self._joined(facts.get("src", ""))
            if place.startswith("http"):
                self._made.append(f"![{facts['alt'].strip()}]({place})")

    def _break(self, tag: str) -> None:
        if tag in ("br", "li", "tr", "dt", "dd"):
            self._made.append("\n")
        else:
            self._made.append("\n\n")

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.handle_starttag(tag, attrs)


class MarkedPage(Page):
    """A page with its lists, tables and code as Markdown has them."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if self._skipping:
            return
        if tag in ("ul", "ol"):
            self._lists.append(None if tag == "ul" else 0)
        elif tag == "li":
            self._item()
        elif tag == "tr":
            self._cells = 0
        elif tag in ("td", "th"):
            self._made.append(" | " if self._cells else "")
            self._cells += 1
        elif tag == "pre":
            self._pre += 1
            if self._as_markdown:
                self._made.append("```\n")

    def _item(self) -> None:
        level = max(len(self._lists) - 1, 0)
        mark = "- "
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}. "
        self._made.append("  " * min(level, 20) + mark)


def page_of(
    html: str, address: str = "", *, as_markdown: bool = True, whole: bool = False
) -> Page:
    """What a page says; without `whole`, menus, forms and such are left out.

    Raises:
        ValueError: it is too long.
    """
    if len(html) > MOST_HTML:
        raise ValueError(f"The page has more than {MOST_HTML} letters.")
    page = MarkedPage(address, as_markdown=as_markdown, whole=whole)
    page.feed(html)
    page.close()
    return page
