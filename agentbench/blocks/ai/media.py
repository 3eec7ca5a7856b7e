"""Blocks that make images and speech, and that listen."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.ai.asking import (
    Images,
    Model,
    Prompt,
    Values,
    filled,
    image_of,
    media_of,
    variables,
)
from agentbench.blocks.base import about, block
from agentbench.domain.context import Context
from agentbench.domain.model import PaintRequest, SpeakRequest, TranscribeRequest
from agentbench.domain.port import Image, LongText


@block(
    id="ai.paint",
    title="Make image",
    keywords=("image", "picture", "draw", "generate", "dall-e", "illustration", "edit"),
    effects="reads",
    outputs={
        "image": Annotated[Image, about("Each image that was made.")],
        "images": Annotated[list[Any], about("All of them.")],
    },
    more_inputs=variables("prompt", besides=("images", "size", "count", "model")),
)
async def paint(
    prompt: Prompt,
    *,
    images: Images = [],  # noqa: B006 - read, never changed
    size: Annotated[
        Literal["", "1024x1024", "1536x1024", "1024x1536", "512x512", "256x256"],
        about("Width and height; what the provider takes by default when empty."),
    ] = "",
    count: Annotated[
        int, pydantic.Field(ge=1, le=10), about("How many.", advanced=True)
    ] = 1,
    model: Model = "",
    values: Values = {},  # noqa: B006
    context: Context,
    **more: Any,
) -> AsyncIterator[tuple[str, Any]]:
    """Makes an image of words; with images to begin with, makes one of them."""
    given = [await context.in_thread(media_of, one, context) for one in images]
    request = PaintRequest(
        model=model,
        prompt=filled(prompt, {**values, **more}),
        images=tuple(given),
        size=size,
        count=count,
    )
    made = await context.models.paint(request)
    found = [await context.in_thread(image_of, one, "ai.paint") for one in made.media]
    for image in found:
        yield "image", image
    yield "images", found


@block(
    id="ai.speak",
    title="Speak",
    keywords=("speech", "voice", "audio", "tts", "text to speech", "read aloud", "mp3"),
    effects="reads",
)
async def speak(
    text: Annotated[LongText, about("What is spoken.")],
    *,
    voice: Annotated[str, about("Whose voice, as the provider names it.")] = "alloy",
    format: Annotated[
        Literal["mp3", "wav", "opus", "aac", "flac"],
        about("The kind of sound.", advanced=True),
    ] = "mp3",
    model: Model = "",
    context: Context,
) -> Annotated[bytes, about("The sound, as a file of that kind.")]:
    """Has a text read aloud."""
    if not text.strip():
        raise ValueError("'text' is empty; there is nothing to say.")
    request = SpeakRequest(model=model, text=text, voice=voice, format=format)
    return (await context.models.speak(request)).media[0].data


@block(
    id="ai.transcribe",
    title="Transcribe",
    keywords=("speech to text", "whisper", "audio", "recording", "dictation", "stt"),
    effects="reads",
)
async def transcribe(
    sound: Annotated[Any, about("A recording: the path of a file, or its bytes.")],
    *,
    language: Annotated[
        str, about("What is spoken, such as `en`; found out when empty.", advanced=True)
    ] = "",
    model: Model = "",
    context: Context,
) -> Annotated[str, about("What was said.")]:
    """Writes down what is said in a recording."""
    media = await context.in_thread(media_of, sound, context)
    request = TranscribeRequest(model=model, sound=media, language=language)
    return (await context.models.transcribe(request)).text
