"""Familiar credentials: what is known of those that many people have, by their name."""

from collections.abc import Container
from dataclasses import dataclass

from agentbench.domain.credential import CredentialKind


@dataclass(frozen=True, kw_only=True)
class Familiar:
    """Where a credential of that name goes to, how, and where it can be tried."""

    hosts: tuple[str, ...] = ()
    kind: CredentialKind = "api_key"
    header: str = ""
    test: str = ""
    """A URL that answers 2xx to a good credential, and costs nothing."""


def _bearer(host: str, test: str = "") -> Familiar:
    return Familiar(hosts=(host,), test=f"https://{host}{test}" if test else "")


FAMILIAR: dict[str, Familiar] = {
    "anthropic": Familiar(
        hosts=("api.anthropic.com",),
        header="x-api-key",
        test="https://api.anthropic.com/v1/models",
    ),
    "deepseek": _bearer("api.deepseek.com", "/models"),
    "github": _bearer("api.github.com", "/user"),
    "google": Familiar(
        hosts=("generativelanguage.googleapis.com",),
        header="x-goog-api-key",
        test="https://generativelanguage.googleapis.com/v1beta/models",
    ),
    "groq": _bearer("api.groq.com", "/openai/v1/models"),
    "huggingface": Familiar(
        hosts=("huggingface.co", "*.huggingface.co"),
        test="https://huggingface.co/api/whoami-v2",
    ),
    "jina": Familiar(hosts=("*.jina.ai",)),
    "mem0": _bearer("api.mem0.ai"),
    "mistral": _bearer("api.mistral.ai", "/v1/models"),
    "notion": _bearer("api.notion.com"),
    "openai": _bearer("api.openai.com", "/v1/models"),
    "openrouter": _bearer("openrouter.ai", "/api/v1/key"),
    "perplexity": _bearer("api.perplexity.ai"),
    "pinecone": Familiar(hosts=("*.pinecone.io",)),
    "replicate": _bearer("api.replicate.com", "/v1/account"),
    "slack": _bearer("slack.com", "/api/auth.test"),
    "together": _bearer("api.together.xyz", "/v1/models"),
}


def familiar(name: str) -> Familiar:
    """What is known of a name, also of `openai/work` or `openai-2`; empty for others."""
    return FAMILIAR.get(stem(name, FAMILIAR), Familiar())


def stem(name: str, known: Container[str]) -> str:
    """`openai` for `openai/work` or `openai-2`, as far as it has to be cut to be known."""
    for end in ("/", "-", "_", "."):
        name = name if name in known else name.partition(end)[0]
    return name
