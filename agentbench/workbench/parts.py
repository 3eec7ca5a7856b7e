"""The parts of a workbench: each is made when it is first used."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import AgentbenchError, StoreError
from agentbench.domain.feed import Feed
from agentbench.domain.rate import Rates
from agentbench.domain.redaction import Redaction
from agentbench.domain.store import Store
from agentbench.engine.loop import EngineLoop
from agentbench.engine.values import ValueKeeper
from agentbench.llm.keys import ProviderKeys
from agentbench.llm.providers import Provider, with_servers
from agentbench.mcp_servers.connection import Surroundings
from agentbench.mcp_servers.servers import McpServers
from agentbench.network.outbound import HttpxOutbound
from agentbench.oauth.endpoint import TokenEndpoint
from agentbench.oauth.renewal import FreshCredentials
from agentbench.stores.notes import FileMemories
from agentbench.vaults.base import Vaults
from agentbench.workbench.backends import (
    LockServer,
    open_feed,
    open_store,
    open_vaults,
)
from agentbench.workbench.consents import UserConsents
from agentbench.workbench.models import JoinedModels
from agentbench.workbench.plugins import Plugins
from agentbench.workbench.replays import Replays
from agentbench.workbench.settings import Settings
from agentbench.workbench.sweeping import sweep_uploads
from agentbench.workbench.troubles import Troubles
from agentbench.workbench.uploads import Uploads
from agentbench.workers.pool import ProcessWorkers

WORKER = (sys.executable, "-P", "-m", "agentbench.workbench.worker")
"""What starts a worker process; without the working directory on its module path."""

LETTING_GO = 5.0
"""Seconds that the lock server's connections have to close."""


