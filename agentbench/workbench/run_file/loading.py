"""Loading a run file into a store: all of it, or nothing."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agentbench.domain.errors import RunClash, StoreError, UnknownRun
from agentbench.domain.event import Event, encode_event
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.store import Store
from agentbench.workbench.events import log_pages
from agentbench.workbench.run_file.archive import Archive
from agentbench.workbench.run_file.checking import check
from agentbench.workbench.run_file.layout import MOST_BYTES, RunPart


def load_run(
    store: Store, path: Path, blocks: BlockRegistry, *, most_bytes: int = MOST_BYTES
) -> str:
    """Takes the runs of a file into a store and returns the id of the topmost.

    They are only kept: nobody owns them, and nothing of them is carried out. What is
    there already, and is the same, stays. `most_bytes` is how much the file may hold.

    Raises:
        RunFileError: the file is no run file, or a damaged or hostile one.
        RunClash: the store has another run of that id.
        StoreError: the store could not keep it.
    """
    with Archive(path, most_bytes=most_bytes) as archive:
        checked = check(archive, blocks)
        parts = archive.manifest.runs
        new = [part for part in parts if not _is_there(store, archive, part)]
        if not new:
            return archive.manifest.run
        # Values and graphs first: should it end here, they are swept, and nobody has
        # seen a run that lacks some.
        for blob in checked.values:
            if not store.has_blob(blob):
                _put_value(store, archive, blob)
        for graph in {part.graph for part in new}:
            store.put_document(archive.document(graph))
        store.add_runs(
            [(checked.records[part.id], _Log(archive, part)) for part in new]
        )
        return archive.manifest.run


@dataclass(frozen=True)
class _Log(Iterable[Event]):
    """A log in the file, which may be read again from its beginning."""

    archive: Archive
    part: RunPart

    def __iter__(self) -> Iterator[Event]:
        return self.archive.events(self.part)


def _put_value(store: Store, archive: Archive, blob: str) -> None:
    if store.write_blob(archive.value(blob)) != blob:
        raise StoreError(f"The value {blob} was changed while it was read.")


def _is_there(store: Store, archive: Archive, part: RunPart) -> bool:
    """Whether the store has that run already.

    Raises:
        RunClash: it has another of that id.
    """
    try:
        record = store.run(part.id)
    except UnknownRun:
        return False
    difference = ""
    if record.graph != part.graph:
        difference = "its graph is another"
    elif record.last_seq != part.count:
        difference = f"it has {part.count:,} events, and here are {record.last_seq:,}"
    elif _log_hash(store, part) != part.sha256 and (
        seq := _other(store, archive, part)
    ):
        difference = f"its event {seq} is another"
    if difference:
        raise RunClash(part.id, archive.where, difference)
    return True


def _log_hash(store: Store, part: RunPart) -> str:
    """The hash that the log would have in a file that we write."""
    digest = hashlib.sha256()
    for event in _log(store, part):
        digest.update(encode_event(event) + b"\n")
    return digest.hexdigest()


def _other(store: Store, archive: Archive, part: RunPart) -> int:
    """The number of the first event that is not the same; 0 where only its text differs."""
    pairs = zip(_log(store, part), archive.events(part), strict=False)
    seqs = (one.seq for one, other in pairs if encode_event(one) != encode_event(other))
    return next(seqs, 0)


def _log(store: Store, part: RunPart) -> Iterator[Event]:
    pages = log_pages(store, part.id, after=0, last=part.count)
    return (event for page in pages for event in page)
