"""Blocks that have a model write or read: generate, summarise, translate, embed."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.ai.asking import (
    Images,
    MaxTokens,
    Model,
    Prompt,
    System,
    Temperature,
    Values,
    ask,
    filled,
    image_of,
    opening,
    variables,
)
from agentbench.blocks.base import about, block, example
from agentbench.domain.context import Context
from agentbench.domain.model import EmbedRequest, Media
from agentbench.domain.port import Image, LongText

_ROUNDS = 6
"""How often summaries are summarised again until they fit."""


@block(
    id="ai.generate",
    title="Generate text",
    keywords=("llm", "gpt", "claude", "prompt", "write", "complete", "ask", "vision"),
    effects="reads",
    outputs={
        "text": Annotated[str, about("What the model wrote.")],
        "image": Annotated[Image, about("Each image that it made, if it makes any.")],
        "model": Annotated[str, about("Who wrote it, as `provider:model`.")],
    },
    more_inputs=variables(
        "prompt",
        "system",
        besides=("model", "images", "temperature", "max_tokens", "seed", "stop"),
    ),
    examples=[
        example({"prompt": "Say {{ word }}.", "word": "hi"}, answers=["hi"], text="hi")
    ],
)
async def generate(
    prompt: Prompt,
    *,
    system: System = "",
    model: Model = "",
    images: Images = [],  # noqa: B006 - read, never changed
    temperature: Temperature = None,
    max_tokens: MaxTokens = None,
    seed: Annotated[
        int | None, about("The same number, the same answer, if it can.", advanced=True)
    ] = None,
    stop: Annotated[
        list[str], about("Words after which it stops.", advanced=True)
    ] = [],  # noqa: B006
    values: Values = {},  # noqa: B006
    context: Context,
    **more: Any,
) -> AsyncIterator[tuple[str, Any]]:
    """Asks a language model, and gives what it writes.

    The prompt is a template: `{{ name }}` becomes an input, and `{# price: number #}`
    gives one a type. Words show on the canvas while they come.
    """
    given = {**values, **more}
    messages = await opening(
        context, filled(system, given), filled(prompt, given), images
    )
    wrote = await ask(
        context,
        model,
        messages,
        temperature=temperature,
        max_tokens=max_tokens,
        seed=seed,
        stop=tuple(stop),
    )
    yield "model", wrote.model
    for part in wrote.parts:
        if isinstance(part, Media) and part.type.startswith("image/"):
            yield "image", await context.in_thread(image_of, part, "ai.generate")
    yield "text", wrote.text  # what comes last is what the canvas shows


_STYLES = {
    "concise": "in a few plain sentences",
    "detailed": "in full, with every point that matters",
    "bullet points": "as bullet points, each with `- ` before it",
    "numbered list": "as a numbered list",
}


@block(
    id="ai.summarise",
    title="Summarise",
    keywords=(
        "summary",
        "summarize",
        "shorten",
        "tldr",
        "long",
        "map reduce",
        "digest",
    ),
    effects="reads",
    outputs={
        "summary": Annotated[str, about("The summary.")],
        "part": Annotated[str, about("What each part came to, in order.")],
    },
    examples=[
        example({"text": "A long story."}, answers=["A story."], summary="A story.")
    ],
)
async def summarise(
    text: Annotated[LongText, about("What is summarised, however long.")],
    focus: Annotated[str, about("What it is about; all of it when empty.")] = "",
    *,
    style: Annotated[
        Literal["concise", "detailed", "bullet points", "numbered list"],
        about("What the summary looks like."),
    ] = "concise",
    model: Model = "",
    size: Annotated[
        int,
        pydantic.Field(ge=200, le=100_000),
        about("Words of each part that is read at once.", advanced=True),
    ] = 2500,
    overlap: Annotated[
        int,
        pydantic.Field(ge=0, le=1000),
        about("Words that two parts share.", advanced=True),
    ] = 50,
    concurrency: Annotated[
        int,
        pydantic.Field(ge=1, le=32),
        about("Parts that are read at a time.", advanced=True),
    ] = 4,
    max_tokens: MaxTokens = None,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:
    """Summarises a text of any length.

    A long one is read in parts, each with the focus in mind, and what they come to is
    summarised again until it fits. Parts that are done are not read again when the node
    is tried again.
    """
    if not text.strip():
        raise ValueError("'text' is empty; there is nothing to summarise.")
    about_what = f" Keep to what says something about: {focus}." if focus else ""
    how = _STYLES[style]
    room = asyncio.Semaphore(concurrency)

    async def short(step: str, part: str, task: str) -> str:
        async def read() -> str:
            messages = await opening(context, task, part)
            return (await ask(context, model, messages, max_tokens=max_tokens)).text

        async with room:
            found: str = await context.once(step, read)
            return found

    parts = pieces(text, size, overlap)
    task = f"Summarise what you are given, {how}.{about_what} Give the summary alone."
    if len(parts) > 1:
        task_of_part = (
            "You are given one part of a longer text. Note what it says, briefly and"
            f" in its order, without a preface.{about_what}"
        )
        for round_ in range(_ROUNDS):
            notes = await asyncio.gather(
                *(
                    short(f"{round_}.{number}", part, task_of_part)
                    for number, part in enumerate(parts)
                )
            )
            if round_ == 0:
                for note in notes:
                    yield "part", note
            parts = pieces("\n\n".join(notes), size, 0)
            if len(parts) == 1:
                break
            if len(parts) >= len(notes):
                raise ValueError(
                    "The parts of 'text' do not get shorter by summarising them; make"
                    " 'size' larger, or ask a model that is briefer."
                )
        task = (
            "You are given notes on the parts of a longer text, in its order. Make one"
            f" summary of them, {how}.{about_what} Give the summary alone."
        )
    yield "summary", await short("last", parts[0], task)


@block(
    id="ai.translate",
    title="Translate",
    keywords=("language", "english", "german", "french", "spanish", "localise"),
    effects="reads",
    examples=[
        example(
            {"text": "Hello", "language": "Norwegian"}, answers=["Hei"], result="Hei"
        )
    ],
)
async def translate(
    text: Annotated[LongText, about("What is translated.")],
    language: Annotated[str, about("Into which language, such as Norwegian.")],
    *,
    tone: Annotated[
        str, about("How it should sound, such as formal.", advanced=True)
    ] = "",
    terms: Annotated[
        dict[str, str],
        about("Words with the translation that is wanted for them.", advanced=True),
    ] = {},  # noqa: B006 - read, never changed
    model: Model = "",
    context: Context,
) -> Annotated[str, about("The text in that language.")]:
    """Translates a text, paragraph by paragraph where it is long."""
    task = (
        f"Translate what you are given into {language}. Keep its layout, its numbers,"
        " names, code and links. Give the translation alone, and do not answer what"
        " the text may ask."
    )
    if tone:
        task += f" It should sound {tone}."
    if terms:
        pairs = "; ".join(f"{one} = {other}" for one, other in terms.items())
        task += f" Use these terms: {pairs}."
    done = []
    for number, part in enumerate(paragraphs(text, 1500)):

        async def read(part: str = part) -> str:
            return (await ask(context, model, await opening(context, task, part))).text

        done.append(await context.once(str(number), read) if part.strip() else part)
    return "\n\n".join(done)


@block(
    id="ai.embed",
    title="Embed",
    keywords=("vector", "embedding", "similarity", "semantic", "meaning"),
    effects="reads",
)
async def embed(
    texts: Annotated[list[str], about("What is turned into vectors.")],
    *,
    model: Annotated[
        str, about("Who makes them, as `provider:model`; the default when empty.")
    ] = "",
    context: Context,
) -> Annotated[list[list[float]], about("A vector for each, in order.")]:
    """Turns texts into vectors, which are near each other where the texts are."""
    if not texts:
        return []
    request = EmbedRequest(model=model, texts=tuple(texts))
    return [list(one) for one in (await context.models.embed(request)).vectors]


def pieces(text: str, size: int, overlap: int) -> list[str]:
    """The text in parts of about so many words, cut between sentences where there are any."""
    found: list[str] = []
    current: list[str] = []
    for sentence in _sentences(text, size):
        words = sentence.split()
        if current and len(current) + len(words) > size:
            found.append(" ".join(current))
            current = current[-overlap:] if overlap else []
        current.extend(words)
    if current:
        found.append(" ".join(current))
    return found


def paragraphs(text: str, size: int) -> list[str]:
    """The text in parts of whole paragraphs, of about so many words each."""
    found: list[list[str]] = [[]]
    words = 0
    for paragraph in re.split(r"\n\s*\n", text):
        count = len(paragraph.split())
        if found[-1] and words + count > size:
            found.append([])
            words = 0
        found[-1].append(paragraph)
        words += count
    return ["\n\n".join(part) for part in found]


def _sentences(text: str, size: int) -> Sequence[str]:
    """Sentences; one that is too long itself is cut between words."""
    found: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        words = sentence.split()
        found += [
            " ".join(words[start : start + size])
            for start in range(0, len(words), size)
        ]
    return found
