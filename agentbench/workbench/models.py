"""Models: the layers of the room of models, put on one another."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

from agentbench.domain.credential import Credentials
from agentbench.domain.model import (
    ChatModel,
    ChatRequest,
    EmbedAnswer,
    EmbedRequest,
    MediaAnswer,
    ModelInfo,
    Models,
    PaintRequest,
    SpeakRequest,
    Streamed,
    TranscribeAnswer,
    TranscribeRequest,
)
from agentbench.domain.outbound import Door
from agentbench.domain.rate import Rates
from agentbench.llm.catalogue import Catalogue
from agentbench.llm.checked import Checked
from agentbench.llm.paced import Paced
from agentbench.llm.providers import Provider
from agentbench.llm.scripted import Scripted, echo
from agentbench.workbench.settings import Settings

FRESH = 10.0
"""Seconds for which names of models are offered without looking again: forms ask often."""


class JoinedModels:
    """Every model, as blocks have them: names resolved, answers checked, calls paced.

    A layer that records or replays goes between `Checked` and `Paced`: `layer` is that,
    and by default nothing.
    """

    def __init__(
        self,
        settings: Settings,
        providers: Mapping[str, Provider],
        *,
        outbound: Door,
        credentials: Callable[[], Credentials],
        rates: Callable[[], Awaitable[Rates]],
        more: Mapping[str, ChatModel] | None = None,
        layer: Callable[[Models], Models] = lambda models: models,
    ) -> None:
        self.catalogue = Catalogue(
            providers,
            door=outbound,
            credentials=credentials,
            folder=settings.home / "models",
            default=settings.model,
            more={"scripted": Scripted(echo), **(more or {})},
        )
        self._names: list[str] = []
        self._looked = -FRESH
        paced = Paced(
            self.catalogue,
            rates=rates,
            limits=settings.model_rates,
            token_limits=settings.token_rates,
        )
        self._top = Checked(layer(paced), resolve=self.catalogue.resolve)

    def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks a chat model, and gives its answer bit by bit."""
        return self._top.stream(request)

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        return await self._top.embed(request)

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        return await self._top.paint(request)

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        return await self._top.speak(request)

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        return await self._top.transcribe(request)

    def add(self, provider: str, model: ChatModel) -> None:
        """Makes a chat model the one of a provider's name, for this kernel."""
        self.catalogue.add(provider, model)

    async def listing(self) -> list[ModelInfo]:
        """Every model that can be named, ready or not."""
        return await self.catalogue.listing()

    def suggestions(self) -> list[str]:
        """Names of chat models to choose from; asks nobody, and looks now and then only."""
        if time.monotonic() - self._looked > FRESH:
            self._names, self._looked = self.catalogue.suggestions(), time.monotonic()
        return self._names

    async def close(self) -> None:
        """Lets go of connections and of models in memory."""
        await self.catalogue.close()
