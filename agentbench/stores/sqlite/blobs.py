"""Blobs: values as files named by their hash, in a folder beside the database."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from agentbench.domain.errors import StoreError

_HASH = re.compile(r"[0-9a-f]{64}")


class BlobFolder:
    """Keeps bytes in `<folder>/ab/abcd…`; a file is there whole or not at all.

    With `is_synced` a blob also outlives a power cut.
    """

    def __init__(self, folder: Path, *, is_synced: bool) -> None:
        self._folder = folder
        self._is_synced = is_synced

    def put(self, data: bytes) -> str:
        """Keeps the bytes and returns their hash."""
        blob = hashlib.sha256(data).hexdigest()
        path = self._path(blob)
        try:
            if not self._holds(path, data):
                self._write(path, data)
        except OSError as error:
            raise StoreError(f"The value cannot be kept at {path}: {error}.") from error
        return blob

    def get(self, blob: str) -> bytes:
        """The bytes of that hash, checked."""
        if not _HASH.fullmatch(blob):
            raise StoreError(f"{blob!r} is not the hash of a value.")
        path = self._path(blob)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise StoreError(f"The value {blob} is missing: {error}.") from error
        if hashlib.sha256(data).hexdigest() != blob:
            raise StoreError(f"The value {blob} is damaged; see {path}.")
        return data

    def _path(self, blob: str) -> Path:
        return self._folder / blob[:2] / blob

    def _holds(self, path: Path, data: bytes) -> bool:
        """Compares the content, not only the size, so that a damaged file is mended."""
        try:
            return path.stat().st_size == len(data) and path.read_bytes() == data
        except FileNotFoundError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        part, name = tempfile.mkstemp(suffix=".part", dir=self._folder)
        try:
            with os.fdopen(part, "wb") as file:
                file.write(data)
                if self._is_synced:
                    file.flush()
                    os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
