"""Sweep: takes away the values that nothing refers to any more.

Another kernel may be about to refer to a value that it has just put, or found there. So
it goes in two steps, each after the value's time is `age` seconds back: an unused value
is moved into the folder `unused`, from where a reader or a writer that wants it takes
it back; a later sweep that finds it still unused there takes it away.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Swept
from agentbench.stores.base import named_blobs
from agentbench.stores.sqlite.blobs import UNUSED, BlobFolder
from agentbench.stores.sqlite.schema import APPLICATION

ASIDE = ".damaged-"
"""In the name of every database that was moved aside."""


def sweep(blobs: BlobFolder, read_used: Callable[[], set[str]], age: float) -> Swept:
    """Does both steps, the later one first; returns what was taken away for good."""
    folder = blobs.folder
    if not folder.is_dir():
        return Swept(count=0, size=0)
    before = _now(folder) - age
    # What is used is read after the files: what is put meanwhile is not among them.
    unused_before = list(_old(_files(folder / UNUSED), before))
    old = list(_old(blobs.files(), before))
    used = read_used() if unused_before or old else set()
    count = size = 0
    for path in unused_before:
        with contextlib.suppress(FileNotFoundError):
            if path.name in used:
                path.rename(blobs.path(path.name))
                continue
            size += path.stat().st_size
            path.unlink()
            count += 1
    for path in old:
        if path.name not in used:
            _put_away(path, folder / UNUSED, before)
    return Swept(count=count, size=size)


def used_by(files: Iterable[Path]) -> set[str]:
    """The hashes that any event or document in these databases names.

    Several databases of one folder share its values: a backup's are spared too.

    Raises:
        StoreError: one cannot be read, so nobody knows.
    """
    used: set[str] = set()
    for file in files:
        try:
            with contextlib.closing(_open(file)) as connection:
                (application,) = connection.execute("PRAGMA application_id").fetchone()
                if application == APPLICATION:
                    used.update(_named_in(connection))
        except (sqlite3.Error, OSError) as error:
            if ASIDE not in file.name:
                message = f"{file} cannot be read ({error}), so nothing was swept."
                raise StoreError(message) from error
    return used


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=10.0)
    connection.execute("PRAGMA query_only = ON")
    connection.text_factory = lambda data: data.decode(errors="replace")
    return connection


def _named_in(connection: sqlite3.Connection) -> Iterable[str]:
    for query in (
        "SELECT body FROM events WHERE body LIKE '%\"blob\"%'",
        "SELECT text FROM documents",
    ):
        for (text,) in connection.execute(query):
            yield from named_blobs(text)


def _now(folder: Path) -> float:
    """The time by the clock of the file system, which may be another machine's."""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as mark:
        return os.stat(mark.fileno()).st_mtime  # noqa: PTH116 - it has no path to be sure of


def _files(folder: Path) -> "list[os.DirEntry[str]]":
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _old(files: "Iterable[os.DirEntry[str]]", before: float) -> Iterable[Path]:
    for entry in files:
        with contextlib.suppress(FileNotFoundError):
            if os.stat(entry.path).st_mtime <= before:  # noqa: PTH116
                yield Path(entry.path)


def _put_away(path: Path, folder: Path, before: float) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_mtime > before:  # somebody has just asked for it
            return
        unused = folder / path.name
        path.rename(unused)
        # Its waiting begins now. Should somebody take it back in this moment, the touch
        # fails or does no harm.
        os.utime(unused)
