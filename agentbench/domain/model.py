"""Model: what is said to a language model and what it says, in our own words.

These are the stored forms: recordings, conversations and logs hold them, whatever
library speaks to the provider. Structs become JSON by `msgspec`, bytes in it base64.

`Models` is the one seam. A provider, a layer that waits and tries again, a recording and
the engine's account of a firing all have this face, and wrap one another:

    blocks → account of the firing → checked answers → (record, replay) → paced → providers
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from agentbench.domain.errors import UnknownModel

# ---- messages --------------------------------------------------------------


class Text(msgspec.Struct, frozen=True, tag_field="kind", tag="text"):
    """Words."""

    text: str


class Media(msgspec.Struct, frozen=True, tag_field="kind", tag="media"):
    """An image, a sound or a document: its bytes and their MIME type."""

    type: str
    data: bytes


class Thought(
    msgspec.Struct, frozen=True, tag_field="kind", tag="thought", omit_defaults=True
):
    """What a model thought before it answered; `signature` lets its provider take it back."""

    text: str
    signature: str = ""


class ToolCall(
    msgspec.Struct, frozen=True, tag_field="kind", tag="call", omit_defaults=True
):
    """A tool that the model wants called; `garbled` is what it wrote where that is no JSON object."""

    id: str
    tool: str
    arguments: dict[str, Any] = {}
    garbled: str = ""


class ToolResult(
    msgspec.Struct, frozen=True, tag_field="kind", tag="result", omit_defaults=True
):
    """What a tool gave for the call of that id: text, or JSON values."""

    id: str
    tool: str
    content: Any
    is_error: bool = False


Part = Text | Media | Thought | ToolCall | ToolResult
Role = Literal["system", "user", "assistant", "tool"]


class Message(msgspec.Struct, frozen=True):
    """One turn of a conversation."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


def says(role: Role, text: str, media: Iterable[Media] = ()) -> Message:
    """A message of some words, and of images or sounds with them."""
    words = (Text(text),) if text else ()
    return Message(role, (*words, *media))


# ---- chat ------------------------------------------------------------------


class Tool(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a model may call: `schema` is the JSON schema of its arguments, an object."""

    name: str
    help: str
    schema: dict[str, Any]


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question to a model.

    `model` is `provider:model`. `tool_choice` is `auto`, `none`, `required`, or the name
    of the one tool. With a JSON `schema` the answer's `value` is JSON that fits it.
    None leaves a setting to the provider. `timeout` is in seconds, for a whole answer.
    """

    model: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    tool_choice: str = "auto"
    is_parallel: bool = True
    schema: dict[str, Any] | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    timeout: float = 300.0


class Usage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a call used up. Tokens that were read from a cache count in `input` too.

    `cost` is in US dollars, None where nobody knows the price.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    cost: float | None = None
    calls: int = 1

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.input + self.output

    def __add__(self, other: "Usage") -> "Usage":
        costs = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            input=self.input + other.input,
            output=self.output + other.output,
            cached=self.cached + other.cached,
            cost=sum(costs) if costs else None,
            calls=self.calls + other.calls,
        )


Finish = Literal["stop", "length", "tools", "refused", "other"]
"""Why an answer ends: it is whole, it grew too long, tools are to be called, it was withheld."""


class ChatAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model answered; `value` is the JSON of an answer that had a schema to fit."""

    model: str
    parts: tuple[Part, ...]
    finish: Finish = "stop"
    usage: Usage = Usage()
    value: Any = None

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that it wants called."""
        return tuple(part for part in self.parts if isinstance(part, ToolCall))

    @property
    def message(self) -> Message:
        """It as a turn of the conversation."""
        return Message("assistant", self.parts)


class Delta(msgspec.Struct, frozen=True, omit_defaults=True):
    """The next words of an answer, or of the thought before it."""

    text: str = ""
    thought: str = ""


class Restart(msgspec.Struct, frozen=True):
    """What was streamed so far does not count: the model is asked again, for this reason."""

    reason: str


