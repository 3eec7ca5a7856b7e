"""Keys of providers where their own tools look for them, in the environment: a vault."""

from collections.abc import Mapping

from agentbench.domain.credential import Credential, CredentialEntry, Secret
from agentbench.domain.errors import CredentialInvalid
from agentbench.llm.providers import Provider


class ProviderKeys:
    """`OPENAI_API_KEY` is the credential `openai`, for that provider's host only."""

    place = "environment"
    takes_more = False

    def __init__(
        self, providers: Mapping[str, Provider], environ: Mapping[str, str]
    ) -> None:
        self._environ = environ
        self._providers = {
            it.credential: it for it in providers.values() if it.variable
        }

    def entries(self) -> list[CredentialEntry]:
        """What the environment holds."""
        return [
            CredentialEntry(
                name=name, kind="api_key", hosts=(provider.host,), place=self.place
            )
            for name, provider in self._providers.items()
            if self._environ.get(provider.variable)
        ]

    def get(self, name: str) -> Credential | None:
        """The credential of that name, or None."""
        provider = self._providers.get(name)
        key = self._environ.get(provider.variable, "") if provider else ""
        if provider is None or not key:
            return None
        return Credential(
            name=name, kind="api_key", hosts=(provider.host,), secret=Secret(key)
        )

    def put(self, credential: Credential) -> None:
        """Refuses: the environment is not ours to change."""
        reason = "the environment is not ours to change."
        raise CredentialInvalid(credential.name, reason)

    def delete(self, name: str) -> bool:
        """Forgets nothing."""
        del name
        return False
