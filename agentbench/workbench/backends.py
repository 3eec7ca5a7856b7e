"""Backends: from a URL to a store or to locks, imported when asked for."""

import contextlib
from collections.abc import Mapping
from typing import Any

from agentbench import feeds, locks, stores
from agentbench.domain.errors import BackendError, ServerUnavailable
from agentbench.domain.feed import Feed
from agentbench.domain.lock import Locks
from agentbench.domain.store import Store
from agentbench.workbench.plugins import load
from agentbench.workbench.settings import Settings


def open_store(settings: Settings) -> Store:
    """The store of the settings.

    Raises:
        StoreError: it cannot be opened.
        BackendError: no store knows the URL's scheme.
    """
    url = settings.store_url
    store: Store = _pick(stores.BACKENDS, url, "store")(
        url, durability=settings.durability, quota=settings.quota
    )
    return store


def open_feed(url: str, store: Store) -> Feed:
    """The feed over the server of a URL; where that can carry none, this process's own."""
    scheme = url.partition(":")[0]
    if store.url.startswith("memory:") or scheme not in feeds.BACKENDS:
        # Nobody else can read the events, so nobody else need hear of them.
        url, scheme = LOCAL, "local"
    return load(feeds.BACKENDS[scheme])(url, log=store)  # type: ignore[no-any-return]


LOCAL = "local:"
"""Locks that hold within this kernel only."""


class LockServer:
    """The locks of a workbench, and the server under them when it is our own.

    `note` says in words what is in use; it is shown by `agentbench doctor`. `url` is
    not to be shown: it may hold a password.
    """

    def __init__(self, settings: Settings) -> None:
        self._own: Any = None
        url = settings.redis_url
        self.note = "the server named by AGENTBENCH_REDIS_URL"
        if not url:
            url = self._embedded(settings)
        self.url = url
        if url == LOCAL:
            self.locks: Locks = load(locks.BACKENDS["local"])()
        else:
            redis_locks = _pick(locks.BACKENDS, url, "lock")
            self.locks = redis_locks(url, lease=settings.lease)

    def close(self) -> None:
        """Leaves the server; the last kernel to leave ends it."""
        if self._own is not None:
            with contextlib.suppress(BackendError):
                self._own.close()

    def _embedded(self, settings: Settings) -> str:
        from agentbench.embedded.valkey import ValkeyServer

        try:
            self._own = ValkeyServer(settings.home / "run")
            url: str = self._own.start()
        except ServerUnavailable as error:
            self.note = f"locks of this kernel only, since there is no server: {error}"
            return LOCAL
        self.note = "the embedded Valkey server, shared by this user's kernels"
        return url


def _pick(backends: Mapping[str, str], url: str, kind: str) -> Any:
    scheme = url.partition(":")[0]
    if scheme not in backends:
        known = ", ".join(f"{name}:" for name in backends)
        message = f"No {kind} knows the URL scheme {scheme!r}. There is: {known}"
        raise BackendError(message)
    return load(backends[scheme])
