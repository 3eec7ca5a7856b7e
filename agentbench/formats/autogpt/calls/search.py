"""Who searches and reads the web for others: Exa and Firecrawl.

Facts: docs.exa.ai/reference (search, contents, answer, context, research), and
docs.firecrawl.dev/api-reference (v2).
"""

from collections.abc import Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, Sent, given_of, until
from agentbench.formats.base import Native

EXA = Api("https://api.exa.ai", header="x-api-key", scheme="")
_FIRECRAWL = Api("https://api.firecrawl.dev/v2")

# ---- Exa -------------------------------------------------------------------

_SIFTED = (
    "numResults<number_of_results includeDomains<include_domains excludeDomains<exclude_domains"
    " startCrawlDate<start_crawl_date endCrawlDate<end_crawl_date"
    " startPublishedDate<start_published_date endPublishedDate<end_published_date"
    " includeText<include_text excludeText<exclude_text moderation contents<asked"
)
_FOUND = (
    "results; result*<results; context; cost_dollars<costDollars; request_id<requestId"
)


def _contents(given: Given) -> dict[str, Any]:
    """What of each page is wanted, as Exa has it."""
    return {
        "asked": _wanted(
            given["contents"] if isinstance(given["contents"], Mapping) else {}
        )
    }


def _wanted(asked: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "livecrawl_timeout": "livecrawlTimeout",
        "subpage_target": "subpageTarget",
        "max_characters": "maxCharacters",
        "include_html_tags": "includeHtmlTags",
        "num_sentences": "numSentences",
        "highlights_per_url": "highlightsPerUrl",
        "image_links": "imageLinks",
    }
    made: dict[str, Any] = {}
    for name, value in asked.items():
        if name == "discriminator" or value in (None, "", [], {}):
            continue
        inner = _wanted(value) if isinstance(value, Mapping) else value
        if isinstance(value, Mapping) and value.get("discriminator"):
            inner = False if value["discriminator"] == "disabled" else inner or True
        made[names.get(name, name)] = inner
    return {name: it for name, it in made.items() if it is not False and it != {}}


def _pages(given: Given) -> dict[str, Any]:
    names = (
        "highlights",
        "summary",
        "livecrawl",
        "livecrawl_timeout",
        "subpages",
        "subpage_target",
        "extras",
    )
    return {"more": _wanted({it: given[it] for it in names})}


async def contents(given: Given, native: Native) -> Stream:
    """What is on pages that are known by their addresses or by Exa's ids."""
    body = {**_pages(given)["more"], "text": bool(given["text"])}
    for name in ("urls", "ids"):
        if given[name]:
            body[name] = given[name]
    answer = await EXA.ask(
        native, given, "POST", "/contents", Sent(body=body), timeout=120
    )
    for pair in given_of(f"{_FOUND}; statuses", answer, given):
        yield pair


_RESEARCH = "/research/v1"
_LEARNT = "output_content<output.content; output_parsed<output.parsed; cost_total<costDollars.total"


def _is_over(answer: Any) -> bool:
    return answer.get("status") in ("completed", "failed", "canceled")


async def create_research(given: Given, native: Native) -> Stream:
    """Has Exa look into something, and waits for it if told to."""
    body = {
        "instructions": given["instructions"],
        "model": given["model"] or "exa-research",
    }
    if given["output_schema"]:
        body["outputSchema"] = given["output_schema"]
    answer = await EXA.ask(
        native, given, "POST", _RESEARCH, Sent(body=body), once="start"
    )
    place, passed = f"{_RESEARCH}/{answer['researchId']}", None
    if given["wait_for_completion"]:
        asked = until(lambda: EXA.ask(native, given, "GET", place), _is_over,
                      every=5, most=given["polling_timeout"])  # fmt: skip
        async for answer, passed in asked:  # noqa: B007
            pass
    gives = f"research_id<researchId; status; model; instructions; created_at<createdAt; {_LEARNT}"
    for pair in given_of(gives, answer, given):
        yield pair
    if passed is not None:
        yield "elapsed_time", passed


async def wait_for_research(given: Given, native: Native) -> Stream:
    """Waits until what Exa looks into is done, or the time is up."""
    answer: dict[str, Any] = {}
    place, passed, is_late = (
        f"{_RESEARCH}/{given['research_id']}",
        0.0,
        False,
    )
    try:
        asked = until(lambda: EXA.ask(native, given, "GET", place), _is_over,
                      every=given["check_interval"], most=given["timeout"])  # fmt: skip
        async for answer, passed in asked:  # noqa: B007
            pass
    except TimeoutError:
        is_late = True
    for pair in given_of(
        f"research_id<researchId; final_status<status; {_LEARNT}", answer, given
    ):
        yield pair
    yield "elapsed_time", passed
    yield "timed_out", is_late


# ---- Firecrawl -------------------------------------------------------------

_SCRAPED = "markdown; html; raw_html<rawHtml; links; screenshot; json_data<json; change_tracking<changeTracking"


def _formats(given: Given) -> list[Any]:
    whole = {"type": "screenshot", "fullPage": True}
    return [
        whole if it == "screenshot@fullPage" else it
        for it in given["formats"] or ["markdown"]
    ]


def _options(given: Given) -> dict[str, Any]:
    return {
        "formats": _formats(given),
        "onlyMainContent": given.get("only_main_content", True),
        "maxAge": given["max_age"],
        "waitFor": given["wait_for"],
    }


def _is_whole(given: Given) -> bool:
    return "screenshot@fullPage" in (given["formats"] or ())


