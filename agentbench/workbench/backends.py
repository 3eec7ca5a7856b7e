"""Backends: from a URL to a store or to locks, imported when asked for."""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from agentbench import feeds, locks, stores, vaults
from agentbench.domain.credential import Credential
from agentbench.domain.errors import BackendError, ServerUnavailable
from agentbench.domain.feed import Feed
from agentbench.domain.lock import Locks
from agentbench.domain.rate import Rates
from agentbench.domain.store import Store
from agentbench.vaults.base import Vault, Vaults
from agentbench.workbench.plugins import load
from agentbench.workbench.settings import Settings

_log = logging.getLogger("agentbench")


def open_store(settings: Settings) -> Store:
    """The store of the settings; what is wrong with it is said at once, in a warning.

    Raises:
        StoreError: it cannot be opened.
        BackendError: no store knows the URL's scheme.
    """
    url = settings.store_url
    store: Store = _pick(stores.BACKENDS, url, "store")(
        url, durability=settings.durability, quota=settings.quota
    )
    for notice in getattr(store, "notices", []):
        _log.warning("%s", notice)
    return store


def open_feed(url: str, store: Store) -> Feed:
    """The feed over the server of a URL; where that can carry none, this process's own."""
    scheme = url.partition(":")[0]
    if store.url.startswith("memory:") or scheme not in feeds.BACKENDS:
        # Nobody else can read the events, so nobody else need hear of them.
        url, scheme = LOCAL, "local"
    return load(feeds.BACKENDS[scheme])(url, log=store)  # type: ignore[no-any-return]


def open_vaults(
    settings: Settings, on_reveal: Callable[[Credential], None], *more: Vault
) -> Vaults:
    """Every place where credentials may be kept; opening them reads nothing.

    What others keep comes after the environment and before what is kept by us.
    """
    ours, *rest = (load(it)(settings.home) for it in vaults.VAULTS)
    return Vaults([ours, *more, *rest], on_reveal)


LOCAL = "local:"
"""Locks that hold within this kernel only; for who asks for it."""


class LockServer:
    """The locks and rates of a workbench, and the server under them when it is our own.

    `note` says in words what is in use; it is shown by `agentbench doctor`. `url` is
    not to be shown: it may hold a password.
    """

    def __init__(self, settings: Settings) -> None:
        self._own: Any = None
        self._rates: Rates | None = None
        self._making = threading.Lock()
        self.url, self.note = self._choose(settings)
        make = _pick(locks.BACKENDS, self.url, "lock")
        shared = {} if self.url == LOCAL else {"lease": settings.lease}
        self.locks: Locks = make(self.url, **shared)

    @property
    def rates(self) -> Rates:
        """How often something may be done, by all who share the locks."""
        with self._making:  # two firings may ask at once, each in a thread
            if self._rates is None:
                self._rates = _pick(locks.RATES, self.url, "rate")(self.url)
            return self._rates

    async def let_go(self) -> None:
        """Closes the connections of both."""
        await self.locks.close()
        if self._rates is not None:
            await self._rates.close()

    def close(self) -> None:
        """Leaves the server; the last kernel to leave ends it."""
        if self._own is not None:
            with contextlib.suppress(BackendError):
                self._own.close()

    def _choose(self, settings: Settings) -> tuple[str, str]:
        """The URL, and what it is in words."""
        if settings.redis_url == LOCAL:
            return LOCAL, "locks of this kernel only, as AGENTBENCH_REDIS_URL asks for"
        file = f"sqlite:///{settings.home / 'run' / 'locks.db'}"
        if settings.redis_url.startswith("sqlite:"):
            named = settings.redis_url
            place = file if named.rstrip("/") == "sqlite:" else named
            return place, "a file, shared by the kernels of this machine"
        if settings.redis_url:
            return settings.redis_url, "the server named by AGENTBENCH_REDIS_URL"
        from agentbench.embedded.valkey import ValkeyServer

        try:
            self._own = ValkeyServer(settings.home / "run")
            url: str = self._own.start()
        except ServerUnavailable as error:
            self._own = None
            return file, (
                "a file, shared by the kernels of this machine, since there is no"
                f" server: {error}"
            )
        return url, "the embedded Valkey server, shared by this user's kernels"


def _pick(backends: Mapping[str, str], url: str, kind: str) -> Any:
    scheme = url.partition(":")[0]
    if scheme not in backends:
        known = ", ".join(f"{name}:" for name in backends)
        message = f"No {kind} knows the URL scheme {scheme!r}. There is: {known}"
        raise BackendError(message)
    return load(backends[scheme])
