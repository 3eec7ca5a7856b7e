"""The account of a firing's models: what it asks is shown as it comes, and counted."""

import time
from collections.abc import AsyncIterator, Awaitable
from typing import Protocol, TypeVar

from agentbench.domain.errors import ModelError
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    Delta,
    EmbedAnswer,
    EmbedRequest,
    MediaAnswer,
    Models,
    PaintRequest,
    Restart,
    SpeakRequest,
    Streamed,
    TranscribeAnswer,
    TranscribeRequest,
    Usage,
)

TAIL = 200
"""So many letters, the last that came, are shown while a model speaks."""
OFTEN = 0.1
"""Seconds between two tellings of what came."""

Answer = TypeVar("Answer", EmbedAnswer, MediaAnswer, TranscribeAnswer)


class Told(Protocol):
    """What an account tells the firing that it is for."""

    def progress(self, done: float, total: float = 1.0, text: str = "") -> None:
        """Shows how far it is."""

    def log(self, text: str) -> None:
        """Keeps a line."""

    def use(
        self, *, tokens: int = 0, cost: float = 0.0, model: str = "", seconds: float = 0
    ) -> None:
        """Counts what was used up."""


class AccountedModels:
    """A layer over `Models` for one firing."""

    def __init__(self, inner: Models, firing: Told) -> None:
        self._inner, self._firing = inner, firing

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks; the last words are shown on the canvas while they come."""
        began, said, told = time.monotonic(), "", 0.0
        try:
            async for item in self._inner.stream(request):
                match item:
                    case Delta():
                        said = (said + item.text or item.thought)[-TAIL:]
                        if time.monotonic() - told > OFTEN:
                            told = time.monotonic()
                            self._firing.progress(0.0, 0.0, said)
                    case Restart():
                        said = ""
                        self._firing.log(f"Asked again: {item.reason}")
                    case ChatAnswer():
                        self._count(item.model, item.usage, began)
                yield item
        except ModelError as error:
            self._count(request.model, error.usage, began)
            raise

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        return await self._counted(self._inner.embed(request))

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        return await self._counted(self._inner.paint(request))

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        return await self._counted(self._inner.speak(request))

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        return await self._counted(self._inner.transcribe(request))

    async def _counted(self, asking: Awaitable[Answer]) -> Answer:
        began = time.monotonic()
        answer = await asking
        self._count(answer.model, answer.usage, began)
        return answer

    def _count(self, model: str, usage: Usage | None, began: float) -> None:
        if usage is not None:
            self._firing.use(
                tokens=usage.tokens,
                cost=usage.cost or 0.0,
                model=model,
                seconds=time.monotonic() - began,
            )
