"""Blobs: values as files named by their hash, in a folder beside the database."""

import contextlib
import hashlib
import os
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from agentbench.domain.errors import StoreError
from agentbench.stores.base import Quota
from agentbench.stores.sqlite.faults import blob_error

PART_BYTES = 4 * 1024 * 1024
UNUSED = "unused"
"""Where a sweep puts what nothing refers to, before a later sweep takes it away."""
DAMAGED = "damaged"

_HASH = re.compile(r"[0-9a-f]{64}")


class BlobFolder:
    """Keeps bytes in `<folder>/ab/abcd…`; a file is there whole or not at all.

    With `is_synced` a blob also outlives a power cut, and else once `sync` was called.
    A file's time is when it was last put, for the sweep (`sweep.py`) to go by.
    """

    def __init__(self, folder: Path, *, is_synced: bool, quota: int) -> None:
        self.folder = folder
        self._is_synced = is_synced
        self._quota = Quota(quota, str(folder), self._measure)
        self._lock = threading.Lock()
        self._unsynced: set[Path] = set()

    def put(self, parts: Iterable[bytes]) -> str:
        """Keeps the bytes, given in parts, and returns their hash."""
        with _told(self.folder), self._part_file() as part:
            digest = hashlib.sha256()
            size = 0
            for data in parts:
                self._quota.take(len(data), before=size)
                digest.update(data)
                part.write(data)
                size += len(data)
            blob = digest.hexdigest()
            if not self._holds(blob, size):
                self._move_in(part, blob)
        return blob

    def put_whole(self, data: bytes) -> str:
        """The same for bytes that are all there: what is kept already is not written."""
        blob = hashlib.sha256(data).hexdigest()
        with _told(self.path(blob)):
            if self._holds(blob, len(data)):
                return blob
            self._quota.take(len(data))
            with self._part_file() as part:
                part.write(data)
                self._move_in(part, blob)
        return blob

    def get(self, blob: str) -> bytes:
        """The bytes of that hash, checked, all at once."""
        with self._open_sound(blob) as file:
            return file.read()

    def read(self, blob: str) -> Iterator[bytes]:
        """The same in parts."""
        file = self._open_sound(blob)

        def parts() -> Iterator[bytes]:
            with file:
                while data := file.read(PART_BYTES):
                    yield data

        return parts()

    def has(self, blob: str) -> bool:
        """Whether it is there; its age begins anew."""
        if not _HASH.fullmatch(blob):
            return False
        try:
            os.utime(self._found(blob))
        except OSError:
            return False
        return True

    def sync(self) -> None:
        """Returns when all that was put outlives a power cut."""
        with self._lock:
            unsynced, self._unsynced = self._unsynced, set()
        for path in unsynced:
            with contextlib.suppress(FileNotFoundError), _told(path):
                sync_path(path)
                sync_path(path.parent)

    def path(self, blob: str) -> Path:
        """Where the value of that hash is, or would be."""
        return self.folder / blob[:2] / blob

    def files(self) -> Iterator[os.DirEntry[str]]:
        """Every value that is kept."""
        for folder in _entries(self.folder):
            if len(folder.name) == 2:
                yield from (e for e in _entries(folder) if _HASH.fullmatch(e.name))

    def _measure(self) -> int:
        size = 0
        for entry in self.files():
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat().st_size
        return size

    def _found(self, blob: str) -> Path:
        """Where it is, taken back from the unused ones if a sweep has put it there."""
        path = self.path(blob)
        unused = self.folder / UNUSED / blob
        if not path.exists() and unused.exists():
            with contextlib.suppress(OSError):
                path.parent.mkdir(mode=0o700, exist_ok=True)
                unused.rename(path)
        return path

    def _open_sound(self, blob: str) -> BinaryIO:
        """Its file; a damaged one is moved out of the way, so that it can be put anew."""
        if not _HASH.fullmatch(blob):
            raise StoreError(f"{blob!r} is not the hash of a value.")
        path = self._found(blob)
        try:
            file = path.open("rb")
            try:
                if hashlib.file_digest(file, "sha256").hexdigest() == blob:
                    file.seek(0)
                    return file
            except BaseException:
                file.close()
                raise
            file.close()
        except OSError as error:
            raise StoreError(f"The value {blob} is missing: {error}.") from error
        raise StoreError(f"The value {blob} is damaged{self._set_aside(path)}.")

    def _set_aside(self, path: Path) -> str:
        aside = self.folder / DAMAGED
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            moved = aside / path.name
            path.replace(moved)
            # Somebody may have put it anew since we looked: then it is as it should be.
            if _digest(moved) == path.name:
                moved.replace(path)
                return " (it was just mended: try again)"
        except OSError:
            return f"; see {path}"
        return f"; it was moved to {moved}"

    def _holds(self, blob: str, size: int) -> bool:
        """Compares the content, not only the size, so that a damaged file is mended."""
        try:
            path = self._found(blob)
            if path.stat().st_size != size or _digest(path) != blob:
                return False
            os.utime(path)
            # A sweep may have moved it between the look and the touch.
            return path.exists()
        except FileNotFoundError:
            return False

    @contextlib.contextmanager
    def _part_file(self) -> Iterator["tempfile._TemporaryFileWrapper[bytes]"]:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        part = tempfile.NamedTemporaryFile(  # noqa: SIM115 - removed below, if not moved
            suffix=".part", dir=self.folder, delete=False
        )
        try:
            with part:
                yield part
        finally:
            Path(part.name).unlink(missing_ok=True)

    def _move_in(
        self, part: "tempfile._TemporaryFileWrapper[bytes]", blob: str
    ) -> None:
        part.flush()
        path = self.path(blob)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if self._is_synced:
            os.fsync(part.fileno())
        Path(part.name).replace(path)
        if self._is_synced:
            sync_path(path.parent)
            return
        with self._lock:
            self._unsynced.add(path)


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise blob_error(error, path) from error


def _entries(folder: "Path | os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_path(path: Path) -> None:
    """Has a file, or the names in a folder, reach the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
