"""The adapter: speaks to one provider's models through `pydantic-ai`."""

import asyncio
import contextlib
import importlib
import os
from collections.abc import AsyncIterator, Callable
from types import ModuleType
from typing import Any

from agentbench.domain.credential import placeholder
from agentbench.domain.errors import ModelNotReady
from agentbench.domain.model import ChatRequest, Streamed, read_name
from agentbench.llm.providers import Provider

MakeClient = Callable[[ModuleType], Any]
"""Gives an `AsyncClient` of the module (`httpx2`) that goes through the one door."""

NO_KEY = "none"
"""What a server is given as a key that asks for none."""


class Adapter:
    """A provider as a `ChatModel`. Made in any thread, used on one event loop.

    The library is loaded when something is first asked: that takes seconds.
    """

    def __init__(
        self, provider: Provider, *, credential: str, client: MakeClient
    ) -> None:
        """`credential` is the name of the one that goes along, empty for none."""
        self._provider, self._credential = provider, credential
        self._make_client = client
        self._client: Any = None
        self._models: dict[str, Any] = {}

    async def stream(self, request: ChatRequest) -> AsyncIterator[Streamed]:
        """Asks, and gives the answer bit by bit."""
        await asyncio.to_thread(load, request.model, self._provider)
        from pydantic_ai import direct

        from agentbench.llm import faults, translate

        model = self._model(read_name(request.model).model)
        is_native = bool(model.profile.get("supports_json_schema_output"))
        try:
            async with direct.model_request_stream(
                model,
                translate.conversation(request.messages),
                model_settings=translate.settings(request),
                model_request_parameters=translate.parameters(
                    request, is_native=is_native
                ),
            ) as streamed:
                async for event in streamed:
                    delta = translate.delta(event)
                    if delta is not None:
                        yield delta
                response = streamed.get()
        except Exception as error:
            raise faults.from_library(request.model, error) from error
        yield translate.answered(request.model, response)

    async def close(self) -> None:
        """Lets go of its connections."""
        if self._client is not None:
            client, self._client = self._client, None
            self._models.clear()
            with contextlib.suppress(Exception):
                await client.aclose()

    def _model(self, name: str) -> Any:
        if self._client is None:
            self._client = self._make_client(importlib.import_module("httpx2"))
        if name not in self._models:
            make = {"anthropic": _anthropic, "google": _google}
            build = make.get(self._provider.family, _openai)
            key = placeholder(self._credential) if self._credential else NO_KEY
            self._models[name] = build(self._provider, name, key, self._client)
        return self._models[name]


def load(model: str, provider: Provider) -> None:
    """Loads what speaks to a provider; blocks for seconds the first time.

    Raises:
        ModelNotReady: it is not installed.
    """
    os.environ.setdefault("PYDANTIC_AI_NO_BANNER", "1")
    wanted = {"anthropic": "anthropic", "google": "google"}
    module = wanted.get(provider.family, "openai")
    try:
        importlib.import_module(f"pydantic_ai.models.{module}")
        importlib.import_module("agentbench.llm.translate")
        with contextlib.suppress(ImportError):  # a long list, read at the first model
            importlib.import_module("genai_prices.data")
    except ImportError as error:
        extra = wanted.get(provider.family, "llm")
        raise ModelNotReady(
            model,
            f"a library is missing ({error.name}). Install it with"
            f' `pip install "agentbench[{extra}]"`.',
        ) from error


def _openai(provider: Provider, name: str, key: str, client: Any) -> Any:
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    # The SDK's own retries are off: ours know the budget, the other kernels and the run.
    sdk = AsyncOpenAI(
        base_url=provider.url, api_key=key, http_client=client, max_retries=0
    )
    if provider.name == "openai" and provider.host == "api.openai.com":
        return OpenAIChatModel(name, provider=OpenAIProvider(openai_client=sdk))
    # Such servers differ in what they hold to; what they give is checked in any case.
    profile: Any = {
        "supports_json_schema_output": True,
        "openai_supports_strict_tool_definition": False,
        "openai_chat_streaming_requires_finish_reason": True,
    }
    theirs = OpenAICompatibleProvider(provider.name, openai_client=sdk)
    return OpenAIChatModel(name, provider=theirs, profile=profile)


def _anthropic(provider: Provider, name: str, key: str, client: Any) -> Any:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    sdk = AsyncAnthropic(
        base_url=provider.url, api_key=key, http_client=client, max_retries=0
    )
    return AnthropicModel(name, provider=AnthropicProvider(anthropic_client=sdk))


def _google(provider: Provider, name: str, key: str, client: Any) -> Any:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    theirs = GoogleProvider(api_key=key, http_client=client, base_url=provider.url)
    return GoogleModel(name, provider=theirs)