Streamed = Delta | Restart | ChatAnswer


class ChatModel(Protocol):
    """What answers chat requests."""

    def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks, and gives the answer bit by bit; the last item is the whole `ChatAnswer`.

        Closing the iterator, or cancelling the task, ends the call at the provider.

        Raises:
            ModelError: one of its kinds says what, and what to do.
        """
        ...


# ---- other things that models do -------------------------------------------


class EmbedRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Texts to be turned into vectors, for search; `is_query` for what is searched with."""

    model: str
    texts: tuple[str, ...]
    is_query: bool = False


class EmbedAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A vector for each text, all of one length."""

    model: str
    vectors: tuple[tuple[float, ...], ...]
    usage: Usage = Usage()


class PaintRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image to be made, or to be made of others; `size` as in `1024x1024`, empty for any."""

    model: str
    prompt: str
    images: tuple[Media, ...] = ()
    size: str = ""
    count: int = 1


class SpeakRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words to be spoken; `format` is mp3, wav, opus, aac or flac."""

    model: str
    text: str
    voice: str = "alloy"
    format: str = "mp3"


class MediaAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The images or sounds that were made."""

    model: str
    media: tuple[Media, ...]
    usage: Usage = Usage()


class TranscribeRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Speech to be written down; `language` as in `en`, empty to have it found out."""

    model: str
    sound: Media
    language: str = ""


class TranscribeAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was said."""

    model: str
    text: str
    usage: Usage = Usage()


Skill = Literal["chat", "embed", "paint", "speak", "transcribe"]
"""What a model can do."""


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A model that may be named; `note` says why not when it is not `is_ready`."""

    name: str
    skill: Skill = "chat"
    is_ready: bool = False
    is_default: bool = False
    note: str = ""


class Models(ChatModel, Protocol):
    """Every model of every provider, by `provider:model`; an empty name is the default one.

    Each call raises `ModelError`: one of its kinds says what, and what to do.
    """

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        ...

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        ...

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        ...

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        ...


# ---- names and plain forms -------------------------------------------------


class ModelName(NamedTuple):
    """A provider and the name that it gives to a model."""

    provider: str
    model: str

    def __str__(self) -> str:
        return f"{self.provider}:{self.model}"


def read_name(text: str) -> ModelName:
    """The two parts of `provider:model`; the second may hold colons of its own.

    Raises:
        UnknownModel: it is not of that form.
    """
    provider, colon, model = text.strip().partition(":")
    if not (provider and colon and model):
        reason = "a model is named as `provider:model`, such as `ollama:llama3.2`."
        raise UnknownModel(text, reason)
    return ModelName(provider.lower(), model)


async def answer(model: ChatModel, request: ChatRequest) -> ChatAnswer:
    """The whole answer, for who does not want to see it grow."""
    last: Streamed | None = None
    async for item in model.stream(request):
        last = item
    if not isinstance(last, ChatAnswer):
        message = f"The stream of {request.model!r} ended without its answer."
        raise TypeError(message)
    return last


def plain_messages(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """A conversation as JSON values, the form in which it moves on links."""
    return [msgspec.to_builtins(message) for message in messages]


def read_messages(given: Sequence[Any]) -> tuple[Message, ...]:
    """A conversation of JSON values; `{"role": …, "content": …}` is taken as well.

    Raises:
        ValueError: one of them is no message; it says which.
    """
    return tuple(_message(number, one) for number, one in enumerate(given, start=1))


def _message(number: int, given: Any) -> Message:
    if isinstance(given, Message):
        return given
    if isinstance(given, dict) and isinstance(given.get("content"), str):
        given = {
            "role": given.get("role"),
            "parts": [{"kind": "text", "text": given["content"]}],
        }
    try:
        return msgspec.convert(given, Message)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"Message {number} of the conversation is none: {error}. One looks like"
            ' {"role": "user", "content": "Hello"}.'
        ) from error
