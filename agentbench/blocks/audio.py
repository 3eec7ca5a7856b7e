"""Blocks for sound: what a recording is, and notes of what is said in it."""

import io
import wave
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.sources import source_of
from agentbench.domain.context import Context
from agentbench.domain.model import Media, TranscribeRequest

_TICK = (
    "data:audio/wav;base64,UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQgAAAAAAAAAAAAAAA=="
)  # fmt: skip
"""Four samples of silence, for the example."""
_Sound = Annotated[
    str | bytes, about("The recording: a path in the workspace, a data: URI, an address, bytes.")
]  # fmt: skip


@block(
    id="audio.info",
    title="Sound info",
    keywords=(
        "duration",
        "length",
        "wav",
        "recording",
        "seconds",
        "sample rate",
        "channels",
    ),
    effects="reads",
    outputs={
        "seconds": Annotated[float, about("How long it is.")],
        "rate": Annotated[int, about("Samples in a second.")],
        "channels": Annotated[int, about("1 for mono, 2 for stereo.")],
    },
    examples=[example({"sound": _TICK}, seconds=0.0005, rate=8000, channels=1)],
)
async def info(sound: _Sound, *, context: Context) -> dict[str, Any]:
    """Says how long a recording is; of WAV only."""
    found = await source_of(sound, context, port="sound")
    try:
        with wave.open(io.BytesIO(found.data)) as file:
            rate, channels, frames = (
                file.getframerate(),
                file.getnchannels(),
                file.getnframes(),
            )
    except (wave.Error, EOFError) as error:
        raise ValueError(f"'sound' is no WAV that can be read: {error}.") from error
    return {"seconds": frames / rate, "rate": rate, "channels": channels}


@block(
    id="audio.note",
    title="Audio note",
    keywords=(
        "voice memo",
        "dictation",
        "transcribe",
        "speech to text",
        "recording",
        "meeting",
    ),
    effects="reads",
    cost="what the model asks for a minute",
    outputs={
        "text": Annotated[str, about("What was said.")],
        "note": Annotated[
            dict[str, Any], about("`text`, `name` of the recording, `bytes`.")
        ],
    },
)
async def note(
    sound: _Sound,
    *,
    language: Annotated[str, pydantic.Field(max_length=20), about("Such as `en`; heard when empty.")] = "",
    model: Annotated[str, about("Which model, as `provider:model`; the default when empty.")] = "",
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Writes down what is said in a recording of the workspace, as a note."""
    found = await source_of(sound, context, port="sound")
    media = Media(found.kind, found.data)
    request = TranscribeRequest(model=model, sound=media, language=language)
    given = await context.models.transcribe(request)
    text = given.text
    return {
        "text": text,
        "note": {"text": text, "name": found.name, "bytes": len(found.data)},
    }
