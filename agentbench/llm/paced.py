"""Paced: no provider is asked too often, and what may do later is tried again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeVar

from agentbench.domain.errors import ModelBusy, ModelError, ModelFailed, RateExceeded
from agentbench.domain.model import (
    ChatRequest,
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
)
from agentbench.domain.rate import Rate, Rates

Request = ChatRequest | EmbedRequest | PaintRequest | SpeakRequest | TranscribeRequest
Answer = TypeVar("Answer")

FIRST_WAIT = 0.5
"""Seconds before the first retry; twice as long before each further one."""
LONGEST_WAIT = 60.0
"""Who is told to wait longer is not held up: the call fails and says how long."""
PATIENCE = 600.0
"""Seconds that a call may wait for its turn."""


class Paced:
    """A layer over `Models` that keeps rates, shared by all kernels, and tries again.

    When a provider says that it is asked too often, every call to it from this kernel
    waits as long as it says.
    """

    def __init__(
        self,
        inner: Models,
        *,
        rates: Callable[[], Awaitable[Rates]],
        limits: Mapping[str, Rate],
        retries: int = 4,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        """`limits` holds rates by provider; `rates` gives what keeps them."""
        self._inner, self._rates, self._limits = inner, rates, limits
        self._retries, self._first_wait = retries, first_wait
        self._resting: dict[str, float] = {}

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks when it is time, and again when the call breaks off."""
        failed = 0
        while True:
            await self._turn(request)
            try:
                async for item in self._inner.stream(request):
                    yield item
            except ModelError as error:
                wait = self._wait_after(request, error, failed)
                if wait is None:
                    raise
                failed += 1
                yield Restart(str(error))
                await asyncio.sleep(wait)
            else:
                return

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        return await self._until_done(self._inner.embed, request)

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        return await self._until_done(self._inner.paint, request)

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        return await self._until_done(self._inner.speak, request)

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        return await self._until_done(self._inner.transcribe, request)

    async def _until_done(
        self, ask: Callable[..., Awaitable[Answer]], request: Request
    ) -> Answer:
        failed = 0
        while True:
            await self._turn(request)
            try:
                return await ask(request)
            except ModelError as error:
                wait = self._wait_after(request, error, failed)
                if wait is None:
                    raise
                failed += 1
                await asyncio.sleep(wait)

    async def _turn(self, request: Request) -> None:
        """Waits until the provider may be asked."""
        provider = request.model.partition(":")[0]
        limit = self._limits.get(provider)
        if limit is not None:
            rates = await self._rates()
            try:
                await rates.take(f"model:{provider}", limit, timeout=PATIENCE)
            except RateExceeded as error:
                raise ModelBusy(request.model, str(error)) from error
        rest = self._resting.get(provider, 0.0) - time.monotonic()
        if rest > 0:
            await asyncio.sleep(rest)

    def _wait_after(
        self, request: Request, error: ModelError, failed: int
    ) -> float | None:
        """Seconds until the next try; None when there is none."""
        may_do = isinstance(error, (ModelBusy, ModelFailed))
        if failed >= self._retries or not may_do or getattr(error, "is_final", False):
            return None
        backing_off: float = self._first_wait * 2.0**failed
        asked = error.retry_after if isinstance(error, ModelBusy) else None
        if asked is None:
            return min(LONGEST_WAIT, backing_off)
        if asked > LONGEST_WAIT:
            return None
        provider = request.model.partition(":")[0]
        until = time.monotonic() + asked
        self._resting[provider] = max(until, self._resting.get(provider, 0.0))
        return asked
