"""Store: where runs, values and agents are kept.

The promises, which `tests/conformance/test_store.py` holds every backend to:

1. `append` is durable once its future is done; events come back in order, each once.
   The log of a run has no gaps, and takes nothing more once the run has ended. Runs
   that come whole (`add_runs`) are kept whole or not at all, all of them together.
2. A write with an older fence than the run's is refused (`StaleOwner`), whole.
3. A blob is kept under the hash of its bytes; a damaged one is never handed out. A
   sweep takes only what nothing refers to, and nothing that was put just now.
4. A saved agent version never changes; the same document saved twice is one version.
5. Every method may be called from any thread, and none from an event loop blocks it
   longer than a local read takes.
6. What waits to be written is bounded: who appends faster than the store writes waits,
   a thread in `append`, a coroutine at the future that it awaits.
7. When there is no room (`StorageFull`) or nobody there (`StoreUnreachable`), a write is
   refused whole, and the same one will do once that is over.
"""

import enum
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

from agentbench.domain.errors import SaveConflict, StaleOwner, StoreError
from agentbench.domain.event import Event
from agentbench.domain.run import RunStatus

GRACE_SECONDS = 24 * 3600.0
"""How long a value may be kept before an event refers to it, and no sweep takes it."""


class Durability(enum.StrEnum):
    """What an acknowledged write outlives.

    `fast`: a crash of the kernel, `kill -9` too. `full`: a power cut as well.
    """

    FAST = "fast"
    FULL = "full"


IMPORTED = "a run file"
"""The owner of a run that came from a file, until somebody here goes on with it."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep took away: so many values of so many bytes."""

    count: int
    size: int


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """What the store knows of a run without reading its events.

    Times are seconds since 1970; `ended` is 0 while it goes on. `fence` is the
    number of the newest owner that was let in.
    """

    id: str
    agent: str
    graph: str
    status: RunStatus
    started: float
    ended: float = 0.0
    owner: str = ""
    fence: int = 0
    last_seq: int = 0

    def claimed(self, *, owner: str, fence: int) -> "RunRecord":
        """The run with `owner` let in.

        Raises:
            StaleOwner: one with a higher fence is in already, or another with this one.
        """
        is_tie = fence == self.fence and self.owner not in {"", owner}
        if fence < self.fence or is_tie:
            raise StaleOwner(self.id, fence, self.fence)
        return replace(self, owner=owner, fence=fence)

    def extended(
        self,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None,
        now: float,
    ) -> "RunRecord":
        """The run with more events, and with its new status, if any.

        Raises:
            StaleOwner: the run has an owner with a higher fence.
            StoreError: the run has ended, or the events leave a gap after its last one.
        """
        if fence < self.fence:
            raise StaleOwner(self.id, fence, self.fence)
        if self.status.is_final:
            message = f"The run {self.id} has ended ({self.status}): its log is closed."
            raise StoreError(message)
        for seq, event in enumerate(events, self.last_seq + 1):
            if event.seq != seq:
                message = (
                    f"Event {event.seq} of the run {self.id} was not kept:"
                    f" its log goes on with number {seq}."
                )
                raise StoreError(message)
        status = status or self.status
        ended = (events[-1].at if events else now) if status.is_final else 0.0
        last = self.last_seq + len(events)
        return replace(self, status=status, ended=ended, fence=fence, last_seq=last)


@dataclass(frozen=True, kw_only=True)
class AgentVersion:
    """One immutable version of an agent: `hash` names its document, `number` counts from 1."""

    name: str
    number: int
    hash: str
    saved: float
    parent: str = ""

    def after(self, newest: "AgentVersion | None", *, force: bool) -> "AgentVersion":
        """What saving this gives, with `newest` there: `newest` when they are the same.

        Raises:
            SaveConflict: it did not start from `newest`, and `force` is false.
        """
        if newest is None:
            return self
        if newest.hash == self.hash:
            return newest
        if not force and newest.hash != self.parent:
            raise SaveConflict(f"The agent {self.name!r}", is_opened=bool(self.parent))
        return replace(self, number=newest.number + 1)


def is_part(run: str, under: str) -> bool:
    """Whether a run is a part of `under`, by its id; of nothing, when that is empty."""
    return run.startswith(f"{under}.") if under else "." not in run


def place_of_part(run: str) -> tuple[str, int, int, str]:
    """Where a part stands among its like: its node, its firing, and its number there."""
    _, node, firing, part = run.rsplit(".", 3)
    number = part.partition("~")[0]
    return node, int(firing), int(number) if number.isdigit() else 0, part


