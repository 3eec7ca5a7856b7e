"""What the blocks that think share: names of models, prompts with variables, images."""

import base64
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, library
from agentbench.blocks.base.sources import read_file
from agentbench.domain.bench import current_bench
from agentbench.domain.context import Context
from agentbench.domain.errors import ModelRefused
from agentbench.domain.function_block import Constants
from agentbench.domain.kind import IMAGE
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Media,
    Message,
    answer,
    says,
)
from agentbench.domain.picture import FORMATS
from agentbench.domain.port import LongText, Port


def _offer_models(schema: dict[str, Any]) -> None:
    """Names to choose from go into the form; any other may be written as well."""
    schema["format"] = "model"
    try:
        schema["examples"] = current_bench().model_names()
    except Exception:  # noqa: BLE001 - a form is no place to fail for want of suggestions
        schema["examples"] = []


Model = Annotated[
    str,
    pydantic.Field(
        description="Who is asked, as `provider:model`; the default model when empty.",
        json_schema_extra=_offer_models,
    ),
]
Prompt = Annotated[
    LongText,
    about("What is asked. Each `{{ name }}` in it becomes an input."),
]
System = Annotated[
    LongText,
    about("Who the model is, and what it keeps to throughout.", title="Instructions"),
]
Temperature = Annotated[
    float | None,
    pydantic.Field(
        ge=0,
        le=2,
        description="0 for the likeliest words, more for variety.",
        json_schema_extra={"advanced": True},
    ),
]
MaxTokens = Annotated[
    int | None,
    pydantic.Field(
        ge=1,
        description="Where an answer is cut off.",
        json_schema_extra={"advanced": True},
        title="Most tokens",
    ),
]
Images = Annotated[
    list[Any],
    about(
        "Images to look at: Pillow images, their bytes, or files by path.",
        advanced=True,
    ),
]
Values = Annotated[
    dict[str, Any],
    about("More values by name, for a prompt that is linked.", advanced=True),
]

_TYPES: Mapping[str, Any] = {
    "text": str,
    "number": float,
    "whole number": int,
    "boolean": bool,
    "list": list[Any],
    "dictionary": dict[str, Any],
    "anything": Any,
}
"""Words for types, in prompts and in the fields of an answer."""

_DECLARED = re.compile(r"\{#(.*?)#\}", re.DOTALL)


def typed(text: str) -> tuple[Any, str]:
    """The type that a description begins with (text when it names none), and the rest.

    `number: the price in euros` gives float and `the price in euros`.
    """
    word, colon, rest = text.partition(":")
    kind = _TYPES.get(word.strip().lower())
    if kind is not None and (colon or not rest):
        return kind, rest.strip()
    return str, text.strip()


def variables(*fields: str, besides: Iterable[str] = ()) -> Any:
    """An input for each variable of the prompts in these fields, for `more_inputs`.

    A comment such as `{# rows: list, price: number #}` gives them types.
    """
    taken = {*fields, *besides, "values", "context"}

    def ports(constants: Constants) -> list[Port]:
        found: dict[str, Port] = {}
        for field in fields:
            text = constants.get(field)
            if not isinstance(text, str) or "{" not in text:
                continue
            from agentbench.blocks.base.sandbox import variables_of

            kinds = _declared(text)
            for name in variables_of(text):
                if name not in taken:
                    help = f"Fills `{{{{ {name} }}}}` in the {field}."  # noqa: A001
                    kind = kinds.get(name, Any)
                    found[name] = Port(name=name, annotation=kind, help=help)
        return list(found.values())

    return ports


def _declared(text: str) -> dict[str, Any]:
    pairs = (
        part.partition(":")
        for comment in _DECLARED.findall(
            text[: text.rfind("#}") + 2]  # so that each one that opens also ends
        )
        for part in comment.split(",")
    )
    return {
        name.strip(): _TYPES[kind.strip()]
        for name, _, kind in pairs
        if kind.strip() in _TYPES
    }


def filled(prompt: str, values: Mapping[str, Any]) -> str:
    """The prompt with its values in it.

    Raises:
        TemplateError: it has a mistake, lacks a value, or makes too much.
    """
    if "{" not in prompt:
        return prompt
    from agentbench.blocks.base.sandbox import render

    return render(prompt, values)


async def opening(
    context: Context, system: str, prompt: str, images: Sequence[Any] = ()
) -> tuple[Message, ...]:
    """The messages with which a conversation begins."""
    media = [await context.in_thread(media_of, one, context) for one in images]
    first = (says("system", system),) if system.strip() else ()
    return (*first, says("user", prompt, media))


async def ask(
    context: Context, model: str, messages: Iterable[Message], **settings: Any
) -> ChatAnswer:
    """What the model answers; words that were withheld or cut off are told in the log.

    Raises:
        ModelError: it was not asked, or did not answer.
    """
    request = ChatRequest(model=model, messages=tuple(messages), **settings)
    given = await answer(context.models, request)
    if given.finish == "refused" and not given.text:
        reason = "its provider withheld the answer (content filter)."
        raise ModelRefused(given.model, reason)
    if given.finish == "length":
        context.log("The answer was cut off: it may have `max_tokens` tokens.")
    return given


def media_of(thing: Any, context: Context) -> Media:
    """An image, a sound or a document, of what it is given as; reads files.

    Raises:
        ValueError: it is nothing of the kind.
        FileNotFoundError: there is no such file.
    """
    if isinstance(thing, Media):
        return thing
    if isinstance(thing, str) and thing.startswith("data:"):
        head, _, encoded = thing.partition(",")
        kind = head.removeprefix("data:").partition(";")[0]
        return Media(kind, base64.b64decode(encoded))
    if isinstance(thing, (str, Path)):
        data = read_file(str(thing), context).data
        return Media(_kind(data, str(thing)), data)
    if isinstance(thing, (bytes, bytearray)):
        return Media(_kind(bytes(thing), "what was given"), bytes(thing))
    if is_image(thing):
        return png_of(thing)
    raise ValueError(
        f"A {type(thing).__name__} is no image or sound: give a Pillow image, bytes,"
        " or the path of a file."
    )


def is_image(thing: Any) -> bool:
    """Whether it is a Pillow image."""
    return IMAGE.matches(type(thing))


def png_of(image: Any) -> Media:
    """A Pillow image as a PNG."""
    out = io.BytesIO()
    image.save(out, format="PNG")
    return Media("image/png", out.getvalue())


def image_of(media: Media, what: str) -> Any:
    """A Pillow image of the bytes that a model gave."""
    pillow = library("PIL.Image", what, package="pillow")
    image = pillow.open(io.BytesIO(media.data), formats=FORMATS)
    image.load()
    return image


_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"WAVE", 8, "audio/wav"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"fLaC", 0, "audio/flac"),
    (b"ftyp", 4, "audio/mp4"),
    (b"\x1aE\xdf\xa3", 0, "audio/webm"),
    (b"%PDF", 0, "application/pdf"),
)


def _kind(data: bytes, name: str) -> str:
    for magic, at, kind in _MAGIC:
        if data[at : at + len(magic)] == magic:
            return kind
    raise ValueError(
        f"{name} is no image, sound or PDF that is known"
        " (PNG, JPEG, GIF, WebP, WAV, MP3, Ogg, FLAC, MP4, WebM)."
    )
