"""What encyclopaedias, search engines and weather stations know."""

from typing import Annotated, Any, Literal
from urllib.parse import quote

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.answers import Refused, body_of
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName, placeholder
from agentbench.domain.example import Example


@block(
    id="web.wikipedia",
    title="Look up in Wikipedia",
    keywords=("encyclopedia", "summary", "knowledge", "facts", "topic", "wiki"),
    effects="reads",
    outputs={
        "summary": Annotated[str, about("What it says first about the topic.")],
        "title": Annotated[str, about("What the article is called.")],
        "url": Annotated[str, about("Where the article is.")],
    },
    examples=[
        example(
            {"topic": "Oslo"},
            summary="Oslo is the capital of Norway.",
            title="Oslo",
            url="https://en.wikipedia.org/wiki/Oslo",
        )
    ],
)
async def wikipedia(
    topic: Annotated[str, about("What an article is about.")],
    *,
    language: Annotated[
        str, pydantic.Field(pattern="[a-z]{2,12}"), about("Such as `en`, `de`, `no`.")
    ] = "en",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Gives the first lines of an article in Wikipedia."""
    base = base_url or f"https://{language}.wikipedia.org"
    name = quote(topic.strip().replace(" ", "_"), safe="")
    if not name:
        raise ValueError("'topic' is empty.")
    place = f"{base.rstrip('/')}/api/rest_v1/page/summary/{name}"
    response = await context.outbound.request("GET", place, params={"redirect": "true"})
    if response.status == 404:
        raise LookupError(f"Wikipedia ({language}) has no article on {topic!r}.")
    if not response.is_success:
        raise Refused("GET", response)
    found = body_of(response)
    links = found.get("content_urls", {}).get("desktop", {})
    return {
        "summary": found.get("extract", ""),
        "title": found.get("title", topic),
        "url": links.get("page", ""),
    }


@block(
    id="web.weather",
    title="Weather",
    keywords=(
        "temperature",
        "forecast",
        "rain",
        "humidity",
        "openweathermap",
        "climate",
    ),
    effects="reads",
    cost="free of charge within the limits of OpenWeather's plan",
    outputs={
        "temperature": Annotated[str, about("In degrees.")],
        "humidity": Annotated[str, about("In per cent.")],
        "condition": Annotated[str, about("In words.")],
    },
    examples=[
        example(
            {"location": "Oslo", "credential": "openweather"},
            temperature="21.5",
            humidity="40",
            condition="clear sky",
        )
    ],
)
async def weather(
    location: Annotated[str, about("A place, such as `Oslo` or `Oslo,NO`.")],
    credential: Annotated[
        str,
        CredentialName("api_key", "header", hosts=("api.openweathermap.org",)),
        about("The credential for OpenWeather."),
    ],
    *,
    celsius: Annotated[bool, about("Otherwise Fahrenheit.")] = True,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Says what the weather is like somewhere now, as OpenWeather knows it."""
    base = (base_url or "https://api.openweathermap.org").rstrip("/")
    response = await context.outbound.request(
        "GET",
        f"{base}/data/2.5/weather",
        params={"q": location, "units": "metric" if celsius else "imperial"},
        headers={"x-api-key": placeholder(credential)},
        credential=credential,
    )
    if not response.is_success:
        raise Refused("GET", response)
    found = body_of(response)
    main, first = found.get("main", {}), (found.get("weather") or [{}])[0]
    return {
        "temperature": str(main.get("temp", "")),
        "humidity": str(main.get("humidity", "")),
        "condition": str(first.get("description", "")),
    }


_WOLFRAM = Api("https://www.wolframalpha.com")


@block(
    id="web.wolfram",
    title="Ask Wolfram|Alpha",
    keywords=("calculate", "math", "units", "science", "facts", "compute", "wolfram alpha"),
    effects="reads",
    cost="free of charge within the limits of Wolfram's plan",
    outputs={"answer": Annotated[str, about("What it found, as text for a prompt.")]},
    examples=[
        example({"question": "2 + 2", "credential": "wolfram"}, answer="Query: \"2 + 2\"\nResult: 4")
    ],
)  # fmt: skip
async def wolfram(
    question: Annotated[str, about("What is to be known or computed, in English.")],
    credential: Annotated[
        str,
        CredentialName("api_key", hosts=("www.wolframalpha.com",)),
        about("An AppID of Wolfram|Alpha for its LLM API."),
    ],
    *,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Has Wolfram|Alpha compute or look up an answer."""
    if not question.strip():
        raise ValueError("'question' is empty.")
    found = await _WOLFRAM.call(
        context, "GET", "/api/v1/llm-api", credential=credential, base_url=base_url,
        params={"input": question},
    )  # fmt: skip
    return {"answer": found if isinstance(found, str) else str(found)}


Provider = Literal["jina", "brave", "tavily", "serper", "searxng"]
_JINA = Api("https://s.jina.ai", headers={"accept": "application/json"})
_TAVILY = Api("https://api.tavily.com")


@block(
    id="web.search",
    title="Search the web",
    keywords=("google", "find", "jina", "brave", "tavily", "serper", "searxng", "engine"),
    effects="reads",
    cost="what the provider asks for a search",
    outputs={
        "text": Annotated[str, about("What was found, as text for a prompt.")],
        "results": Annotated[list[dict[str, str]], about("`title`, `url` and `text` of each.")],
        "urls": Annotated[list[str], about("Their addresses.")],
    },
    examples=[
        example(
            {"query": "tea", "provider": provider, "credential": "search", "count": 1},
            results=[{"title": "Tea", "url": "https://example.com/tea", "text": "All about tea"}],
        )
        for provider in ("jina", "brave", "tavily", "serper")
    ]
    + [
        Example(
            inputs={"query": "tea", "provider": "searxng", "base_url": "https://searx.example.com"},
            outputs={"urls": [["https://example.com/tea"]]},
        )
    ],
)  # fmt: skip
async def search(
    query: Annotated[str, about("What is looked for.")],
    provider: Annotated[Provider, about("Who searches.", shown=True)] = "jina",
    *,
    credential: Annotated[
        str,
        CredentialName("api_key", "header", hosts=("s.jina.ai", "api.search.brave.com", "api.tavily.com", "google.serper.dev")),
        about("The credential for that provider; SearXNG needs none."),
    ] = "",
    count: Annotated[int, pydantic.Field(ge=1, le=50), about("How many results.")] = 5,
    base_url: Annotated[str, about("Where the provider is, if elsewhere; SearXNG needs it.", advanced=True)] = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Searches the web with the provider of your choice."""
    if not query.strip():
        raise ValueError("'query' is empty.")
    found = await _SEARCHES[provider](context, query, count, credential, base_url)
    results = [_result(one) for one in found[:count] if isinstance(one, dict)]
    shown = "\n\n".join(
        f"{one['title']}\n{one['url']}\n{one['text']}".strip() for one in results
    )
    return {"text": shown, "results": results, "urls": [one["url"] for one in results]}


def _result(found: dict[str, Any]) -> dict[str, str]:
    names = ("content", "description", "snippet", "text")
    text = next((found[name] for name in names if found.get(name)), "")
    place = found.get("url") or found.get("link") or ""
    return {
        "title": str(found.get("title") or ""),
        "url": str(place),
        "text": str(text)[:5000],
    }


async def _jina(
    context: Context, query: str, count: int, credential: str, base: str
) -> list[Any]:
    del count
    path = f"/{quote(query, safe='')}"
    got = await _JINA.call(context, "GET", path, credential=credential, base_url=base)
    return list(got.get("data") or [])


async def _brave(
    context: Context, query: str, count: int, credential: str, base: str
) -> list[Any]:
    place = f"{(base or 'https://api.search.brave.com').rstrip('/')}/res/v1/web/search"
    params = {"q": query, "count": count}
    got = await _asked_with_key(
        context, "GET", place, "x-subscription-token", credential, params=params
    )
    return list((got.get("web") or {}).get("results") or [])


async def _tavily(
    context: Context, query: str, count: int, credential: str, base: str
) -> list[Any]:
    body = {"query": query, "max_results": count}
    got = await _TAVILY.call(
        context, "POST", "/search", credential=credential, base_url=base, body=body
    )
    return list(got.get("results") or [])


async def _serper(
    context: Context, query: str, count: int, credential: str, base: str
) -> list[Any]:
    place = f"{(base or 'https://google.serper.dev').rstrip('/')}/search"
    body = {"q": query, "num": count}
    got = await _asked_with_key(
        context, "POST", place, "x-api-key", credential, body=body
    )
    return list(got.get("organic") or [])


async def _searxng(
    context: Context, query: str, count: int, credential: str, base: str
) -> list[Any]:
    del count
    if not base:
        raise ValueError(
            "'base_url' is empty: SearXNG is a server of your own; say where."
        )
    params = {"q": query, "format": "json"}
    got = await Api(base).call(
        context, "GET", "/search", credential=credential, params=params
    )
    return list(got.get("results") or [])


async def _asked_with_key(
    context: Context, method: str, url: str, header: str, credential: str, **more: Any
) -> Any:
    """An answer to a request whose key stands in a header of its own."""
    response = await context.outbound.request(
        method, url, headers={header: placeholder(credential)} if credential else {}, credential=credential, **more
    )  # fmt: skip
    if not response.is_success:
        raise Refused(method, response)
    return body_of(response)


_SEARCHES = {
    "jina": _jina,
    "brave": _brave,
    "tavily": _tavily,
    "serper": _serper,
    "searxng": _searxng,
}