def document_hash(document: str) -> str:
    """The SHA-256 of a document's UTF-8, in hex: its name in the store.

    Raises:
        StoreError: it holds characters that UTF-8 does not know (lone surrogates).
    """
    try:
        return hashlib.sha256(document.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise StoreError(f"The document is no valid text: {error}") from error


class RunLog(Protocol):
    """Keeps runs and their events."""

    def create_run(
        self,
        record: RunRecord,
        *,
        document: str = "",
        events: Sequence[Event] = (),
    ) -> "Future[None]":
        """Adds a run, with the document of its graph and its first events: all or nothing.

        Returns at once; the future is done when it is kept, and what is appended
        meanwhile is kept after it.

        Raises:
            StoreError: from the future: there is a run with that id, or the events
                cannot be kept.
        """

    def add_runs(self, runs: Sequence[tuple[RunRecord, Iterable[Event]]]) -> None:
        """Adds runs with all their events, in one transaction: all of them, or nothing.

        Their records stand as given, but for `last_seq`, which is what the events say.
        The events are gone through in the writer's thread, and once more should the
        transaction have to be tried again; what they raise is raised.

        Raises:
            StoreError: there is a run with that id, or the events have a gap.
        """

    def claim_run(self, run: str, *, owner: str, fence: int) -> RunRecord:
        """Lets a new owner in, and returns the run as it stands.

        Raises:
            UnknownRun: there is no such run.
            StaleOwner: one with a higher fence is in already, or another with this one.
        """
        ...

    def append(
        self,
        run: str,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None = None,
        durability: Durability | None = None,
    ) -> "Future[None]":
        """Adds events (and the run's new status, if any) in one transaction.

        The future is done once they are committed, as safely as `durability` says (by
        default: as the store was opened). It fails with `StaleOwner` when the run has a
        newer owner, with `StorageFull` or `StoreUnreachable` when the same append may
        be tried again, with another `StoreError` when it cannot; in each case none of
        the events is kept.
        """
        ...

    def delete_run(self, run: str) -> None:
        """Takes a run away with its events; its values go with the next sweep.

        An owner that still runs it is refused from then on (`UnknownRun`).

        Raises:
            UnknownRun: there is no such run.
        """

    def events(
        self, run: str, *, after: int = 0, limit: int | None = None
    ) -> list[Event]:
        """The committed events of a run with a number above `after`, in order.

        With a `limit`, the first so many of them.
        """
        ...

    def run(self, run: str) -> RunRecord:
        """The record of a run.

        Raises:
            UnknownRun: there is no such run.
        """
        ...

    def runs(
        self,
        *,
        agent: str | None = None,
        limit: int = 100,
        under: str = "",
        statuses: Collection[RunStatus] = (),
        since: float = 0.0,
    ) -> list[RunRecord]:
        """The newest runs first: those that people started, or all parts of `under`.

        With `statuses`, those whose record says one of them; with `since` (seconds since
        1970), those that started then or later.
        """
        ...


class Blobs(Protocol):
    """Keeps bytes under their own hash."""

    def put_blob(self, data: bytes) -> str:
        """Keeps the bytes and returns their SHA-256 in hex. Keeping them twice is once.

        Raises:
            StorageFull: there is no room, or the quota is used up.
        """
        ...

    def write_blob(self, parts: Iterable[bytes]) -> str:
        """The same for bytes that come in parts, with only a few of them in memory."""
        ...

    def get_blob(self, blob: str) -> bytes:
        """The bytes of that hash.

        Raises:
            StoreError: they are missing or damaged.
        """
        ...

    def read_blob(self, blob: str) -> Iterator[bytes]:
        """The same in parts of a few megabytes; all is checked before the first comes."""
        ...

    def has_blob(self, blob: str) -> bool:
        """Whether it is there. Asking keeps it from the sweep as putting it would."""
        ...

    def sweep_blobs(self, *, age: float = GRACE_SECONDS) -> Swept:
        """Takes away the values that no event and no document refers to.

        `age` is in seconds: what was put, or found unused, later than that stays, since
        another kernel may be about to refer to it.
        """
        ...


class Library(Protocol):
    """Keeps agents, version by version."""

    def save_agent(
        self,
        name: str,
        document: str,
        *,
        parent: str | None = None,
        force: bool = False,
    ) -> AgentVersion:
        """Adds a version of an agent, or returns the newest when it is the same.

        `parent` is the hash of the version the change started from, empty for none.

        Raises:
            SaveConflict: the newest version is neither `parent` nor the same document,
                and `force` is false.
        """
        ...

    def agent(
        self, name: str, number: int | None = None
    ) -> tuple[AgentVersion, str] | None:
        """A version of an agent (the newest by default) with its document, or None."""
        ...

    def agents(self) -> list[AgentVersion]:
        """The newest version of every agent, by name."""
        ...

    def versions(self, name: str) -> list[AgentVersion]:
        """Every version of an agent, the newest first."""
        ...

    def put_document(self, document: str) -> str:
        """Keeps a graph document under its hash, outside the library; returns the hash."""
        ...

    def document(self, hash: str) -> str:
        """The document of that hash, saved in the library or not.

        Raises:
            StoreError: there is none.
        """
        ...


class Store(RunLog, Blobs, Library, Protocol):
    """Everything that is kept, behind one door."""

    url: str
    """Where it is, with any password left out; for people to read."""

    notices: list[str]
    """What its user should know, such as damage that was found when it was opened."""

    def flush(self, *, durability: Durability | None = None) -> None:
        """Returns when everything appended so far is committed.

        With `full`, it and the values put so far outlive a power cut from then on.
        """

    def close(self) -> None:
        """Commits what is left and lets go. Closing twice is no error."""
