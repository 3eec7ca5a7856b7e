"""`ab.credentials`: adding, listing, testing and deleting what is secret."""

import getpass
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
        words = f"Password of {facts['user']}" if user else f"Secret of {name!r}"
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
        url = url or familiar(name).test or _first(entry.hosts)
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
            return Trial(name=name, is_good=False, text=text)
        is_good = True if answer.is_success else None
        text = f"{where} answered {answer.status}."
        return Trial(name=name, is_good=is_good, text=text)

    def delete(self, name: str) -> None:
        """Forgets a credential.

        Raises:
            UnknownCredential: there is none of that name.
            CredentialInvalid: it comes from the environment.
        """
        self._bench().credentials.delete(name)

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


def _first(hosts: Sequence[str]) -> str:
    """A URL of the first host that is one, and no pattern."""
    named = next((host for host in hosts if "*" not in host), "")
    is_here = named.partition(":")[0] in ("localhost", "127.0.0.1")
    return named and f"{'http' if is_here else 'https'}://{named}/"


credentials = CredentialDesk()
