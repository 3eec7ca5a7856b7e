"""Paced: no provider is asked too often, and what may do later is tried again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec

from agentbench.domain.errors import ModelBusy, ModelError, ModelFailed, RateExceeded
from agentbench.domain.model import (
    ChatAnswer,
    ChatRequest,
    EmbedAnswer,
    EmbedRequest,
    Media,
    MediaAnswer,
    Message,
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
LETTERS = 4
"""Letters of a token, about: what is sent is counted by them until its provider knows."""


def tokens_of(request: Request) -> int:
    """About how many tokens are sent: a quarter of the letters, and at least one.

    Images and sounds count when their provider has said what they took.
    """
    match request:
        case ChatRequest():
            bare = msgspec.structs.replace(
                request,
                messages=tuple(
                    Message(it.role, tuple(p for p in it.parts if type(p) is not Media))
                    for it in request.messages
                ),
            )
            said: list[Any] = [bare.messages, bare.tools, bare.schema]
        case EmbedRequest():
            said = list(request.texts)
        case PaintRequest():
            said = [request.prompt]
        case SpeakRequest():
            said = [request.text]
        case _:
            said = []
    return max(1, len(msgspec.json.encode(said)) // LETTERS)


class Paced:
    """A layer over `Models` that keeps rates, shared by all kernels, and tries again.

    A rate of tokens counts what is sent before a call is made, as far as it can be told,
    and what was used beyond that when the answer is there. When a provider says that it
    is asked too often, every call to it from this kernel waits as long as it says.
    """

    def __init__(
        self,
        inner: Models,
        *,
        rates: Callable[[], Awaitable[Rates]],
        limits: Mapping[str, Rate],
        token_limits: Mapping[str, Rate] | None = None,
        retries: int = 4,
        first_wait: float = FIRST_WAIT,
    ) -> None:
        """`limits` holds rates of calls by provider, `token_limits` rates of tokens.

        `rates` gives what keeps them.
        """
        self._token_limits = dict(token_limits or {})
        self._inner, self._rates, self._limits = inner, rates, limits
        self._retries, self._first_wait = retries, first_wait
        self._resting: dict[str, float] = {}

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks when it is time, and again when the call breaks off."""
        failed = 0
        while True:
            counted = await self._turn(request)
            try:
                async for item in self._inner.stream(request):
                    if isinstance(item, ChatAnswer):
                        await self._settle(request, item, counted)
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
            counted = await self._turn(request)
            try:
                answer = await ask(request)
            except ModelError as error:
                wait = self._wait_after(request, error, failed)
                if wait is None:
                    raise
                failed += 1
                await asyncio.sleep(wait)
            else:
                await self._settle(request, answer, counted)
                return answer

    async def _turn(self, request: Request) -> int:
        """Waits until the provider may be asked; gives the tokens that were counted."""
        provider = request.model.partition(":")[0]
        tokens = self._token_limits.get(provider)
        counted = 0 if tokens is None else min(tokens.limit, tokens_of(request))
        wanted = (
            (f"model:{provider}", self._limits.get(provider), 1),
            (f"tokens:{provider}", tokens, counted),
        )
        for key, limit, units in wanted:
            if limit is not None:
                rates = await self._rates()
                try:
                    await rates.take(key, limit, units=units, timeout=PATIENCE)
                except RateExceeded as error:
                    raise ModelBusy(request.model, str(error)) from error
        rest = self._resting.get(provider, 0.0) - time.monotonic()
        if rest > 0:
            await asyncio.sleep(rest)
        return counted

    async def _settle(self, request: Request, answer: Any, counted: int) -> None:
        """Counts what an answer used beyond what was counted when it was asked for."""
        provider = request.model.partition(":")[0]
        limit = self._token_limits.get(provider)
        if limit is not None and answer.usage.tokens > counted:
            rates = await self._rates()
            more = answer.usage.tokens - counted
            await rates.spend(f"tokens:{provider}", limit, units=more)

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
