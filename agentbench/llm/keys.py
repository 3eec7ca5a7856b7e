"""Keys of providers that are kept where their own tools look for them, in the environment."""

from collections.abc import Mapping, Sequence

from agentbench.domain.credential import (
    Credential,
    CredentialEntry,
    Credentials,
    Secret,
)
from agentbench.domain.errors import UnknownCredential
from agentbench.llm.providers import Provider


class ProviderKeys:
    """Credentials, and besides them those of providers whose variable is set.

    `OPENAI_API_KEY` is the credential `openai`, for that provider's host only, unless a
    credential of that name was added.
    """

    def __init__(
        self,
        inner: Credentials,
        providers: Mapping[str, Provider],
        environ: Mapping[str, str],
    ) -> None:
        self._inner, self._environ = inner, environ
        self._providers = {
            it.credential: it for it in providers.values() if it.variable
        }

    def get(self, name: str) -> Credential:
        """The credential of that name."""
        try:
            return self._inner.get(name)
        except UnknownCredential:
            provider = self._providers.get(name)
            key = self._environ.get(provider.variable, "") if provider else ""
            if provider is None or not key:
                raise
            return Credential(
                name=name, kind="api_key", hosts=(provider.host,), secret=Secret(key)
            )

    def entries(self) -> Sequence[CredentialEntry]:
        """What there is, by name."""
        found = {entry.name: entry for entry in self._inner.entries()}
        for name, provider in self._providers.items():
            if self._environ.get(provider.variable):
                entry = CredentialEntry(
                    name=name,
                    kind="api_key",
                    hosts=(provider.host,),
                    place="environment",
                )
                found.setdefault(name, entry)
        return [found[name] for name in sorted(found)]

    def add(self, credential: Credential) -> CredentialEntry:
        """Keeps a credential."""
        return self._inner.add(credential)

    def delete(self, name: str) -> None:
        """Forgets a credential."""
        self._inner.delete(name)
