"""`ab.credentials`: adding, listing, testing and deleting what is secret."""

import getpass
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from agentbench.domain.credential import (
    KINDS,
    Credential,
    CredentialEntry,
    CredentialKind,
    Secret,
    why_no_name,
)
from agentbench.domain.errors import CredentialError, CredentialInvalid, OutboundRefused
from agentbench.domain.familiar import familiar
from agentbench.domain.grant import Grantor
from agentbench.domain.grantors import familiar_grantor
from agentbench.workbench.granting import PATIENCE, Granting, Wish
from agentbench.workbench.workbench import Workbench, workbench

REFUSED = (401, 403)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What came of trying a credential: `is_good` is None where nobody can say."""

    name: str
    is_good: bool | None
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


class CredentialDesk:
    """The credentials of this user. A secret goes in and is never shown again."""

    def __init__(self, bench: Callable[[], Workbench] = workbench) -> None:
        self._bench = bench

    def add(
        self,
        name: str,
        *,
        kind: str = "",
        hosts: Iterable[str] | str = (),
        user: str = "",
        header: str = "",
        ask: Callable[[str], str] | None = None,
    ) -> CredentialEntry:
        """Asks for a secret and keeps it under a name; one of that name is replaced.

        The secret is no argument, on purpose: what is typed into a cell stays in the
        notebook and in the history.

        Args:
            name: what graphs call it: small letters, digits, `-`, `_`, `.` and `/`.
            kind: `api_key`, `user_password`, `oauth2` or `header`.
            hosts: where it may be sent to; may be left out for a name that is known,
                such as `openai` or `github`.
            user: whose password it is.
            header: the header that carries it, where it is not `Authorization`.
            ask: what asks for it, with the words to ask with; by default a prompt that
                does not show what is typed.

        Raises:
            CredentialInvalid: it cannot be kept like that.
        """
        known, entries = familiar(name), {it.name: it for it in self.list()}
        reason = why_no_name(name)
        if reason:
            raise CredentialInvalid("…", reason)
        before = entries.get(name)
        found = [hosts] if isinstance(hosts, str) and hosts else list(hosts)
        found = found or list(before.hosts if before else known.hosts)
        kind = kind.replace("-", "_") or (before.kind if before else known.kind)
        facts: dict[str, Any] = {
            "user": user or (before.user if before else ""),
            "header": header or (before.header if before else known.header),
            "hosts": tuple(host.strip().lower() for host in found),
            "kind": _kind(name, kind),
        }
        # What is wrong is said before anybody types a secret.
        Credential(name=name, secret=Secret("?"), **facts)
        words = (
            f"Password of {facts['user']}" if facts["user"] else f"Secret of {name!r}"
        )
        secret = Secret((ask or getpass.getpass)(f"{words}: ").strip())
        return self._bench().credentials.add(
            Credential(name=name, secret=secret, **facts)
        )

    def list(self) -> list[CredentialEntry]:
        """What there is: names, kinds and hosts, never a secret."""
        return list(self._bench().credentials.entries())

    def test(self, name: str, url: str = "") -> Trial:
        """Sends a credential to a URL of one of its hosts, and says what came of it.

        Without a URL, the known one for the name is taken, else the first host's `/`.

        Raises:
            UnknownCredential: there is none of that name.
            CredentialRefused: the URL is of another host.
        """
        bench = self._bench()
        entry = bench.credentials.get(name)
        known = familiar_grantor(name) if entry.grant else familiar(name)
        url = url or (known.test if known else "") or _first(entry.hosts)
        if not url:
            text = "it can be read; give a URL to try it at."
            return Trial(name=name, is_good=None, text=text)
        asking = bench.outbound.request("GET", url, credential=name, timeout=15)
        try:
            answer = bench.loop.submit(asking).result()
        except (CredentialError, OutboundRefused):
            raise
        except ConnectionError as error:
            return Trial(name=name, is_good=None, text=f"it can be read, but {error}")
        where = url.partition("?")[0]
        if answer.status in REFUSED:
            text = f"{where} refused it ({answer.status})."
            if entry.grant is not None:
                text += " If the consent was withdrawn, connect it again."
            return Trial(name=name, is_good=False, text=text)
        is_good = True if answer.is_success else None
        text = f"{where} answered {answer.status}."
        return Trial(name=name, is_good=is_good, text=text)

    def connect(
        self,
        name: str,
        *,
        client: str = "",
        scopes: Iterable[str] | str = (),
        hosts: Iterable[str] | str = (),
        grantor: Grantor | None = None,
        port: int = 0,
        paste: bool = False,
        redirect: str = "",
        ask: Callable[[str], str] | None = None,
        show: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
    ) -> CredentialEntry:
        """Asks an OAuth2 provider for a token: shows a page to open, and keeps what comes.

        The token is renewed by itself when it ends. Connecting again asks for what was
        asked for before, unless told otherwise.

        Args:
            name: what graphs call it. A provider that is known (`google`, `github`,
                `google/drive` …) needs no `grantor` and no `hosts`.
            client: the id of your application, as its provider gave it to you.
            scopes: what the token is to be good for.
            hosts: where it may be sent to.
            grantor: the pages of a provider that is not known.
            port: where to listen for the answer on 127.0.0.1, where the provider wants
                to know it beforehand; by default one that is free.
            paste: listen nowhere, but ask for the address that the browser ends at: for
                a kernel on another machine than the browser.
            redirect: where the provider sends the browser back to, with `paste`.
            ask: what asks for a secret, as in `add`.
            show: what shows the page's address; by default it is printed.
            patience: seconds that somebody has to consent.

        Raises:
            CredentialInvalid: it cannot be asked for like that.
            ConsentFailed: the answer is no, or there was none.
        """
        granting = Granting(self._bench())
        wish = _wish(name, client, scopes, hosts, grantor)
        show = show or _shown
        if paste or redirect:
            wanted = granting.wanted(wish, ask)
            return granting.pasted(wanted, show, ask, redirect=redirect, port=port)
        waiting = self.begin(wish, ask=ask, show=show, port=port, patience=patience)
        try:
            return waiting.result()
        finally:
            waiting.cancel()

    def begin(
        self,
        wish: Wish,
        *,
        ask: Callable[[str], str] | None,
        show: Callable[[str], None],
        port: int = 0,
        patience: float = PATIENCE,
    ) -> "Future[CredentialEntry]":
        """As `connect`, but returns while somebody is still to consent; cancel it to give up."""
        granting = Granting(self._bench())
        wanted = granting.wanted(wish, ask)
        return granting.begun(wanted, show, port=port, patience=patience)

    def rotate(self) -> str:
        """Seals what is kept in a file with a new key; says what was done.

        Raises:
            CredentialsUnreadable: something of it cannot be read; nothing was changed.
        """
        return "\n".join(
            f"Sealed {count} credential{'s' if count != 1 else ''} in the {place} with"
            " a new key; the old one opens nothing any more."
            for place, count in self._bench().vaults.rotate()
        )

    def delete(self, name: str) -> str:
        """Forgets a credential, and takes its token back where its provider can do that.

        Returns what came of it, in words.

        Raises:
            UnknownCredential: there is none of that name.
            CredentialInvalid: it comes from the environment.
        """
        bench = self._bench()
        kept = bench.credentials.as_kept(name)
        reason = bench.credentials.withdraw(name)
        if kept is None or kept.grant is None:
            return f"Forgot {name!r}."
        where = urlsplit(kept.grant.grantor.asks).hostname
        if reason or not kept.grant.revoke:
            why = f" ({reason.rstrip('.')})" if reason else ""
            return (
                f"Forgot {name!r}. Its token was not taken back{why}: withdraw the"
                f" consent in the settings of your account at {where}."
            )
        return f"Forgot {name!r}, and had {where} take its token back."

    def __repr__(self) -> str:
        return "\n".join(entry_lines(self.list()))


def entry_lines(entries: Sequence[CredentialEntry]) -> list[str]:
    """Credentials as lines of text."""
    if not entries:
        return ["There are no credentials. `%agent credentials add NAME` adds one."]
    rows = [
        (
            entry.name,
            entry.kind.replace("_", " "),
            ", ".join(entry.hosts),
            entry.user,
            f"in the {entry.place}",
        )
        for entry in entries
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(5)]
    return [
        "  ".join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True) if width
        ).rstrip()
        for row in rows
    ]


def _kind(name: str, kind: str) -> CredentialKind:
    for known in KINDS:
        if known == kind:
            return known
    raise CredentialInvalid(
        name, f"its kind is one of {', '.join(KINDS)}, not {kind!r}."
    )


def _wish(
    name: str,
    client: str,
    scopes: Iterable[str] | str,
    hosts: Iterable[str] | str,
    grantor: Grantor | None,
) -> Wish:
    return Wish(
        name=name,
        client=client,
        scopes=_several(scopes),
        hosts=tuple(host.lower() for host in _several(hosts)),
        grantor=grantor,
    )


def _several(given: Iterable[str] | str) -> tuple[str, ...]:
    """`"a, b"` and `["a", "b"]` alike."""
    words = [given] if isinstance(given, str) else given
    return tuple(part for word in words for part in word.replace(",", " ").split())


def _shown(url: str) -> None:
    print(f"Open this page and consent:\n\n  {url}\n", flush=True)  # noqa: T201


def _first(hosts: Sequence[str]) -> str:
    """A URL of the first host that is one, and no pattern."""
    named = next((host for host in hosts if "*" not in host), "")
    is_here = named.partition(":")[0] in ("localhost", "127.0.0.1")
    return named and f"{'http' if is_here else 'https'}://{named}/"


credentials = CredentialDesk()
