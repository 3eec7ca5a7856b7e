"""Credentials from the environment: `AGENTBENCH_CREDENTIAL_<NAME>`."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentbench.domain.credential import Credential, CredentialEntry
from agentbench.domain.credential import Secret as _Secret
from agentbench.domain.errors import CredentialInvalid
from agentbench.domain.familiar import familiar
from agentbench.vaults.base import entry_of

PREFIX = "AGENTBENCH_CREDENTIAL_"
_MORE = ("_HOSTS", "_KIND", "_USER", "_HEADER")
"""Ends of variables that say more of a credential."""


class EnvironmentVault:
    """Reads credentials from variables; for servers, containers and CI.

    `AGENTBENCH_CREDENTIAL_GITHUB` holds the secret of `github`; with `_HOSTS` behind it
    (commas between several), `_KIND`, `_USER` and `_HEADER` the rest is said, where the
    name is none that is known.
    """

    place = "environment"
    takes_more = False

    def __init__(self, home: Path, environ: Mapping[str, str] | None = None) -> None:
        del home
        self._environ = os.environ if environ is None else environ

    def entries(self) -> list[CredentialEntry]:
        """What the environment holds, as far as it can be used."""
        found = []
        for variable, given in list(self._environ.items()):
            if (
                not variable.startswith(PREFIX)
                or not given
                or self._says_more(variable)
            ):
                continue
            name = variable.removeprefix(PREFIX).lower().replace("_", "-")
            try:
                credential = self.get(name)
            except CredentialInvalid:
                continue  # said when it is asked for
            if credential is not None:
                found.append(entry_of(credential, self.place))
        return found

    def get(self, name: str) -> Credential | None:
        """The credential of that name, or None."""
        variable = PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())
        secret = self._environ.get(variable, "")
        if not secret:
            return None
        known = familiar(name)
        hosts = re.split(r"[\s,]+", self._environ.get(f"{variable}_HOSTS", "").strip())
        facts: dict[str, Any] = {
            "kind": self._environ.get(f"{variable}_KIND", "") or known.kind,
            "user": self._environ.get(f"{variable}_USER", ""),
            "header": self._environ.get(f"{variable}_HEADER", "") or known.header,
        }
        hosts = [host.lower() for host in hosts if host] or list(known.hosts)
        if not hosts:
            reason = f"say where it may be sent to: {variable}_HOSTS=api.example.com"
            raise CredentialInvalid(name, f"{reason} (commas between several).")
        return Credential(
            name=name, hosts=tuple(hosts), secret=_Secret(secret), **facts
        )

    def put(self, credential: Credential) -> None:
        """The environment is not ours to change."""
        raise CredentialInvalid(credential.name, "the environment takes none.")

    def delete(self, name: str) -> bool:
        """The environment is not ours to change."""
        raise CredentialInvalid(name, "it comes from the environment; unset it there.")

    def _says_more(self, variable: str) -> bool:
        return any(
            variable.endswith(end) and self._environ.get(variable.removesuffix(end))
            for end in _MORE
        )
