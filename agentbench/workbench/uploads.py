"""Uploads: files that people bring to the kernel from a browser, part by part."""

import contextlib
import hashlib
import os
import re
import shutil
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentbench.domain.brought import UPLOAD
from agentbench.domain.errors import UploadRefused

MOST_BYTES = 2 * 1024**3
"""A file larger than this is refused: it is better brought by other means."""
MOST_OPEN = 16
"""So many files may be on their way at once."""
_HASH = re.compile(r"[0-9a-f]{20}")
STALE = 3600.0
"""Seconds without a part, after which one counts as given up."""


@dataclass
class _Arriving:
    name: str
    size: int
    place: Path
    got: int = 0
    sum: Any = field(default_factory=hashlib.sha256)
    heard: float = field(default_factory=time.monotonic)


class Uploads:
    """Takes files in. They are kept under what is in them, so that one is kept once.

    A file is a path, for blocks and people alike: `HOME/files/<hash>/<its name>`. Every
    method may be called from any thread.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, _Arriving] = {}
        self._lock = threading.Lock()

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self._folder

    def begin(self, name: str, size: int) -> str:
        """Begins to take in a file of `size` bytes; returns the id by which its parts come.

        Raises:
            UploadRefused: it is too large, or there is no room for it.
        """
        named = _plain(name)
        if not 0 <= size <= MOST_BYTES:
            reason = f"it has {size} bytes, and at most {MOST_BYTES} are taken."
            raise UploadRefused(
                named, f"{reason} Put it on this machine, and give its path."
            )
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if size > shutil.disk_usage(self._folder).free:
            raise UploadRefused(named, f"there is no room for it in {self._folder}.")
        with self._lock:
            self._give_up_stale()
            if len(self._open) >= MOST_OPEN:
                raise UploadRefused(
                    named, f"{MOST_OPEN} others are still on their way."
                )
            id = uuid.uuid4().hex
            place = self._folder / f".{id}.part"
            place.touch()
            self._open[id] = _Arriving(named, size, place)
        return id

    def add(self, id: str, at: int, data: bytes | memoryview) -> str:
        """Takes the next part, which begins at byte `at`; the path once all are here, else ''.

        A part that came before is no error: its reply may have been lost.

        Raises:
            UploadRefused: it is not the next one, or one too many.
        """
        with self._lock:
            file = self._open.get(id)
            if file is None:
                raise UploadRefused(
                    "The file", "it is not known here: choose it again."
                )
            file.heard = time.monotonic()
            length = memoryview(data).nbytes
            if at + length <= file.got and length:
                return ""
            if at != file.got or at + length > file.size:
                self._drop(id)
                reason = f"a part of it came out of order (byte {at}): choose it again."
                raise UploadRefused(file.name, reason)
            with file.place.open("ab") as out:
                out.write(data)
            file.sum.update(data)
            file.got += length
            if file.got < file.size:
                return ""
            del self._open[id]
            return str(self._kept(file))

    def touch(self, value: Any) -> None:
        """Makes the uploads that a value names young again: somebody has it before them."""
        if isinstance(value, str):
            file = Path(value)
            if str(self._folder) in value and file.parent.parent == self._folder:
                with contextlib.suppress(OSError, ValueError):
                    os.utime(file)
        elif isinstance(value, dict):
            for key, one in value.items():
                is_ours = key == UPLOAD and isinstance(one, str)
                self.touch(f"{self._folder}{os.sep}{one}" if is_ours else one)
        elif isinstance(value, list):
            for one in value:
                self.touch(one)

    def older_than(self, seconds: float) -> Iterator[str]:
        """The uploads that nobody brought or looked at for so long, by their hash."""
        before = time.time() - seconds
        if not self._folder.is_dir():
            return
        for folder in self._folder.iterdir():
            if _HASH.fullmatch(folder.name) and _newest(folder) <= before:
                yield folder.name

    def remove(self, hashes: Iterable[str], seconds: float) -> tuple[int, int]:
        """Takes uploads away that are still so old: how many files, how many bytes."""
        files = size = 0
        with self._lock:
            for name in hashes:
                folder = self._folder / name
                if not folder.is_dir() or _newest(folder) > time.time() - seconds:
                    continue
                found = [it.stat().st_size for it in folder.iterdir()]
                shutil.rmtree(folder, ignore_errors=True)
                files, size = files + len(found), size + sum(found)
        return files, size

    def close(self) -> None:
        """Gives up what is still on its way."""
        with self._lock:
            for id in list(self._open):
                self._drop(id)

    def _kept(self, file: _Arriving) -> Path:
        folder = self._folder / file.sum.hexdigest()[:20]
        folder.mkdir(exist_ok=True)
        kept: Path = folder / file.name
        file.place.replace(kept)
        os.utime(kept)
        return kept

    def _give_up_stale(self) -> None:
        now = time.monotonic()
        for id, file in list(self._open.items()):
            if now - file.heard > STALE:
                self._drop(id)

    def _drop(self, id: str) -> None:
        self._open.pop(id).place.unlink(missing_ok=True)


def _newest(folder: Path) -> float:
    return max((it.stat().st_mtime for it in folder.iterdir()), default=0.0)


def _plain(name: str) -> str:
    """A file's name without anything that leads elsewhere; its ending stays."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[\x00-\x1f<>:\"|?*]", "_", last).strip(" .")[-120:]
    return plain or "file"
