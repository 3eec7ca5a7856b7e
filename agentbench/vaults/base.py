"""What every vault promises, and all of them as one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from agentbench.domain.credential import Credential, CredentialEntry, Secret
from agentbench.domain.errors import CredentialInvalid, UnknownCredential


class Vault(Protocol):
    """One place where credentials are kept. Methods may block; any thread may call."""

    place: str
    """What people call it: `environment`, `keyring`, `file`."""

    @property
    def takes_more(self) -> bool:
        """Whether credentials can be added and deleted here."""
        ...

    def entries(self) -> list[CredentialEntry]:
        """What is kept here; no secret is read for it."""
        ...

    def get(self, name: str) -> Credential | None:
        """The credential of that name, or None."""
        ...

    def put(self, credential: Credential) -> None:
        """Keeps a credential; one of the same name is replaced."""
        ...

    def delete(self, name: str) -> bool:
        """Forgets a credential; false when there was none."""
        ...


class Vaults:
    """All vaults as one: the credentials of this user.

    `on_reveal` is told of each credential before anybody gets it, so that its secret
    can be masked wherever it turns up.
    """

    def __init__(
        self, vaults: Sequence[Vault], on_reveal: Callable[[Credential], None]
    ) -> None:
        self.vaults = vaults
        self._on_reveal = on_reveal

    def get(self, name: str) -> Credential:
        """The credential of that name, secret included."""
        for vault in self.vaults:
            found = vault.get(name)
            if found is not None:
                self._on_reveal(found)
                return found
        raise UnknownCredential(name, [entry.name for entry in self.entries()])

    def entries(self) -> list[CredentialEntry]:
        """What there is, by name; the first vault that has a name has the say."""
        found: dict[str, CredentialEntry] = {}
        for vault in self.vaults:
            for entry in vault.entries():
                found.setdefault(entry.name, entry)
        return [found[name] for name in sorted(found)]

    def add(self, credential: Credential) -> CredentialEntry:
        """Keeps a credential in the first vault that takes it, and in no other."""
        self._on_reveal(credential)
        self._refuse_fixed(credential.name, "so what you add would not be used")
        first, *others = (vault for vault in self.vaults if vault.takes_more)
        first.put(credential)
        for vault in others:
            vault.delete(credential.name)
        return entry_of(credential, first.place)

    def delete(self, name: str) -> None:
        """Forgets a credential, wherever it is kept."""
        self._refuse_fixed(name, "so unset it there")
        deleted = [vault.delete(name) for vault in self.vaults if vault.takes_more]
        if not any(deleted):
            raise UnknownCredential(name, [entry.name for entry in self.entries()])

    def _refuse_fixed(self, name: str, so: str) -> None:
        for vault in self.vaults:
            if not vault.takes_more and vault.get(name) is not None:
                raise CredentialInvalid(name, f"it comes from the {vault.place}, {so}.")


def entry_of(credential: Credential, place: str) -> CredentialEntry:
    """What may be shown of a credential."""
    return CredentialEntry(**shown(credential), place=place)


def shown(credential: Credential) -> dict[str, Any]:
    """Every fact of a credential that is no secret."""
    return {
        "name": credential.name,
        "kind": credential.kind,
        "hosts": credential.hosts,
        "user": credential.user,
        "header": credential.header,
        "expires": credential.expires,
    }


def rebuilt(
    facts: Mapping[str, Any], secret: str, refresh: str | None = None
) -> Credential:
    """A credential from the facts that were written down and its secret."""
    return Credential(
        **{**facts, "hosts": tuple(facts["hosts"])},
        secret=Secret(secret),
        refresh=None if refresh is None else Secret(refresh),
    )
