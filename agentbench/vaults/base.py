"""What every vault promises, and all of them as one."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from agentbench.domain.credential import Credential, CredentialEntry, Secret
from agentbench.domain.errors import CredentialInvalid, UnknownCredential
from agentbench.domain.grant import Grant


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
        self.refuse_fixed(credential.name, "so what you add would not be used")
        first, *others = (vault for vault in self.vaults if vault.takes_more)
        first.put(credential)
        for vault in others:
            vault.delete(credential.name)
        return entry_of(credential, first.place)

    def delete(self, name: str) -> None:
        """Forgets a credential, wherever it is kept."""
        self.refuse_fixed(name, "so unset it there")
        deleted = [vault.delete(name) for vault in self.vaults if vault.takes_more]
        if not any(deleted):
            raise UnknownCredential(name, [entry.name for entry in self.entries()])

    def rotate(self) -> list[tuple[str, int]]:
        """Seals anew what is sealed by us: in which places, and how many credentials."""
        sealed = [vault for vault in self.vaults if hasattr(vault, "rotate")]
        return [(vault.place, vault.rotate()) for vault in sealed]

    def refuse_fixed(self, name: str, so: str) -> None:
        """Refuses to change what is not ours to change.

        Raises:
            CredentialInvalid: the name has the say elsewhere.
        """
        for vault in self.vaults:
            if not vault.takes_more and vault.get(name) is not None:
                raise CredentialInvalid(name, f"it comes from the {vault.place}, {so}.")


def entry_of(credential: Credential, place: str) -> CredentialEntry:
    """What may be shown of a credential."""
    return entry_from(shown(credential), place)


def shown(credential: Credential) -> dict[str, Any]:
    """Every fact of a credential that is no secret, as it is written down."""
    facts: dict[str, Any] = {
        "name": credential.name,
        "kind": credential.kind,
        "hosts": list(credential.hosts),
        "user": credential.user,
        "header": credential.header,
        "expires": credential.expires,
    }
    return facts | ({"grant": credential.grant.plain()} if credential.grant else {})


def hidden(credential: Credential) -> dict[str, Any]:
    """Every secret of a credential, in the open: what is sealed, or goes to a keyring."""
    secrets: dict[str, Any] = {"secret": credential.secret.reveal()}
    again, client = credential.refresh, credential.client_secret
    secrets["refresh"] = again.reveal() if again else None
    return secrets | ({"client_secret": client.reveal()} if client else {})


def entry_from(facts: Mapping[str, Any], place: str) -> CredentialEntry:
    """What may be shown, from the facts that were written down."""
    return CredentialEntry(**_read(facts), place=place)


def rebuilt(facts: Mapping[str, Any], secrets: Mapping[str, Any]) -> Credential:
    """A credential from the facts and the secrets that were written down."""
    known: dict[str, Any] = {
        name: Secret(text) for name, text in secrets.items() if text is not None
    }
    return Credential(**_read(facts), **known)


def _read(facts: Mapping[str, Any]) -> dict[str, Any]:
    grant = {"grant": Grant.read(facts["grant"])} if facts.get("grant") else {}
    return {**facts, "hosts": tuple(facts["hosts"]), **grant}


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """One process and one thread at a time, by a lock on a file."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        with contextlib.suppress(ImportError):  # Windows has none; renaming is atomic
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