class Parts:
    """What a workbench is made of: an `import` opens no file and starts no server."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.plugins = Plugins()
        self.blocks = self.plugins.blocks(lambda: self.mcp_servers.blocks(()))
        self.codecs = Codecs(CODECS)
        self.loop = EngineLoop()
        self.redaction = Redaction()
        """Masks the secrets that were handed out here, in all that is kept and shown."""
        self.troubles = Troubles(self.redaction.text)
        """What went wrong behind a canvas, by the name that the canvas shows."""
        self.workers = ProcessWorkers(
            self.codecs, self.loop.in_thread, WORKER, masked=self.redaction.text
        )
        self.owner = f"process {os.getpid()} on {socket.gethostname()}"
        self.looking = ThreadPoolExecutor(4, thread_name_prefix="agentbench-look")
        """Where previews and inspections are drawn."""
        self._opening = threading.RLock()
        self._joining = threading.RLock()
        """Held while a server may be starting: whoever wants the store need not wait for it."""
        self._is_ready = self._is_let_go = False

    @cached_property
    def renderers(self) -> Any:
        """The registry of renderers."""
        return self.plugins.renderers()

    @property
    def store(self) -> Store:
        """Where runs, values and agents are kept."""
        with self._opening:
            try:
                return self._store
            except OSError as error:
                raise StoreError(f"The store cannot be opened: {error}") from error

    @cached_property
    def _store(self) -> Store:
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return open_store(self.settings)

    @property
    def lock_server(self) -> LockServer:
        """The locks, and the server under them."""
        with self._joining:
            return self._lock_server

    @property
    def opened_lock_server(self) -> LockServer | None:
        """The same if it is there already; never waits."""
        return vars(self).get("_lock_server")

    @cached_property
    def _lock_server(self) -> LockServer:
        self.settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LockServer(self.settings)

    @property
    def feed(self) -> Feed:
        """Tells whoever watches what happens in runs, also in those of other kernels."""
        _ = self.lock_server
        with self._opening:
            return self._feed

    def get_ready(self) -> None:
        """Opens what every run needs, so that the first begins at once; once is enough.

        It waits, in a thread that has no loop. What cannot be opened is said by the run
        that needs it.
        """
        if self._is_ready or self._is_let_go:
            return
        with contextlib.suppress(AgentbenchError):
            _ = self.feed
            # One question, for the client library takes a third of a second to load.
            asyncio.run(self.lock_server.locks.holder("run:"))
            self._is_ready = True

    @cached_property
    def _feed(self) -> Feed:
        return open_feed(self.lock_server.url, self.store)

    @cached_property
    def keeper(self) -> ValueKeeper:
        """Turns values into what is kept, and back."""
        return ValueKeeper(self.codecs, self.store, self.loop.in_thread, self.redaction)

    @cached_property
    def consents(self) -> UserConsents:
        """The code that this user has agreed to."""
        return UserConsents(self.settings.home)

    @cached_property
    def memories(self) -> FileMemories:
        """What agents keep from run to run."""
        return FileMemories(self.settings.home / "memory")

    @cached_property
    def replays(self) -> Replays:
        """Which runs record their calls, or replay them."""
        return Replays(self.settings, self.redaction)

    @cached_property
    def outbound(self) -> HttpxOutbound:
        """The one door to the network."""
        return HttpxOutbound(
            allowed_hosts=self.settings.allowed_hosts,
            offline=self.settings.offline,
            credentials=self.credentials,
            redaction=self.redaction,
        )

    @cached_property
    def uploads(self) -> Uploads:
        """Takes in the files that people bring from a browser."""
        # Old ones go when files are first asked about: whoever never brings any pays nothing.
        self.looking.submit(sweep_uploads, self)
        return Uploads(self.settings.home / "files")

    @cached_property
    def mcp_servers(self) -> McpServers:
        """The MCP servers, whose tools are blocks."""
        around = Surroundings(door=lambda: self.outbound, reveal=self._secret)
        return McpServers(self.settings.home / "mcp.json", around)

    async def _secret(self, credential: str) -> str:
        found = await self.loop.in_thread(self.credentials.get, credential)
        return str(found.secret.reveal())

    @cached_property
    def models(self) -> JoinedModels:
        """The language models of every provider."""
        return JoinedModels(
            self.settings,
            self.providers,
            outbound=self._model_door,
            credentials=lambda: self.credentials,
            rates=self._rates,
            more=self.plugins.models(),
        )

    @cached_property
    def _model_door(self) -> HttpxOutbound:
        """The door, as model servers are reached: who sets one up has allowed its host."""
        named = [self.providers[name].host for name in self.settings.model_servers]
        return HttpxOutbound(
            allowed_hosts=(*self.settings.allowed_hosts, *named),
            offline=self.settings.offline,
            credentials=self.credentials,
            redaction=self.redaction,
        )

    def allow_host(self, host: str) -> None:
        """Lets blocks, and models, of this kernel reach a host that is not public."""
        self.outbound.allow(host)
        self._model_door.allow(host)

    async def _rates(self) -> Rates:
        found: Rates = await self.loop.in_thread(lambda: self.lock_server.rates)
        return found

    @cached_property
    def credentials(self) -> FreshCredentials:
        """The credentials of this user, their tokens fresh."""
        return FreshCredentials(
            self.vaults,
            lambda: self.token_endpoint,
            lambda: self.lock_server.locks,
            owner=self.owner,
        )

    @cached_property
    def token_endpoint(self) -> TokenEndpoint:
        """Asks OAuth2 providers for tokens, by the one door."""
        return TokenEndpoint(self.outbound.unmasked(), self.redaction.text)

    @cached_property
    def vaults(self) -> Vaults:
        """Where the credentials are kept."""
        keys = ProviderKeys(self.providers, os.environ)
        return open_vaults(self.settings, self.redaction.add, keys)

    @cached_property
    def providers(self) -> dict[str, Provider]:
        """Who has models: those that are known, and the servers of the settings."""
        settings = self.settings
        return with_servers(settings.model_servers, by_schema=settings.tools_by_schema)

    def let_go(self) -> None:
        """Closes what was opened. Letting go twice is no error."""
        self._is_let_go = True
        if "models" in self.__dict__:
            with contextlib.suppress(Exception):
                self.loop.submit(self.models.close()).result(timeout=LETTING_GO)
        if "_feed" in self.__dict__:
            self._feed.close()
        if "mcp_servers" in self.__dict__:
            with contextlib.suppress(Exception):
                closing = self.mcp_servers.close_all()
                self.loop.submit(closing).result(timeout=LETTING_GO)
        if "uploads" in self.__dict__:
            self.uploads.close()
        self.workers.close()
        if "_lock_server" in self.__dict__:
            with contextlib.suppress(Exception):
                self.loop.submit(self._lock_server.let_go()).result(timeout=LETTING_GO)
            self._lock_server.close()
        if "_store" in self.__dict__:
            self._store.close()
        self.loop.close()
