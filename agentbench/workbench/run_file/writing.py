"""Writing a run file: from the store to a zip, a part of a value in memory at a time."""

import hashlib
import importlib.metadata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from agentbench.domain.errors import StoreError
from agentbench.domain.event import encode_event
from agentbench.domain.store import RunRecord, Store
from agentbench.domain.value import stored_values
from agentbench.workbench.events import log_pages
from agentbench.workbench.files import replacing
from agentbench.workbench.run_file.layout import (
    ENDING,
    FORMAT,
    MANIFEST,
    VERSION,
    Manifest,
    RunPart,
    graph_name,
    value_name,
)

MOST_PARTS = 1_000_000
"""More parts than a run can have."""

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""One time for all entries: a run that has ended gives the same file each time."""


def write_run(store: Store, run: str, path: Path) -> Path:
    """Writes a run into a file, with the runs of the agents that it called; says where.

    Into a folder, as a file named after the run.

    Of a part of a run, all of the run that it belongs to is written. A run that goes on
    is written as far as it is.

    Raises:
        UnknownRun: there is no such run.
        StoreError: it has not begun, the store cannot read it, or the file cannot be
            written.
    """
    if path.is_dir():
        path /= f"{run.partition('.')[0]}{ENDING}"
    root = store.run(run.partition(".")[0])
    if not root.last_seq:
        raise StoreError(
            f"The run {root.id} has not begun: there is nothing of it yet."
        )
    # What is above comes first: a part may be ahead of its firing, as after a crash, but
    # no log may speak of what the log of a part does not know yet.
    below = store.runs(under=root.id, limit=MOST_PARTS)
    below = sorted(below, key=lambda record: (record.id.count("."), record.id))
    try:
        with replacing(path) as file:
            _Writing(store, file).write([root, *below])
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error
    return path


class _Writing:
    """One run file on its way."""

    def __init__(self, store: Store, file: BinaryIO) -> None:
        self._store = store
        self._zip = zipfile.ZipFile(file, "w")
        self._values: dict[str, int] = {}

    def write(self, records: list[RunRecord]) -> None:
        with self._zip:
            begun = [record for record in records if record.last_seq]
            parts = [self._part(number, one) for number, one in enumerate(begun, 1)]
            for graph in dict.fromkeys(part.graph for part in parts):
                document = self._store.document(graph).encode()
                self._add(graph_name(graph), [document], len(document))
            missing = [blob for blob in self._values if not self._add_value(blob)]
            manifest = Manifest(
                format=f"{FORMAT}/{VERSION}",
                run=records[0].id,
                agent=records[0].agent,
                written_by=f"agentbench {importlib.metadata.version('agentbench')}",
                runs=parts,
                missing=missing,
            )
            text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
            self._add(MANIFEST, [text, b"\n"], len(text))

    def _part(self, number: int, record: RunRecord) -> RunPart:
        name, digest = f"events/{number}.jsonl", hashlib.sha256()
        self._add(name, self._lines(record, digest.update), 0)
        return RunPart(
            id=record.id,
            graph=record.graph,
            events=name,
            count=record.last_seq,
            sha256=digest.hexdigest(),
        )

    def _lines(
        self, record: RunRecord, seen: Callable[[bytes], None]
    ) -> Iterator[bytes]:
        for page in log_pages(self._store, record.id, after=0, last=record.last_seq):
            for event in page:
                for value in stored_values(event):
                    self._values[value.blob] = value.size
                line = encode_event(event) + b"\n"
                seen(line)
                yield line

    def _add_value(self, blob: str) -> bool:
        """Whether it is there to be added: a sweep or a damage may have taken it."""
        try:
            parts = self._store.read_blob(blob)
            # Not packed: what is large is mostly packed already, and so a file that
            # swells when it is read cannot be one of ours.
            self._add(value_name(blob), parts, self._values[blob], is_packed=False)
        except StoreError:
            if self._store.has_blob(blob):
                raise
            return False
        return True

    def _add(
        self, name: str, parts: Iterable[bytes], size: int, *, is_packed: bool = True
    ) -> None:
        parts = iter(parts)
        first = next(parts, b"")  # raises, if it has to, before there is an entry
        info = zipfile.ZipInfo(name, _ALWAYS)
        info.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        info.file_size, info.external_attr = size, 0o644 << 16
        with self._zip.open(info, "w", force_zip64=not size) as entry:
            entry.write(first)
            for part in parts:
                entry.write(part)
