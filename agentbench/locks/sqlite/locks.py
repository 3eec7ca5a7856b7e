"""Locks in a SQLite file: the public face."""

import asyncio
import functools
import itertools
import math
import os
import secrets
import sqlite3
from collections.abc import Callable

from agentbench.domain.errors import LockBackendDown, LockTimeout
from agentbench.locks.base import (
    CLOSED,
    Bell,
    HeldLease,
    Listeners,
    clock,
    refuse_reentry,
    ring_all,
)
from agentbench.locks.sqlite import tables
from agentbench.locks.sqlite.address import file_of
from agentbench.locks.sqlite.desk import Desk

TURN = 0.01
"""Seconds between two looks at the file while somebody here waits for a lock."""

WORD = 0.1
"""Seconds between two looks at the file while somebody here listens, or holds a lock."""


class Turn:
    """A place in a queue; `fence` is set when its turn has come."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.bell = Bell()
        self.fence = 0


class SqliteLocks:
    """Locks for all the kernels of one machine that open one file; there is no server.

    Who waits looks at the file every `TURN` seconds, who listens every `WORD` seconds:
    a lock changes hands a little later than on a server. `lease` is for how many
    seconds a lock outlives a holder that has died, `patience` for how many the file
    may be busy.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: float = 30.0,
        namespace: str = "agentbench",
        patience: float = 5.0,
    ) -> None:
        path = file_of(url)
        self.url = f"sqlite:///{path}"
        self._lease, self._namespace, self._patience = lease, namespace, patience
        self._margin = min(2.0, lease / 4)
        self._client = secrets.token_hex(16)
        self._numbers = itertools.count(1)
        self._process = os.getpid()
        self._is_closed = False
        self._turns: dict[str, Turn] = {}
        self._held: dict[str, HeldLease] = {}
        self._listeners = Listeners()
        self._heard_for: set[str] = set()
        self._last_word = 0
        self._beat = -math.inf
        self._desk = Desk(
            path,
            where=self.url,
            keep=lease,
            look=self._look,
            check=self._lose_what_is_over,
        )

    async def acquire(
        self, key: str, *, owner: str, timeout: float | None = 60.0, above: int = 0
    ) -> HeldLease:
        self._refuse_closed()
        if timeout != 0:
            refuse_reentry(self._lease_of(key))
        entry = f"{self._client}:{next(self._numbers)}"
        turn = self._turns[entry] = Turn(key)
        lease = None
        try:
            lease = await self._take(entry, turn, owner, timeout, above)
            return lease
        finally:
            if lease is None:  # also when cancelled: what was asked is taken back
                self._abandon(key, entry)

    async def holder(self, key: str) -> str:
        self._refuse_closed()
        name = self._name(key)
        return await self._desk.ask(
            lambda connection: tables.holder(connection, name), wait=self._patience
        )

    async def evict(self, key: str) -> str:
        self._refuse_closed()
        name = self._name(key)
        return await self._desk.ask(
            lambda connection: tables.evict(connection, name), wait=self._patience
        )

    async def call_holder(self, key: str, call: str) -> bool:
        self._refuse_closed()
        name = self._name(key)
        return await self._desk.ask(
            lambda connection: tables.say(connection, name, call), wait=self._patience
        )

    async def listen(
        self, key: str, listener: Callable[[str], None]
    ) -> Callable[[], None]:
        self._refuse_closed()
        remove = self._listeners.add(self._name(key), listener)
        is_heard = False
        try:
            await self._desk.ask(self._subscribe, wait=self._patience)
            is_heard = True
        finally:
            if not is_heard:
                remove()

        def stop() -> None:
            remove()
            self._desk.wake()

        return stop

    async def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        held = list(self._held.values())
        for lease in held:
            lease.lose(CLOSED)
        if not held:  # else others wait, as for one who has died
            self._desk.post(lambda c: tables.forget(c, self._client))
        ring_all([turn.bell for turn in list(self._turns.values())])
        self._desk.close()
        await asyncio.to_thread(self._desk.join, 2.0)

    # ---- taking and giving -------------------------------------------------

    async def _take(
        self, entry: str, turn: Turn, owner: str, timeout: float | None, above: int
    ) -> HeldLease:
        asked = clock()
        end = math.inf if timeout is None else asked + timeout
        while True:
            is_last = clock() >= end
            take = functools.partial(
                self._took, turn.key, entry, owner, above, stays=not is_last
            )
            standing, beat = await self._desk.ask(take, wait=self._patience)
            self._beat = max(self._beat, beat)
            fence = standing.fence or turn.fence
            if fence and (lease := self._hold(turn.key, entry, owner, fence)):
                return lease
            if is_last:
                raise self._too_long(turn.key, clock() - asked, standing)
            # Also rung when our place may be gone: then we ask again.
            await turn.bell.heard(None if end == math.inf else max(0.0, end - clock()))
            self._refuse_closed()
            if turn.fence and (lease := self._hold(turn.key, entry, owner, turn.fence)):
                return lease

    def _took(
        self,
        key: str,
        entry: str,
        owner: str,
        above: int,
        connection: sqlite3.Connection,
        *,
        stays: bool,
    ) -> tuple[tables.Standing, float]:
        beat = self._renew(connection)
        standing = tables.take(
            connection,
            self._name(key),
            entry,
            client=self._client,
            owner=owner,
            above=above,
            stays=stays,
        )
        return standing, beat

    def _hold(self, key: str, entry: str, owner: str, fence: int) -> HeldLease | None:
        """The lease, unless its time is up already."""
        until = self._until()
        if clock() >= until:
            return None

        async def let_go() -> None:
            self._held.pop(entry, None)
            name = self._name(key)
            give = functools.partial(tables.give, key=name, entry=entry)
            try:
                await self._desk.ask(give, wait=self._patience)
            except LockBackendDown:  # then its time runs out
                self._abandon(key, entry)

        lease = HeldLease(
            key,
            fence,
            owner=owner,
            let_go=let_go,
            abandon=lambda: self._abandon(key, entry),
            until=until,
        )
        self._held[entry] = lease
        self._turns.pop(entry, None)
        return lease

    def _abandon(self, key: str, entry: str) -> None:
        self._turns.pop(entry, None)
        self._held.pop(entry, None)
        if not self._is_closed:
            give = functools.partial(tables.give, key=self._name(key), entry=entry)
            self._desk.post(give)

    def _lease_of(self, key: str) -> HeldLease | None:
        held = (lease for lease in list(self._held.values()) if lease.key == key)
        return next((lease for lease in held if lease.is_valid), None)

    def _too_long(self, key: str, waited: float, there: tables.Standing) -> LockTimeout:
        age = clock() - there.since if there.holder else None
        return LockTimeout(key, round(waited, 1), there.holder, there.waiting, age=age)

    # ---- in the desk's thread ----------------------------------------------

    def _look(self, connection: sqlite3.Connection, has_changed: bool) -> float | None:  # noqa: FBT001 - as the desk calls it
        if self._is_closed:
            return None
        if self._listeners.topics() != self._heard_for:
            self._desk.write(self._subscribe)
        if not (self._turns or self._held or self._heard_for):
            return None  # nobody here needs to be alive
        due = self._beat + self._lease / 3
        if clock() >= due or tables.has_dead(connection):
            self._beat = self._desk.write(self._renew)
            self._extend()
            has_changed, due = True, self._beat + self._lease / 3
        if has_changed:
            self._look_for_turns(connection)
            self._look_for_words(connection)
        return min(TURN if self._turns else WORD, max(0.0, due - clock()))

    def _renew(self, connection: sqlite3.Connection) -> float:
        """Says that we live, and returns when; it counts once it is committed."""
        now = clock()
        if not tables.renew(connection, self._client, now + self._lease):
            # New, or taken for dead by others: then nothing of ours is left.
            for lease in list(self._held.values()):
                lease.lose(lease.stall)
            ring_all([turn.bell for turn in list(self._turns.values())])
            tables.listen(connection, self._client, self._heard_for)
        return now

    def _until(self) -> float:
        """When our leases end, for us: earlier than for the others."""
        return self._beat + self._lease - self._margin

    def _extend(self) -> None:
        for lease in list(self._held.values()):
            if not lease.extend(self._until()):
                lease.lose("it was renewed too late")

    def _lose_what_is_over(self) -> None:
        for entry, lease in list(self._held.items()):
            if not lease.is_valid:
                self._held.pop(entry, None)
                trouble = self._desk.trouble
                lease.lose(
                    f"the lock file cannot be used ({trouble})"
                    if trouble
                    else lease.stall
                )

    def _look_for_turns(self, connection: sqlite3.Connection) -> None:
        ours = tables.held(connection, self._client)
        for entry, (name, fence) in ours.items():
            turn = self._turns.get(entry)
            if turn is not None and turn.fence:
                continue
            if turn is not None:
                turn.fence = fence
            elif entry in self._held:
                continue
            # It was cancelled while its turn came, or its loop was closed.
            if turn is None or not turn.bell.ring():
                key = name.removeprefix(self._name(""))
                self._abandon(key, entry)
        for entry, lease in list(self._held.items()):
            if entry not in ours:
                self._held.pop(entry, None)
                lease.lose("it was taken away")

    def _subscribe(self, connection: sqlite3.Connection) -> None:
        """Listens to what somebody here wants to hear, and to nothing else."""
        topics = self._listeners.topics()
        self._renew(connection)
        if not self._heard_for:
            self._last_word = tables.last_word(connection)
        tables.listen(connection, self._client, topics)
        self._heard_for = topics

    def _look_for_words(self, connection: sqlite3.Connection) -> None:
        if not self._heard_for:
            return
        for number, name, word in tables.words(connection, self._last_word):
            self._last_word = number
            self._listeners.tell(name, word)

    def _name(self, key: str) -> str:
        return f"{self._namespace}:{key}"

    def _refuse_closed(self) -> None:
        if self._is_closed:
            raise LockBackendDown(self.url, "it was closed")
        if self._process != os.getpid():
            reason = "this is a fork of the process that opened it; open your own"
            raise LockBackendDown(self.url, reason)
