"""The providers that can be named: `openai:gpt-6-luna` is a model of the first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agentbench.domain.errors import BackendError
from agentbench.domain.model import Skill

Family = Literal["openai", "anthropic", "google", "local"]
"""How a provider is spoken to; most speak OpenAI's protocol."""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Somebody who has models.

    `credential` is the name of the credential that goes along, empty where none is
    asked for; `variable` is where its key is often kept in the environment. `models` are
    suggestions, by what they do; the first of each is taken by default. Names go out of
    use: take them from the model library's own list (`KnownModelName`) when you renew it.
    """

    name: str
    title: str
    url: str
    family: Family = "openai"
    credential: str = ""
    variable: str = ""
    models: Mapping[Skill, Sequence[str]]
    calls_tools: bool = True
    """Whether its models call tools; those of others do it by schema (`by_schema`)."""

    @property
    def host(self) -> str:
        """The host, and the port where one is named: what its credential is for."""
        return self.url.partition("://")[2].partition("/")[0]


PROVIDERS: tuple[Provider, ...] = (
    Provider(
        name="openai",
        title="OpenAI",
        url="https://api.openai.com/v1",
        credential="openai",
        variable="OPENAI_API_KEY",
        models={
            "chat": ("gpt-6-luna", "gpt-6.1-terra", "gpt-6.1-sol", "gpt-6-astra"),
            "embed": ("text-embedding-3-small", "text-embedding-3-large"),
            "paint": ("gpt-image-2.6-flare", "gpt-image-2.6-sunburst"),
            "speak": ("gpt-4o-mini-tts",),
            "transcribe": ("gpt-transcribe",),
        },
    ),
    Provider(
        name="anthropic",
        title="Anthropic",
        url="https://api.anthropic.com",
        family="anthropic",
        credential="anthropic",
        variable="ANTHROPIC_API_KEY",
        models={
            "chat": ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"),
        },
    ),
    Provider(
        name="google",
        title="Google Gemini",
        url="https://generativelanguage.googleapis.com",
        family="google",
        credential="google",
        variable="GEMINI_API_KEY",
        models={
            "chat": (
                "gemini-3.8-flash",
                "gemini-3.5-flash-lite",
                "gemini-3.1-pro-preview",
            )
        },
    ),
    Provider(
        name="openrouter",
        title="OpenRouter",
        url="https://openrouter.ai/api/v1",
        credential="openrouter",
        variable="OPENROUTER_API_KEY",
        models={"chat": ("openrouter/auto",)},
    ),
    Provider(
        name="groq",
        title="Groq",
        url="https://api.groq.com/openai/v1",
        credential="groq",
        variable="GROQ_API_KEY",
        models={
            "chat": ("openai/gpt-oss-20b", "openai/gpt-oss-120b"),
            "transcribe": ("whisper-large-v3-turbo",),
        },
    ),
    Provider(
        name="mistral",
        title="Mistral",
        url="https://api.mistral.ai/v1",
        credential="mistral",
        variable="MISTRAL_API_KEY",
        models={"chat": ("mistral-small-latest",), "embed": ("mistral-embed",)},
    ),
    Provider(
        name="deepseek",
        title="DeepSeek",
        url="https://api.deepseek.com/v1",
        credential="deepseek",
        variable="DEEPSEEK_API_KEY",
        models={"chat": ("deepseek-flash", "deepseek-v4-pro")},
    ),
    Provider(
        name="ollama",
        title="Ollama",
        url="http://127.0.0.1:11434/v1",
        models={"chat": (), "embed": ()},
    ),
    Provider(
        name="lmstudio",
        title="LM Studio",
        url="http://127.0.0.1:1234/v1",
        models={"chat": (), "embed": ()},
    ),
    Provider(
        name="local",
        title="A model file on this machine",
        url="http://local.invalid/v1",
        family="local",
        models={"chat": ()},
        calls_tools=False,
    ),
)
"""Every provider that is known from the start, in the order in which a default is looked for."""


def with_servers(
    servers: Mapping[str, str],
    known: Sequence[Provider] = PROVIDERS,
    *,
    by_schema: Collection[str] = (),
) -> dict[str, Provider]:
    """The providers by name, with servers that speak OpenAI's protocol, by name and URL.

    `by_schema` are the names of those whose models call tools by schema only.

    A server of a name that is known takes that provider's place, with its credential;
    another goes with the credential of its own name, if there is one.

    Raises:
        BackendError: a URL is none.
    """
    found = {provider.name: provider for provider in known}
    for name, url in servers.items():
        if not url.startswith(("http://", "https://")):
            raise BackendError(
                f"The model server {name!r} needs a URL such as"
                f" http://127.0.0.1:8000/v1, not {url!r}."
            )
        base = found.get(name) or Provider(
            name=name,
            title=name,
            url=url,
            credential=name,
            models={"chat": (), "embed": ()},
        )
        found[name] = replace(base, url=url.rstrip("/"))
    for name in by_schema:
        if name not in found:
            raise BackendError(
                f"Nobody knows the provider {name!r}, whose models are to call tools by"
                f" schema ({', '.join(found)})."
            )
        found[name] = replace(found[name], calls_tools=False)
    return found
