"""The models of a firing in a worker: the kernel asks them, and the worker is told."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Protocol, TypeVar

import msgspec

from agentbench.domain import model as words
from agentbench.domain.context import Context

Answer = TypeVar("Answer")

KINDS: dict[str, tuple[Any, Any]] = {
    "chat": (words.ChatRequest, words.ChatAnswer),
    "embed": (words.EmbedRequest, words.EmbedAnswer),
    "paint": (words.PaintRequest, words.MediaAnswer),
    "speak": (words.SpeakRequest, words.MediaAnswer),
    "transcribe": (words.TranscribeRequest, words.TranscribeAnswer),
}
"""What may be asked, with the classes of the request and of the answer."""


class Asking(Protocol):
    """What speaks with the kernel."""

    def ask(self, what: str, **facts: Any) -> Any: ...


class FarModels:
    """`Models` in a worker. An answer comes as a whole; the canvas shows it as it grows."""

    def __init__(self, child: Asking) -> None:
        self._child = child

    async def stream(self, request: words.ChatRequest) -> AsyncIterator[words.Streamed]:
        """The whole answer, as the only item."""
        answer: words.ChatAnswer = await self._asked("chat", request)
        yield answer

    async def embed(self, request: words.EmbedRequest) -> words.EmbedAnswer:
        """Vectors for texts."""
        answer: words.EmbedAnswer = await self._asked("embed", request)
        return answer

    async def paint(self, request: words.PaintRequest) -> words.MediaAnswer:
        """Images from words, or from images."""
        answer: words.MediaAnswer = await self._asked("paint", request)
        return answer

    async def speak(self, request: words.SpeakRequest) -> words.MediaAnswer:
        """Sound from words."""
        answer: words.MediaAnswer = await self._asked("speak", request)
        return answer

    async def transcribe(
        self, request: words.TranscribeRequest
    ) -> words.TranscribeAnswer:
        """Words from sound."""
        answer: words.TranscribeAnswer = await self._asked("transcribe", request)
        return answer

    async def _asked(self, kind: str, request: Any) -> Any:
        facts = {"kind": kind, "request": msgspec.json.encode(request)}
        given = await asyncio.wrap_future(self._child.ask("model", **facts))
        return msgspec.json.decode(given, type=KINDS[kind][1])


async def asked_from_afar(context: Context, kind: str, request: bytes) -> bytes:
    """What a firing's models answer to a request that comes from its worker."""
    wanted: Any = msgspec.json.decode(request, type=KINDS[kind][0])
    if kind == "chat":
        return msgspec.json.encode(await words.answer(context.models, wanted))
    return msgspec.json.encode(await getattr(context.models, kind)(wanted))
