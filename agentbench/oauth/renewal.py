"""Renewal: the credentials of this user, their OAuth2 tokens fresh.

A refresh token is used once at a time, by whoever holds its lock: many providers take a
second use for theft and end the whole consent. Who waited for the lock finds the tokens
that the one before it got, in the vault that all kernels read.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from agentbench.domain.credential import Credential, CredentialEntry, Credentials
from agentbench.domain.errors import (
    ConsentWithdrawn,
    CredentialNotRenewed,
    LockError,
    UnknownCredential,
)
from agentbench.domain.lock import Locks
from agentbench.oauth.endpoint import TokenEndpoint

Result = TypeVar("Result")


WAITING = 60.0
"""Seconds in which whoever else renews a token is done with it."""


class FreshCredentials:
    """Credentials as they are kept, but that of an OAuth2 token which has ended, or is about to, is renewed before anybody gets it.

    Every method may block, and may be called from any thread, also from one in which an
    event loop runs.
    """

    def __init__(
        self,
        kept: Credentials,
        endpoint: Callable[[], TokenEndpoint],
        locks: Callable[[], Locks],
        *,
        owner: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._kept, self._endpoint, self._locks = kept, endpoint, locks
        self._owner, self._clock = owner, clock
        self._refused: dict[str, tuple[Credential, ConsentWithdrawn]] = {}
        self._turns: dict[str, threading.Lock] = {}

    def get(self, name: str) -> Credential:
        """The credential of that name, secret included, and good for a while.

        Raises:
            UnknownCredential: there is none.
            ConsentWithdrawn: its token has ended, and the provider gives no other.
            CredentialNotRenewed: its token has ended, and there is no other just now.
        """
        found = self._kept.get(name)
        if not found.is_due(self._clock()):
            return found
        try:
            return self._alone(name, self._renewed)
        except (CredentialNotRenewed, LockError) as error:
            if found.expires is not None and self._clock() < found.expires:
                return found  # it is good for a little longer
            if isinstance(error, CredentialNotRenewed):
                raise
            raise CredentialNotRenewed(name, str(error)) from None

    def entries(self) -> Sequence[CredentialEntry]:
        """What there is, by name; no secret is read for it."""
        return self._kept.entries()

    def add(self, credential: Credential) -> CredentialEntry:
        """Keeps a credential, and whatever is being renewed of the old one is forgotten."""

        async def keep(_: str) -> CredentialEntry:
            return self._kept.add(credential)

        return self._changed(credential.name, keep)

    def delete(self, name: str) -> None:
        """Forgets a credential; nothing that is being renewed brings it back."""

        async def forget(name: str) -> None:
            self._kept.delete(name)

        self._changed(name, forget)

    def withdraw(self, name: str) -> str:
        """Takes the tokens back at the provider, and forgets the credential in any case.

        Returns: why they were not taken back, in words; empty when they were, or when
        there is nothing to take back.
        """

        async def forget(name: str) -> str:
            found = self._kept.get(name)
            reason = ""
            if found.grant is not None and found.grant.revoke:
                reason = await self._endpoint().revoked(found)
            self._kept.delete(name)
            return reason

        return self._changed(name, forget)

    def as_kept(self, name: str) -> Credential | None:
        """The credential as it is kept, fresh or not; None when there is none."""
        with contextlib.suppress(UnknownCredential):
            return self._kept.get(name)
        return None

    async def _renewed(self, name: str) -> Credential:
        """The credential with new tokens; called by who holds its lock."""
        found = self._kept.get(name)
        if not found.is_due(self._clock()):
            return found  # another one was faster
        before, refused = self._refused.get(name, (None, None))
        if refused is not None and before == found:
            raise ConsentWithdrawn(name, refused.where, refused.reason)
        try:
            tokens = await self._endpoint().renewed(found)
        except ConsentWithdrawn as error:
            return self._outrun(found, error)
        fresh = tokens.put_in(found)
        self._kept.add(fresh)
        self._refused.pop(name, None)
        return fresh

    def _outrun(self, found: Credential, error: ConsentWithdrawn) -> Credential:
        """What a kernel with other locks got by the same refresh token, if one did."""
        now = self._kept.get(found.name)
        if now.refresh != found.refresh and not now.is_due(self._clock()):
            return now
        self._refused[found.name] = (found, error)
        raise error

    def _changed(self, name: str, work: Callable[[str], Awaitable[Result]]) -> Result:
        """Changes what is kept; only what may be renewed meanwhile needs the lock."""
        if not any(it.name == name and it.grant for it in self._kept.entries()):
            return _run(work(name))
        try:
            return self._alone(name, work)
        except LockError:  # forgetting must not depend on a server that is down
            return _run(work(name))

    def _alone(self, name: str, work: Callable[[str], Awaitable[Result]]) -> Result:
        """Does something while nobody else does so with that credential, here or elsewhere."""

        async def held() -> Result:
            lease = await self._locks().acquire(
                f"credential:{name}", owner=self._owner, timeout=WAITING
            )
            try:
                return await work(name)
            finally:
                await lease.release()

        # Threads of this process wait here first: one event loop for all of them is enough.
        with self._turns.setdefault(name, threading.Lock()):
            return _run(held())


def _run(work: Awaitable[Result]) -> Result:
    """Carries something out in an event loop of its own.

    Not in the engine's: its threads may all be waiting for this very credential.
    """

    async def carried() -> Result:
        return await work

    with ThreadPoolExecutor(1, "agentbench-oauth") as own:
        return own.submit(asyncio.run, carried()).result()
