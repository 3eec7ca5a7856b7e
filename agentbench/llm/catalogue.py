"""The catalogue: every provider's models as one, by `provider:model`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Set
from pathlib import Path

import msgspec

from agentbench.domain.credential import Credentials
from agentbench.domain.errors import ModelError, ModelNotReady, UnknownModel
from agentbench.domain.model import (
    ChatModel,
    ChatRequest,
    EmbedAnswer,
    EmbedRequest,
    MediaAnswer,
    ModelInfo,
    ModelName,
    PaintRequest,
    Skill,
    SpeakRequest,
    Streamed,
    TranscribeAnswer,
    TranscribeRequest,
    read_name,
)
from agentbench.domain.outbound import Door
from agentbench.llm.adapter import Adapter
from agentbench.llm.by_schema import BySchema
from agentbench.llm.endpoint import Endpoint
from agentbench.llm.local import LocalModels
from agentbench.llm.providers import Provider


class Catalogue:
    """Hands each request to its provider. Used on one event loop."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        *,
        door: Door,
        credentials: Callable[[], Credentials],
        folder: Path,
        default: str = "",
        more: Mapping[str, ChatModel] | None = None,
    ) -> None:
        """`folder` is where model files are; `default` is the model of an empty name.

        `more` are chat models by the name of their provider, such as scripted ones.
        """
        self._providers = dict(providers)
        self._door, self._credentials = door, credentials
        self._default = default
        self._local = LocalModels(folder)
        self._more = dict(more or {})
        self._adapters: dict[tuple[str, str], Adapter] = {}

    def add(self, provider: str, model: ChatModel) -> None:
        """Makes a chat model the one of a provider's name."""
        self._more[provider] = model

    # ---- what models do ----------------------------------------------------

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks a chat model, and gives its answer bit by bit."""
        name = read_name(request.model)
        model = self._more.get(name.provider)
        if model is None:
            model = await self._adapter(name)
            if not self._provider(name).calls_tools:
                model = BySchema(model)
        async with contextlib.aclosing(model.stream(request)) as items:  # type: ignore[type-var]
            async for item in items:
                yield item

    async def embed(self, request: EmbedRequest) -> EmbedAnswer:
        """Vectors for texts."""
        endpoint = await self._endpoint(read_name(request.model), "embed")
        return await endpoint.embed(request)

    async def paint(self, request: PaintRequest) -> MediaAnswer:
        """Images from words, or from images."""
        endpoint = await self._endpoint(read_name(request.model), "paint")
        return await endpoint.paint(request)

    async def speak(self, request: SpeakRequest) -> MediaAnswer:
        """Sound from words."""
        endpoint = await self._endpoint(read_name(request.model), "speak")
        return await endpoint.speak(request)

    async def transcribe(self, request: TranscribeRequest) -> TranscribeAnswer:
        """Words from sound."""
        endpoint = await self._endpoint(read_name(request.model), "transcribe")
        return await endpoint.transcribe(request)

    async def close(self) -> None:
        """Lets go of connections and of models in memory."""
        for adapter in self._adapters.values():
            await adapter.close()
        self._adapters.clear()
        await asyncio.to_thread(self._local.close)

    # ---- names -------------------------------------------------------------

    def resolve(self, name: str, skill: Skill) -> str:
        """The whole name of a model; an empty one is the default for what it is to do.

        The default chat model is the one that the settings name, else the first of the
        first provider whose key is there. May read where credentials are kept.
        """
        if name.strip():
            return str(read_name(name))
        if skill == "chat" and self._default:
            return str(read_name(self._default))
        keys = self._keys()
        able = [it for it in self._providers.values() if it.models.get(skill)]
        ready = [it for it in able if it.credential in keys]
        chosen = (ready or able)[0]
        return str(ModelName(chosen.name, chosen.models[skill][0]))

    async def listing(self, *, timeout: float = 2.0) -> list[ModelInfo]:
        """Every model that can be named, ready or not; asks the servers that need no key."""
        keys = await asyncio.to_thread(self._keys)
        default = await asyncio.to_thread(self.resolve, "", "chat")
        asked = [
            self._listed(provider, keys, timeout)
            for provider in self._providers.values()
        ]
        found = [info for infos in await asyncio.gather(*asked) for info in infos]
        names = {info.name for info in found}
        if default not in names:
            found.insert(0, ModelInfo(name=default, note="named in the settings"))
        return [_marked(info, default) for info in found]

    def suggestions(self) -> list[str]:
        """Names of chat models to choose from, those that can be asked first; asks nobody."""
        keys = self._keys()
        found: dict[str, bool] = {}
        if self._default:
            found[self._default] = True
        for provider in self._providers.values():
            is_ready = provider.credential in keys
            for model in provider.models.get("chat", ()):
                found.setdefault(str(ModelName(provider.name, model)), is_ready)
        for name in self._local.names():
            found[f"local:{name}"] = True
        return sorted(found, key=lambda name: not found[name])

    # ---- inside ------------------------------------------------------------

    async def _listed(
        self, provider: Provider, keys: Set[str], timeout: float
    ) -> list[ModelInfo]:
        has_key = provider.credential in keys
        if provider.family == "local":
            return [
                ModelInfo(name=f"local:{name}", is_ready=True)
                for name in await asyncio.to_thread(self._local.names)
            ]
        if provider.variable:
            note = "" if has_key else f"needs {provider.variable}"
            return [
                ModelInfo(
                    name=f"{provider.name}:{model}",
                    skill=skill,
                    is_ready=has_key,
                    note=note,
                )
                for skill, models in provider.models.items()
                for model in models
            ]
        credential = provider.credential if has_key else ""
        endpoint = Endpoint(provider, credential=credential, outbound=self._door)
        try:
            names = await endpoint.listing(timeout=timeout)
        except ModelNotReady:
            note = f"to ask it, set AGENTBENCH_MODEL_SERVERS={provider.name}={provider.url}"
            return [ModelInfo(name=f"{provider.name}:…", note=note)]
        except ModelError as error:
            return [ModelInfo(name=f"{provider.name}:…", note=str(error))]
        return [
            ModelInfo(name=f"{provider.name}:{name}", is_ready=True, skill=_skill(name))
            for name in names
        ]

    async def _adapter(self, name: ModelName) -> Adapter:
        provider = self._provider(name)
        if provider.family == "local":
            return await asyncio.to_thread(self._local.adapter, provider, name)
        # Asked each time: a credential may have been added or deleted meanwhile.
        credential = await asyncio.to_thread(self._credential, name, provider)
        key = (provider.name, credential)
        if key not in self._adapters:
            self._adapters[key] = Adapter(
                provider,
                credential=credential,
                client=lambda library: self._door.client(
                    library, credential=credential, timeout=120.0
                ),
            )
        return self._adapters[key]

    async def _endpoint(self, name: ModelName, skill: Skill) -> Endpoint:
        provider = self._provider(name)
        if provider.family != "openai":
            reason = f"{provider.title} offers no way for that here ({skill})."
            raise ModelNotReady(str(name), reason)
        credential = await asyncio.to_thread(self._credential, name, provider)
        return Endpoint(provider, credential=credential, outbound=self._door)

    def _provider(self, name: ModelName) -> Provider:
        found = self._providers.get(name.provider)
        if found is None:
            there = ", ".join([*self._providers, *self._more])
            reason = f"nobody knows the provider {name.provider!r} ({there})."
            raise UnknownModel(str(name), reason, [])
        return found

    def _keys(self) -> set[str]:
        return {entry.name for entry in self._credentials().entries()}

    def _credential(self, name: ModelName, provider: Provider) -> str:
        """The name of the credential that goes along; empty for a server that asks for none."""
        if not provider.credential:
            return ""
        if provider.credential in self._keys():
            return provider.credential
        if not provider.variable:
            return ""
        raise ModelNotReady(
            str(name),
            f"{provider.title} asks for a key, and there is no credential"
            f" {provider.credential!r}. Add it with `%agent credentials add"
            f" {provider.credential}` (or `agentbench credentials add"
            f" {provider.credential}`), or set {provider.variable}.",
        )


def _skill(name: str) -> Skill:
    return "embed" if "embed" in name.lower() else "chat"


def _marked(info: ModelInfo, default: str) -> ModelInfo:
    is_default = info.name == default
    return msgspec.structs.replace(info, is_default=True) if is_default else info
