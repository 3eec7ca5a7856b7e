"""Locks on a Redis-protocol server: the public face."""

import asyncio
import itertools
import logging
import math
import os
import re
import secrets
from collections.abc import Callable
from typing import Any

from agentbench.domain.errors import LockBackendDown, LockTimeout
from agentbench.locks.base import HeldLease, clock, refuse_reentry
from agentbench.locks.redis.calls import Calls
from agentbench.locks.redis.pushes import Pushes, Turn
from agentbench.locks.redis.renewals import Kept, Renewals
from agentbench.locks.redis.scripts import EVICT, GIVE, SWEEP, TAKE, Script
from agentbench.locks.redis.wire import Wire, without_password

log = logging.getLogger(__name__)

LATE = 0.02
"""Seconds after a lease's end at which a waiter looks: by then the server has seen it."""


class RedisLocks:
    """Locks for all who reach one server and use one namespace.

    `lease` is for how many seconds a lock outlives a holder that has died; `patience`
    for how many an answer of the server is awaited.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: float = 30.0,
        namespace: str = "agentbench",
        patience: float = 5.0,
    ) -> None:
        self.url = without_password(url)
        self._lease, self._namespace, self._patience = lease, namespace, patience
        self._client, self._memory = secrets.token_hex(16), f"{namespace}:memory"
        self._numbers = itertools.count(1)
        self._born = ""
        self._process = os.getpid()
        self._is_closed = False
        # A renewal that connects and then waits in vain must be over before the server
        # lets somebody else in: so for its holder a lease ends by that much earlier.
        brief = min(1.0, lease / 10)
        asking, hearing, renewing = (Wire(url, timeout=t) for t in (1.0, 1.0, brief))
        self._calls = Calls(asking, where=self.url, keep=lease)
        self._renewals = Renewals(
            renewing, lease=lease, margin=4 * brief, say=_owner, sweep=self._sweep()
        )
        self._pushes = Pushes(
            hearing,
            where=self.url,
            channel=self._name("client", self._client),
            interval=min(5.0, lease / 3),
            on_stray=self._give_stray,
            nudge=self._nudge,
        )

    async def acquire(
        self, key: str, *, owner: str, timeout: float | None = 60.0, above: int = 0
    ) -> HeldLease:
        await self._opened()
        if timeout != 0:
            refuse_reentry(self._renewals.lease_of(key))
        entry = self._entry(owner)
        turn = self._pushes.expect(entry)
        lease = None
        try:
            lease = await self._take(key, entry, turn, timeout=timeout, above=above)
            return lease
        finally:
            if lease is None:  # also when cancelled: what was asked is taken back
                self._abandon(key, entry)

    async def holder(self, key: str) -> str:
        await self._opened()
        command = ("HGET", self._name("lock", key), "entry")
        return _owner(await self._calls.ask(command, wait=self._patience))

    async def evict(self, key: str) -> str:
        await self._opened()
        command = self._command(EVICT, key, "")
        return _owner(await self._calls.ask(command, wait=self._patience))

    async def call_holder(self, key: str, call: str) -> bool:
        await self._opened()
        command = ("PUBLISH", self._name("call", key), call)
        return bool(await self._calls.ask(command, wait=self._patience))

    async def listen(
        self, key: str, listener: Callable[[str], None]
    ) -> Callable[[], None]:
        await self._opened()
        channel = self._name("call", key)
        return await self._pushes.listen(channel, listener, wait=self._patience)

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._renewals.close()
        self._pushes.close()
        self._calls.close()
        for part in (self._calls, self._pushes, self._renewals):
            await asyncio.to_thread(part.join, 2.0)

    async def _take(
        self, key: str, entry: str, turn: Turn, *, timeout: float | None, above: int
    ) -> HeldLease:
        asked = clock()
        end = math.inf if timeout is None else asked + timeout
        wait = self._patience
        while True:
            is_last, sent = clock() >= end, clock()
            words = (int(not is_last), above, self._born, self._mark())
            take = self._command(TAKE, key, entry, *words)
            answer: str = await self._calls.ask(take, wait=wait)
            wait = max(self._patience, self._lease)  # who queues may outwait a restart
            fence, again, self._born, *rest = answer.split(" ", 6)
            if lease := self._held(key, entry, int(fence), sent, self._lease):
                return lease
            if is_last:
                raise self._too_long(key, clock() - asked, rest)
            left = end - clock()
            await turn.bell.heard(max(0, min(left, int(again) / 1000 + LATE)))
            self._refuse_closed()
            # We were let in after we asked. If that is not long ago, it is as good as a
            # renewal; else the loop asks again, which is one.
            if lease := self._held(key, entry, turn.fence, sent, self._lease / 3):
                return lease

    def _held(
        self, key: str, entry: str, fence: int, sent: float, within: float
    ) -> HeldLease | None:
        """The lease, if there is a fence and the call that brought it was sent lately."""
        until = self._renewals.until(sent)
        if not fence or clock() > min(sent + within, until):
            return None

        async def let_go() -> None:
            self._renewals.drop(lease)
            await self._give(key, entry)

        lease = HeldLease(
            key,
            fence,
            owner=_owner(entry),
            let_go=let_go,
            abandon=lambda: self._abandon(key, entry),
            until=until,
        )
        keys = (self._name("lock", key), self._name("fence", key))
        due = sent + self._lease / 3
        self._renewals.keep(Kept(lease=lease, entry=entry, keys=keys, due=due))
        return lease

    async def _give(self, key: str, entry: str) -> None:
        self._pushes.forget(entry)
        try:
            command = self._command(GIVE, key, entry)
            await self._calls.ask(command, wait=self._patience)
        except LockBackendDown as error:  # then its time runs out on the server
            log.warning("The lock %r could not be given back: %s", key, error)

    def _abandon(self, key: str, entry: str) -> None:
        self._pushes.forget(entry)
        if not self._is_closed:
            self._calls.post(self._command(GIVE, key, entry))

    def _give_stray(self, lock: str, entry: str) -> None:
        self._abandon(lock.removeprefix(self._name("lock", "")), entry)

    def _nudge(self) -> None:
        """Makes the thread that hears pushes look up."""
        self._calls.post(("PUBLISH", self._pushes.channel, ""))

    def _command(self, script: Script, key: str, entry: str, *words: Any) -> list[Any]:
        keys = [self._name(kind, key) for kind in ("lock", "queue", "fence")]
        keys.append(self._memory)
        return [script, len(keys), *keys, entry, self._name("client", ""), *words]

    def _sweep(self) -> list[Any]:
        pattern = re.sub(r"([][*?^\\-])", r"\\\1", self._namespace) + ":*"
        return [SWEEP, 1, self._memory, self._namespace, pattern]

    def _name(self, kind: str, key: str) -> str:
        return f"{self._namespace}:{kind}:{key}"

    def _entry(self, owner: str) -> str:
        return f"{self._mark()}:{round(self._lease * 1000)}:{owner}"

    def _mark(self) -> str:
        return f"{self._client}:{next(self._numbers)}"

    def _too_long(self, key: str, waited: float, answer: list[str]) -> LockTimeout:
        hush, waiting, age, entry = answer
        holder = _owner(entry)
        if hush != "0" and not holder:
            holder = "somebody from before the lock server was restarted, perhaps"
        held = int(age) / 1000 if entry else None
        return LockTimeout(key, round(waited, 1), holder, int(waiting), age=held)

    async def _opened(self) -> None:
        self._refuse_closed()
        # Who is not heard by the server would be passed over when its turn comes.
        await self._pushes.confirmed(self._pushes.channel, wait=self._patience)

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise LockBackendDown(self.url, "it was closed")
        if self._process != os.getpid():
            reason = "this is a fork of the process that opened it; open your own"
            raise LockBackendDown(self.url, reason)


def _owner(entry: str | None) -> str:
    return entry.split(":", 3)[3] if entry else ""
