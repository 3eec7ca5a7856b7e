"""MemoryStore: keeps everything in this process, and nothing beyond it."""

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace

from agentbench.domain.errors import StoreError, UnknownRun
from agentbench.domain.event import Event, decode_event
from agentbench.domain.run import RunStatus
from agentbench.domain.store import (
    GRACE_SECONDS,
    AgentVersion,
    Durability,
    RunRecord,
    Swept,
    document_hash,
    is_part,
)
from agentbench.stores.base import Quota, lines_of, named_blobs, rows_of


class MemoryStore:
    """A store for tests and for work that need not outlive its kernel.

    Events and blobs are kept as bytes, as every store keeps them: what a block does
    to a value afterwards does not reach back into the log.
    """

    def __init__(
        self,
        url: str = "memory:",
        *,
        durability: Durability = Durability.FAST,
        quota: int = 0,
    ) -> None:
        del durability  # nothing here outlives the kernel
        self.url = url
        self.notices: list[str] = []
        self._lock = threading.RLock()
        self._is_closed = False
        self._runs: dict[str, RunRecord] = {}
        self._events: dict[str, list[bytes]] = {}
        self._blobs: dict[str, bytes] = {}
        self._put: dict[str, float] = {}
        self._quota = Quota(quota, url, self._measure)
        self._versions: dict[str, list[AgentVersion]] = {}
        self._documents: dict[str, str] = {}

    def create_run(
        self,
        record: RunRecord,
        *,
        document: str = "",
        events: Sequence[Event] = (),
    ) -> "Future[None]":
        return _done(lambda: self._create(record, document, events))

    def add_runs(self, runs: Sequence[tuple[RunRecord, Iterable[Event]]]) -> None:
        added = {
            record.id: (record, [row[2].encode() for row in rows_of(record.id, events)])
            for record, events in runs
        }
        with self._writing():
            for id in added:
                if id in self._runs:
                    raise StoreError(f"There is already a run {id!r}.")
            for id, (record, lines) in added.items():
                self._runs[id] = replace(record, last_seq=len(lines))
                self._events[id] = lines

    def claim_run(self, run: str, *, owner: str, fence: int) -> RunRecord:
        with self._writing():
            self._runs[run] = self.run(run).claimed(owner=owner, fence=fence)
            return self._runs[run]

    def append(
        self,
        run: str,
        events: Sequence[Event],
        *,
        fence: int,
        status: RunStatus | None = None,
        durability: Durability | None = None,
    ) -> "Future[None]":
        return _done(lambda: self._extend(run, events, fence=fence, status=status))

    def _create(
        self, record: RunRecord, document: str, events: Sequence[Event]
    ) -> None:
        with self._writing():
            if record.id in self._runs:
                raise StoreError(f"There is already a run {record.id!r}.")
            self._runs[record.id] = replace(record, last_seq=0)
            self._events[record.id] = []
            try:
                self._extend(record.id, events, fence=record.fence, status=None)
            except StoreError:
                self.delete_run(record.id)
                raise
            if document:
                self.put_document(document)

    def delete_run(self, run: str) -> None:
        with self._writing():
            self.run(run)
            del self._runs[run], self._events[run]

    def _extend(
        self, run: str, events: Sequence[Event], *, fence: int, status: RunStatus | None
    ) -> None:
        lines = lines_of(run, events)
        with self._writing():
            self._runs[run] = self.run(run).extended(
                events, fence=fence, status=status, now=time.time()
            )
            self._events[run] += lines

    def events(
        self, run: str, *, after: int = 0, limit: int | None = None
    ) -> list[Event]:
        first = max(after, 0)
        last = None if limit is None else first + max(limit, 0)
        with self._lock:
            lines = self._events.get(run, [])[first:last]
        return [decode_event(line) for line in lines]

    def run(self, run: str) -> RunRecord:
        with self._lock:
            if run not in self._runs:
                raise UnknownRun(run, self._runs)
            return self._runs[run]

    def runs(
        self,
        *,
        agent: str | None = None,
        limit: int = 100,
        under: str = "",
        statuses: Collection[RunStatus] = (),
        since: float = 0.0,
    ) -> list[RunRecord]:
        with self._lock:
            newest_last = sorted(self._runs.values(), key=lambda run: run.started)
        found = [
            run
            for run in reversed(newest_last)
            if agent in {None, run.agent} and is_part(run.id, under)
            if run.started >= since and (not statuses or run.status in statuses)
        ]
        return found[: max(limit, 0)]

    def put_blob(self, data: bytes) -> str:
        blob = hashlib.sha256(data).hexdigest()
        with self._writing():
            if blob not in self._blobs:
                self._quota.take(len(data))
                self._blobs[blob] = bytes(data)
            self._put[blob] = time.monotonic()
        return blob

    def write_blob(self, parts: Iterable[bytes]) -> str:
        return self.put_blob(b"".join(parts))

    def get_blob(self, blob: str) -> bytes:
        with self._lock:
            if blob not in self._blobs:
                raise StoreError(f"The value {blob} is missing from the store.")
            return self._blobs[blob]

    def read_blob(self, blob: str) -> Iterator[bytes]:
        return iter([self.get_blob(blob)])

    def has_blob(self, blob: str) -> bool:
        with self._lock:
            if blob not in self._blobs:
                return False
            self._put[blob] = time.monotonic()
            return True

    def sweep_blobs(self, *, age: float = GRACE_SECONDS) -> Swept:
        with self._writing():
            used: set[str] = set()
            for text in self._texts():
                used.update(named_blobs(text))
            before = time.monotonic() - age
            unused = [
                blob
                for blob, put in self._put.items()
                if blob not in used and put <= before
            ]
            size = sum(len(self._blobs.pop(blob)) for blob in unused)
            for blob in unused:
                del self._put[blob]
        return Swept(count=len(unused), size=size)

    def _texts(self) -> Iterator[str]:
        for lines in self._events.values():
            yield from (line.decode() for line in lines)
        yield from self._documents.values()

    def _measure(self) -> int:
        return sum(map(len, self._blobs.values()))

    def save_agent(
        self,
        name: str,
        document: str,
        *,
        parent: str | None = None,
        force: bool = False,
    ) -> AgentVersion:
        change = AgentVersion(
            name=name,
            number=1,
            hash=document_hash(document),
            saved=time.time(),
            parent=parent or "",
        )
        with self._writing():
            newest = next(iter(self.versions(name)), None)
            version = change.after(newest, force=force)
            if version is not newest:
                self._documents[version.hash] = document
                self._versions.setdefault(name, []).append(version)
            return version

    def agent(
        self, name: str, number: int | None = None
    ) -> tuple[AgentVersion, str] | None:
        with self._lock:
            for version in self.versions(name):
                if number in {None, version.number}:
                    return version, self._documents[version.hash]
        return None

    def agents(self) -> list[AgentVersion]:
        with self._lock:
            return [versions[-1] for _, versions in sorted(self._versions.items())]

    def versions(self, name: str) -> list[AgentVersion]:
        with self._lock:
            return self._versions.get(name, [])[::-1]

    def put_document(self, document: str) -> str:
        name = document_hash(document)
        with self._writing():
            self._documents[name] = document
        return name

    def document(self, hash: str) -> str:
        with self._lock:
            if hash not in self._documents:
                raise StoreError(f"The store has no document {hash}.")
            return self._documents[hash]

    def flush(self, *, durability: Durability | None = None) -> None:
        """There is nothing to wait for."""

    def close(self) -> None:
        with self._lock:
            self._is_closed = True

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._is_closed:
                raise StoreError(f"The store {self.url} is closed.")
            yield


def _done(work: Callable[[], None]) -> "Future[None]":
    """Does it, and says how it went as one that takes its time would."""
    future: Future[None] = Future()
    try:
        work()
    except (StoreError, UnknownRun) as error:
        future.set_exception(error)
    else:
        future.set_result(None)
    return future
