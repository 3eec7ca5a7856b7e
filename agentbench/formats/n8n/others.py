"""n8n's nodes that our blocks do the work of: time, texts, models, other workflows.

Facts: docs.n8n.io/integrations/builtin (core nodes, and cluster nodes for models).
"""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from agentbench.formats.base import Native
from agentbench.formats.n8n.expressions import at, valued

Items = list[dict[str, Any]]
Given = Mapping[str, Any]
Parameters = Mapping[str, Any]
Out = AsyncIterator[tuple[int, Items]]
Made = Callable[
    [Parameters, Mapping[str, Any], Given, Native], Awaitable[dict[str, Any]]
]
"""An item of another: from what the node says of it, the item, and all that came."""


def for_each(make: Made) -> Callable[[Parameters, Given, Native, str], Out]:
    """The work of a node that makes an item of each."""

    @functools.wraps(make)
    async def work(
        parameters: Parameters, given: Given, native: Native, credential: str
    ) -> Out:
        del credential
        yield (
            0,
            [
                await make(valued(parameters, item), item, given, native)
                for item in given["main_0"]
            ],
        )

    return work


_UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


async def wait(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> Out:
    """Gives what came, after a time; nothing is held while it waits."""
    del credential
    if parameters.get("resume", "timeInterval") != "timeInterval":
        raise ValueError(
            "Here a node waits for a time, not for a webhook, a form or a moment."
        )
    unit = str(parameters.get("unit", "hours"))
    await native.context.sleep(float(parameters.get("amount", 1)) * _UNITS[unit])
    yield 0, given["main_0"]


_FORMATS = {
    "yyyy": "%Y",
    "MMMM": "%B",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
}


@for_each
async def date_time(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """Each item with a moment that is worked out: now, moved, written otherwise, or its parts."""
    del given
    what = known.get("operation", "getCurrentDate")
    name = known.get("outputFieldName") or _MOMENTS.get(what, "newDate")
    return {**item, name: await _moment(what, known, native)}


_MOMENTS = {
    "getCurrentDate": "currentDate", "formatDate": "formattedDate", "getTimeBetweenDates": "timeDifference",
    "extractDate": "datePart",
}  # fmt: skip


async def _moment(what: str, known: Mapping[str, Any], native: Native) -> Any:
    if what == "getCurrentDate":
        form = "%Y-%m-%dT%H:%M:%S" if known.get("includeTime", True) else "%Y-%m-%d"
        return (await native.all("time.now", format=form))["result"]
    if what in ("addToDate", "subtractFromDate"):
        amount = float(known.get("duration", 0)) * (1 if what == "addToDate" else -1)
        unit = str(known.get("timeUnit", "days"))
        return (
            await native.all(
                "time.add", moment=known.get("magnitude"), amount=amount, unit=unit
            )
        )["result"]
    if what == "formatDate":
        form = str(known.get("format", "MM/dd/yyyy"))
        form = str(known.get("customFormat", "")) if form == "custom" else form
        for theirs, ours in _FORMATS.items():
            form = form.replace(theirs, ours)
        return (await native.all("time.format", moment=known.get("date"), format=form))[
            "result"
        ]
    if what == "extractDate":
        part = str(known.get("part", "month"))
        return (await native.all("time.parts", moment=known.get("date")))[part]
    if what == "getTimeBetweenDates":
        found = await native.all(
            "time.difference", first=known.get("startDate"), second=known.get("endDate")
        )
        units = known.get("units") or ["day"]
        return {f"{it}s": found["seconds"] / _UNITS[f"{it}s"] for it in units}
    raise ValueError(f"There is nothing here that does {what!r} to a date.")


@for_each
async def crypto(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """Each item with the hash of a text, or with a name that nothing else has."""
    del given
    action, name = (
        known.get("action", "hash"),
        str(known.get("dataPropertyName") or "data"),
    )
    if action == "generate":
        value = (await native.all("encode.id"))["result"]
    elif action == "hash" and known.get("encoding", "hex") == "hex":
        algorithm = str(known.get("type", "MD5")).lower()
        value = (
            await native.all(
                "encode.hash", data=str(known.get("value", "")), algorithm=algorithm
            )
        )["result"]
    else:
        raise ValueError(
            "Of `crypto` there is the hash in hex and `generate`; sign with `encode.sign`."
        )
    return {**item, name: value}


async def xml(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> Out:
    """Each item read from XML, or written as XML."""
    del credential
    name, made = str(parameters.get("dataPropertyName") or "data"), []
    for item in given["main_0"]:
        if parameters.get("mode", "xmlToJson") == "xmlToJson":
            made.append(
                (await native.all("formats.parse_xml", text=str(at(item, name))))[
                    "result"
                ]
            )
        else:
            value = item if len(item) == 1 else {"root": item}
            made.append(
                {name: (await native.all("formats.write_xml", value=value))["result"]}
            )
    yield 0, made


@for_each
async def markdown(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """Each item with Markdown of its HTML."""
    del given
    if known.get("mode", "htmlToMarkdown") != "htmlToMarkdown":
        raise ValueError("Markdown is made of HTML here, not HTML of Markdown.")
    found = await native.all(
        "web.html_to_text", html=str(known.get("html", "")), whole=True
    )
    return {**item, str(known.get("destinationKey") or "data"): found["result"]}


async def feed(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> Out:
    """The entries of a feed, an item each."""
    del credential
    found: Items = []
    for item in given["main_0"]:
        url = str(valued(parameters, item).get("url", ""))
        entries = (await native.all("web.feed", url=url, minutes=10_000_000))["entries"]
        found += entries
    yield 0, found


async def execute_workflow(
    parameters: Parameters, given: Given, native: Native, credential: str
) -> Out:
    """What another workflow gives, by its name in the library."""
    del credential
    native.refuse_off("agent.run")
    said = parameters.get("workflowId")
    named = (
        (said.get("cachedResultName") or said.get("value"))
        if isinstance(said, Mapping)
        else said
    )
    outputs = await native.context.run_agent(str(named), {"items": given["main_0"]})
    items: Items = []
    for values in outputs.values():
        for value in values:
            items += value if isinstance(value, list) else [value]
    yield 0, items


# ---- models ----------------------------------------------------------------

MODELS: Mapping[str, str] = {
    "lm_chat_open_ai": "openai",
    "lm_open_ai": "openai",
    "lm_chat_anthropic": "anthropic",
    "lm_chat_google_gemini": "google",
    "lm_chat_mistral_cloud": "mistral",
    "lm_chat_groq": "groq",
    "lm_chat_deep_seek": "deepseek",
    "lm_chat_open_router": "openrouter",
    "lm_chat_ollama": "ollama",
    "lm_ollama": "ollama",
}
"""The nodes that only name a model for others, and our name of its provider."""


def model_of(kind: str, parameters: Parameters) -> str:
    """The model that a node names, as `provider:model`; empty (the default) where it names none."""
    said = (
        parameters.get("model")
        or parameters.get("modelName")
        or parameters.get("modelId")
    )
    name = str(
        said.get("value", "") if isinstance(said, Mapping) else said or ""
    ).removeprefix("models/")
    return f"{MODELS[kind]}:{name}" if name else ""


def _literal(text: str) -> str:
    return (
        f"{{% raw %}}{text.replace('{% endraw', '{ % endraw')}{{% endraw %}}"
        if "{" in text
        else text
    )


async def _asked(native: Native, given: Given, prompt: str, system: str) -> str:
    model = str(given.get("ai_languageModel_0") or "")
    made = await native.all(
        "ai.generate", prompt=_literal(prompt), system=_literal(system), model=model
    )
    return str(made["text"])


def _prompt(known: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    is_given = known.get("promptType", "auto") == "define" or "promptType" not in known
    text = (known.get("text") or known.get("prompt")) if is_given else None
    return str(text or item.get("chatInput") or item.get("input") or "")


@for_each
async def chain(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """What a model answers, for each item."""
    rows = (known.get("messages") or {}).get("messageValues") or []
    system = "\n".join(str(it.get("message", "")) for it in rows)
    return {"text": await _asked(native, given, _prompt(known, item), system)}


@for_each
async def agent(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """What a model answers that has no tools, for each item."""
    system = str((known.get("options") or {}).get("systemMessage") or "")
    return {"output": await _asked(native, given, _prompt(known, item), system)}


@for_each
async def open_ai(
    known: Parameters, item: Mapping[str, Any], given: Given, native: Native
) -> dict[str, Any]:
    """What a model of OpenAI's answers, for each item."""
    del item, given
    if known.get("resource", "text") not in ("text", "chat") or known.get(
        "operation", "message"
    ) not in ("message", "complete"):
        raise ValueError("Of OpenAI's node, messages to a model are done here.")
    rows = (known.get("messages") or known.get("prompt") or {}).get("values") or []
    rows = rows or (known.get("prompt") or {}).get("messages") or []
    said = {"system": "", "user": ""}
    for row in rows:
        side = "system" if row.get("role") == "system" else "user"
        said[side] = f"{said[side]}\n{row.get('content', '')}".strip()
    model = model_of("lm_chat_open_ai", known)
    text = await _asked(
        native, {"ai_languageModel_0": model}, said["user"], said["system"]
    )
    return {"message": {"role": "assistant", "content": text}}
