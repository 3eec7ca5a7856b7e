"""Pages as text, and feeds as entries."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import Refused
from agentbench.blocks.base.page import page_of
from agentbench.blocks.web.feeds import entries_of
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

_Url = Annotated[str, about("Where: https://… or http://…", title="URL")]
_PAGE = "<html><head><title>Tea</title></head><body><h1>Tea</h1><p>Hot <b>water</b>.</p><nav>Menu</nav></body></html>"
_FEED_TYPES = (
    "application/rss+xml",
    "application/atom+xml",
    "text/xml",
    "application/xml",
)


@block(
    id="web.read_page",
    title="Read web page",
    keywords=("scrape", "html", "markdown", "text", "article", "content", "crawl", "website"),
    effects="reads",
    outputs={
        "result": Annotated[str, about("What the page says.")],
        "title": Annotated[str, about("Its title.")],
        "links": Annotated[list[dict[str, str]], about("Its links: `text` and `url`.")],
        "url": Annotated[str, about("Where it was found in the end.")],
    },
    examples=[
        example(
            {"url": "https://example.com/page"},
            result="# Tea\n\nHot **water**, see [more](https://example.com/more).",
            title="Tea",
            links=[{"text": "more", "url": "https://example.com/more"}],
        ),
        example({"url": "https://example.com/page", "form": "text"}, result="Tea\n\nHot water, see more."),
    ],
)  # fmt: skip
async def read_page(
    url: _Url,
    *,
    form: Annotated[Literal["Markdown", "text"], about("How it is written.")] = "Markdown",
    raw: Annotated[bool, about("The page itself, as it came.")] = False,
    whole: Annotated[bool, about("Also menus, forms and footers.", advanced=True)] = False,
    credential: Annotated[
        str, CredentialName(), about("The name of a credential, for pages that want one.", advanced=True)
    ] = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Reads a web page as text or Markdown; its scripts do not run.

    What only a browser would show is not there.
    """
    accept = {"accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1"}
    response = await context.outbound.request(
        "GET", url, headers=accept, credential=credential
    )
    if not response.is_success:
        raise Refused("GET", response)
    text = response.text
    if raw or "<" not in text[:1000]:
        return {"result": text, "title": "", "links": [], "url": response.url}
    page = await context.in_thread(
        lambda: page_of(text, response.url, as_markdown=form == "Markdown", whole=whole)
    )
    return {
        "result": page.said(),
        "title": page.title,
        "links": page.links,
        "url": response.url,
    }


@block(
    id="web.html_to_text",
    title="HTML to text",
    keywords=("markdown", "strip tags", "convert", "clean", "plain text", "markup"),
    outputs={
        "result": Annotated[str, about("What it says.")],
        "title": Annotated[str, about("The title of the page, if it has one.")],
        "links": Annotated[list[dict[str, str]], about("Its links: `text` and `url`.")],
    },
    examples=[
        example({"html": _PAGE}, result="# Tea\n\nHot **water**.", title="Tea"),
        example({"html": "<ul><li>a</li><li>b</li></ul>"}, result="- a\n- b"),
        example({"html": "<b>a</b>", "form": "text"}, result="a"),
    ],
)
def html_to_text(
    html: Annotated[LongText, about("HTML: a page or a part of one.")],
    *,
    form: Annotated[Literal["Markdown", "text"], about("How it is written.")] = "Markdown",
    whole: Annotated[bool, about("Also menus, forms and footers.", advanced=True)] = False,
    base: Annotated[str, about("The address of the page, for links without a host.", advanced=True)] = "",
) -> dict[str, Any]:  # fmt: skip
    """Turns HTML into Markdown or plain text; nothing in it is fetched or run."""
    page = page_of(html, base, as_markdown=form == "Markdown", whole=whole)
    return {"result": page.said(), "title": page.title, "links": page.links}


@block(
    id="web.feed",
    title="Read feed",
    keywords=("rss", "atom", "news", "blog", "podcast", "subscribe", "entries"),
    effects="reads",
    outputs={
        "entry": Annotated[dict[str, Any], about("Each entry: `title`, `link`, `description`, `pub_date`, `author`, `categories`.")],
        "entries": Annotated[list[dict[str, Any]], about("All entries of one reading.")],
    },
    examples=[
        Example(
            inputs={"url": "https://example.com/feed", "minutes": 0},
            outputs={"entry": [
                {"title": "First", "link": "https://example.com/1", "description": "Hello",
                 "pub_date": "2024-01-31T15:30:00+00:00", "author": "Ada", "categories": ["a"], "id": "1"},
                {"title": "", "link": "", "description": "No date", "pub_date": "", "author": "",
                 "categories": [], "id": ""},
            ]},
        )
    ],
)  # fmt: skip
async def feed(
    url: _Url,
    minutes: Annotated[int, pydantic.Field(ge=0), about("Only what is so young; 0 for all.")] = 1440,
    *,
    keep_reading: Annotated[bool, about("Look again and again, until the run is stopped.")] = False,
    every: Annotated[float, pydantic.Field(ge=1), about("Seconds between two looks.")] = 300,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads an RSS or Atom feed. An entry without a date is taken for new.

    Looking again and again, it gives each entry once.
    """
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)
    seen: set[str] = set()
    while True:
        found = await _entries(url, context)
        fresh = [
            entry
            for entry in found
            if not minutes or not entry["pub_date"] or _moment(entry) >= since
        ]
        new = [entry for entry in fresh if _name(entry) not in seen]
        seen.update(map(_name, new))
        for entry in new:
            yield "entry", entry
        yield "entries", new
        if not keep_reading:
            return
        await asyncio.sleep(every)


async def _entries(url: str, context: Context) -> list[dict[str, Any]]:
    accept = {"accept": f"{', '.join(_FEED_TYPES)};q=0.9, */*;q=0.1"}
    response = await context.outbound.request(
        "GET", url, headers=accept, max_bytes=10_000_000
    )
    if not response.is_success:
        raise Refused("GET", response)
    found: list[dict[str, Any]] = await context.in_thread(
        entries_of, response.content, response.url
    )
    return found


def _moment(entry: dict[str, Any]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(entry["pub_date"])


def _name(entry: dict[str, Any]) -> str:
    return entry["id"] or entry["link"] or f"{entry['title']} {entry['description']}"