async def scrape(given: Given, native: Native) -> Stream:
    """What is on a page, in the wanted forms."""
    body = {"url": given["url"], **_options(given)}
    answer = await _FIRECRAWL.ask(
        native, given, "POST", "/scrape", Sent(body=body), timeout=120
    )
    data = answer["data"]
    yield "data", data
    for port, value in given_of(_SCRAPED, data, given):
        yield (
            "screenshot_full_page"
            if port == "screenshot" and _is_whole(given)
            else port,
            value,
        )


async def crawl(given: Given, native: Native) -> Stream:
    """What is on the pages of a site."""
    body = {
        "url": given["url"],
        "limit": given["limit"],
        "scrapeOptions": _options(given),
    }
    started = await _FIRECRAWL.ask(
        native, given, "POST", "/crawl", Sent(body=body), once="start"
    )
    found: list[Any] = []
    answer: dict[str, Any] = {}
    place = f"/crawl/{started['id']}"
    async for answer, _ in until(  # noqa: B007
        lambda: _FIRECRAWL.ask(native, given, "GET", place),
        lambda it: it["status"] in ("completed", "failed", "cancelled"), every=2, most=1800,
    ):  # fmt: skip
        pass
    if answer["status"] != "completed":
        raise RuntimeError(f"Firecrawl's crawl ended {answer['status']}.")
    while True:
        found += answer.get("data") or []
        if not answer.get("next") or len(found) >= given["limit"]:
            break
        answer = await _FIRECRAWL.ask(native, given, "GET", answer["next"])
    yield "data", found
    for page in found:
        for port, value in given_of(_SCRAPED, page, given):
            yield (
                "screenshot_full_page"
                if port == "screenshot" and _is_whole(given)
                else port,
                value,
            )


async def extract(given: Given, native: Native) -> Stream:
    """What a model finds on pages."""
    body = {"urls": given["urls"], "enableWebSearch": given["enable_web_search"]}
    if given["prompt"]:
        body["prompt"] = given["prompt"]
    if given["output_schema"]:
        body["schema"] = given["output_schema"]
    answer = await _FIRECRAWL.ask(
        native, given, "POST", "/extract", Sent(body=body), once="start"
    )
    if answer.get("id"):
        place = f"/extract/{answer['id']}"
        async for answer, _ in until(  # noqa: B007
            lambda: _FIRECRAWL.ask(native, given, "GET", place),
            lambda it: it.get("status") in ("completed", "failed", "cancelled"), every=2, most=600,
        ):  # fmt: skip
            pass
    if answer.get("status", "completed") != "completed":
        raise RuntimeError(f"Firecrawl's extraction ended {answer['status']}.")
    yield "data", answer.get("data") or {}


async def find(given: Given, native: Native) -> Stream:
    """What a search finds, with the pages in the wanted forms."""
    body: dict[str, Any] = {"query": given["query"], "limit": given["limit"]}
    if given["formats"]:
        body["scrapeOptions"] = {
            "formats": _formats(given), "maxAge": given["max_age"], "waitFor": given["wait_for"],
        }  # fmt: skip
    answer = await _FIRECRAWL.ask(
        native, given, "POST", "/search", Sent(body=body), timeout=120
    )
    data = answer["data"]
    yield "data", data
    for site in data.get("web") or [] if isinstance(data, Mapping) else data:
        yield "site", site


SEARCH: Mapping[str, Work] = {
    "ExaSearchBlock": EXA.post("/search", f"query type category userLocation<user_location {_SIFTED}",
        _FOUND.replace("; request_id<requestId", "")
        + "; search_type<searchType; resolved_search_type<resolvedSearchType", taken=_contents, effects="reads"),
    "ExaFindSimilarBlock": EXA.post("/findSimilar", f"url {_SIFTED}", _FOUND, taken=_contents, effects="reads"),
    "ExaContentsBlock": EXA.block(contents, "reads"),
    "ExaAnswerBlock": EXA.post("/answer", "query text", "answer; citations; citation*<citations", effects="reads"),
    "ExaCodeContextBlock": EXA.post("/context", "query tokensNum<tokens_num", "request_id<requestId; query; response;"
        " results_count<resultsCount; cost_dollars<to_string(costDollars); search_time<searchTime;"
        " output_tokens<outputTokens", effects="reads"),
    "ExaCreateResearchBlock": EXA.block(create_research),
    "ExaWaitForResearchBlock": EXA.block(wait_for_research, "reads"),
    "ExaGetResearchBlock": EXA.get(f"{_RESEARCH}/{{research_id}}", "events<include_events",
        "research_id<researchId; status; instructions; model; created_at<createdAt; finished_at<finishedAt;"
        f" {_LEARNT}; cost_searches<costDollars.numSearches; cost_pages<costDollars.numPages;"
        " cost_reasoning_tokens<costDollars.reasoningTokens; error_message<error; events"),
    "ExaListResearchBlock": EXA.get(_RESEARCH, "cursor limit", "research_tasks<data; research_task*<data;"
        " has_more<hasMore; next_cursor<nextCursor"),
    "FirecrawlScrapeBlock": _FIRECRAWL.block(scrape, "reads"),
    "FirecrawlCrawlBlock": _FIRECRAWL.block(crawl, "reads"),
    "FirecrawlExtractBlock": _FIRECRAWL.block(extract, "reads"),
    "FirecrawlSearchBlock": _FIRECRAWL.block(find, "reads"),
    "FirecrawlMapWebsiteBlock": _FIRECRAWL.post("/map", "url", "links<links[].url; results<links", effects="reads"),
}  # fmt: skip
