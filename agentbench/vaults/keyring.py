"""Credentials in the keyring of the system, where there is one and `keyring` is installed."""

import functools
import json
import threading
from pathlib import Path
from typing import Any

from agentbench.domain.credential import Credential, CredentialEntry
from agentbench.domain.errors import CredentialInvalid, CredentialsUnreadable
from agentbench.vaults.base import alone, entry_from, hidden, rebuilt, shown

SERVICE = "agentbench"
_LIST = "what there is"
"""The item that lists the others: a keyring cannot say what it holds."""


class KeyringVault:
    """Keeps each credential as one item of the keyring, and a list of them as another."""

    place = "keyring"

    def __init__(self, home: Path) -> None:
        self._lock_file = home / "keyring.lock"
        self._changing = threading.Lock()

    @property
    def takes_more(self) -> bool:
        """Whether the system has a keyring that keeps something."""
        return self.backend is not None

    @functools.cached_property
    def backend(self) -> Any:
        """The keyring, or None."""
        try:
            import keyring
        except ImportError:
            return None
        backend = keyring.get_keyring()
        is_real = backend.priority > 0 and not type(backend).__module__.endswith(
            ("backends.fail", "backends.null")
        )
        return backend if is_real else None

    def entries(self) -> list[CredentialEntry]:
        """What the list names."""
        return [entry_from(facts, self.place) for facts in self._listed().values()]

    def get(self, name: str) -> Credential | None:
        """The credential of that name, or None."""
        found = self._item(name) if self.takes_more else None
        if found is None:
            return None
        return rebuilt(found.pop("shown"), found)

    def put(self, credential: Credential) -> None:
        """Keeps a credential, then names it in the list."""
        facts = {"shown": shown(credential), **hidden(credential)}
        # Other kernels change the list as well: without a lock one forgets what another adds.
        with self._changing, alone(self._lock_file):
            self._set(credential.name, facts)
            self._set(_LIST, self._listed() | {credential.name: shown(credential)})

    def delete(self, name: str) -> bool:
        """Forgets a credential."""
        if not self.takes_more or self._item(name) is None:
            return False
        with self._changing, alone(self._lock_file):
            try:
                self.backend.delete_password(SERVICE, name)
            except Exception as error:  # noqa: BLE001 - each system's keyring has its own
                reason = f"the keyring does not let go of it ({type(error).__name__})."
                raise CredentialInvalid(name, reason) from None
            listed = self._listed()
            listed.pop(name, None)
            self._set(_LIST, listed)
        return True

    def _listed(self) -> dict[str, Any]:
        return (self._item(_LIST) if self.takes_more else None) or {}

    def _item(self, name: str) -> dict[str, Any] | None:
        try:
            given = self.backend.get_password(SERVICE, name)
            return None if given is None else dict(json.loads(given))
        except Exception as error:  # noqa: BLE001 - each system's keyring has its own
            reason = f"{type(error).__name__}: {error}"
            raise CredentialsUnreadable("the keyring", reason) from None

    def _set(self, name: str, facts: dict[str, Any]) -> None:
        try:
            self.backend.set_password(SERVICE, name, json.dumps(facts))
        except Exception as error:  # noqa: BLE001
            reason = f"the keyring does not take it ({type(error).__name__})."
            raise CredentialInvalid(name, reason) from None
