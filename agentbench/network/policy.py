"""Policy: which hosts may be reached, and by which of their addresses."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection

from agentbench.domain.errors import Offline, OutboundRefused
from agentbench.network.addresses import why_not_public

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Gives the numeric addresses of a host."""


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver gives."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Policy:
    """Public addresses are open; others only where a setting names their host.

    `allowed_hosts` holds entries like `127.0.0.1:8000` or `intranet.example`.
    """

    def __init__(
        self,
        allowed_hosts: Collection[str] = (),
        *,
        offline: bool = False,
        resolve: Resolve = looked_up,
    ) -> None:
        self._allowed = {host.strip().lower() for host in allowed_hosts}
        self._offline = offline
        self._resolve = resolve

    def admit(self, what: str) -> None:
        """Lets something out, or says that nothing is.

        Raises:
            Offline: `AGENTBENCH_OFFLINE` is set.
        """
        if self._offline:
            raise Offline(what)

    def allow(self, host: str) -> None:
        """Lets a host (`name` or `name:port`) be reached from now on."""
        self._allowed.add(host.strip().lower())

    def is_allowed(self, host: str, port: int) -> bool:
        """Whether a setting names this host, so that none of its addresses is closed."""
        name = host.lower().rstrip(".")
        bracketed = f"[{name}]" if ":" in name else name
        return not self._allowed.isdisjoint({name, bracketed, f"{bracketed}:{port}"})

    async def addresses(self, host: str, port: int) -> list[str]:
        """Every numeric address of a host, looked up once; all of them may be dialled.

        Raises:
            OutboundRefused: one of them is closed, or nothing is let out at all.
            ConnectionError: none is known.
        """
        self.admit(f"What was meant for {host}")
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ConnectionError(f"no address is known for {host}") from error
        if not addresses:
            raise ConnectionError(f"no address is known for {host}")
        if self.is_allowed(host, port):
            return addresses
        for address in addresses:
            reason = why_not_public(address)
            if reason:
                raise refusal(host, port, address, reason)
        return addresses


def cut(url: str) -> str:
    """The URL as messages show it: without password or query, which may be secrets."""
    shown = url.partition("#")[0].partition("?")[0]
    scheme, separator, rest = shown.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def not_asked(url: str, reason: str) -> OutboundRefused:
    """What is said of an address that cannot be asked at all."""
    return OutboundRefused(f"{cut(url)!r} was not asked: {reason}")


def refusal(host: str, port: int, address: str, reason: str) -> OutboundRefused:
    """What is said of an address that is not public."""
    name = f"[{host}]" if ":" in host else host
    known = name if address == host else f"{name} ({address})"
    entry = f"{name}:{port}"
    return OutboundRefused(
        f"{known} was not contacted: it is {reason}, and only public addresses are"
        " reached. If you trust it, allow it with"
        f" AGENTBENCH_ALLOWED_HOSTS={entry} (commas between several), or in this kernel"
        f' with ab.allow_host("{entry}").'
    )
