"""Granting: what is asked for when a credential is to come from an OAuth2 provider."""

import concurrent.futures
import getpass
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from agentbench.domain.credential import (
    Credential,
    CredentialEntry,
    Secret,
    why_no_name,
)
from agentbench.domain.errors import CredentialInvalid, Offline
from agentbench.domain.grant import Grant, Grantor
from agentbench.domain.grantors import GRANTORS, familiar_grantor
from agentbench.oauth.asking import Asking
from agentbench.workbench.workbench import Workbench

PASTE = "The address that the browser was sent to, copied whole: "
PATIENCE = 600.0
"""Seconds that a person has to consent."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to be granted; what is left out is known, or was said before."""

    name: str
    client: str = ""
    scopes: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    grantor: Grantor | None = None

    def credential(self, before: Credential | None) -> Credential:
        """The credential that is wanted, its secret still to come.

        Raises:
            CredentialInvalid: it cannot be asked for like that.
        """
        reason = why_no_name(self.name)
        if reason:
            raise CredentialInvalid("…", reason)
        known = familiar_grantor(self.name)
        had = before.grant if before else None
        usual = had.grantor if had else known.grantor if known else None
        grantor = self.grantor or usual
        if grantor is None:
            reason = (
                "nobody knows who grants it. Name the pages of its provider with"
                f" --asks-url and --token-url, or begin the name with {_some(GRANTORS)}."
            )
            raise CredentialInvalid(self.name, reason)
        is_known = known is not None and grantor == known.grantor
        client = self.client or (had.client if had else "")
        if not client:
            where = f" ({known.clients})" if known and is_known else ""
            reason = (
                f"say the id of the client with --client. You make one{where}, and have"
                " it send people back to http://127.0.0.1/callback."
            )
            raise CredentialInvalid(self.name, reason)
        scopes = self.scopes or (had.scopes if had else ()) or grantor.scopes
        hosts = self.hosts or (before.hosts if before and had else ())
        is_same = had is not None and (had.client, had.grantor) == (client, grantor)
        return Credential(
            name=self.name,
            kind="oauth2",
            hosts=hosts or (known.hosts if known and is_known else ()),
            secret=Secret("?"),
            grant=Grant(grantor=grantor, client=client, scopes=scopes),
            client_secret=before.client_secret if before and is_same else None,
        )


class Granting:
    """Asks for consents, from whatever door."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def wanted(self, wish: Wish, ask: Callable[[str], str] | None = None) -> Credential:
        """The credential that is wanted, with the secret of its client.

        The secret is asked for once, and kept with the credential.

        Raises:
            CredentialInvalid: it cannot be asked for like that.
            Offline: nothing is let out.
        """
        if self._bench.settings.offline:
            raise Offline(f"What was meant for the provider of {wish.name!r}")
        before = self._bench.credentials.as_kept(wish.name)
        wanted = wish.credential(before)
        self._bench.vaults.refuse_fixed(
            wish.name, "so what you connect would not be used"
        )
        if before and before.grant and wanted.grant:
            had, has = before.grant, wanted.grant
            if (had.client, had.grantor) == (has.client, has.grantor):
                return wanted
        client = wanted.grant.client if wanted.grant else ""
        words = f"Secret of the client {client} (empty: it has none): "
        given = (ask or getpass.getpass)(words).strip()
        return replace(wanted, client_secret=Secret(given) if given else None)

    def begun(
        self,
        wanted: Credential,
        show: Callable[[str], None],
        *,
        port: int = 0,
        patience: float = PATIENCE,
    ) -> "concurrent.futures.Future[CredentialEntry]":
        """Shows the page to open, listens, and keeps what comes; cancel it to give up."""
        asking = self._asking(wanted)

        async def carried() -> CredentialEntry:
            return await self._kept(
                await asking.by_landing(show, port=port, patience=patience)
            )

        return self._bench.loop.submit(carried())

    def pasted(
        self,
        wanted: Credential,
        show: Callable[[str], None],
        ask: Callable[[str], str] | None = None,
        *,
        redirect: str = "",
        port: int = 0,
    ) -> CredentialEntry:
        """Shows the page to open, and asks for the address that the browser ended at."""
        here = f"http://127.0.0.1{f':{port}' if port else ''}/callback"
        asking = self._asking(wanted)
        asked = asking.question(redirect or here)
        show(asked.url)
        address = Secret((ask or getpass.getpass)(PASTE).strip())

        async def carried() -> CredentialEntry:
            return await self._kept(await asking.by_hand(asked, address))

        return self._bench.loop.submit(carried()).result()

    def _asking(self, wanted: Credential) -> Asking:
        if wanted.grant is None:
            raise CredentialInvalid(wanted.name, "nobody knows who grants it.")
        return Asking(
            wanted=wanted,
            grant=wanted.grant,
            endpoint=self._bench.token_endpoint,
            hide=self._bench.redaction.hide,
        )

    async def _kept(self, granted: Credential) -> CredentialEntry:
        add = self._bench.credentials.add
        entry: CredentialEntry = await self._bench.loop.in_thread(add, granted)
        return entry


def _some(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
