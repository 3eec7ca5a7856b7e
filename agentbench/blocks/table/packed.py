"""Packed: what is in a packed table, read so that a small file cannot fill the memory."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, BinaryIO

from agentbench.blocks.base import library
from agentbench.blocks.base.archives import check_listed
from agentbench.blocks.base.confined import MOST_BYTES

LEAST_ROOM = 100_000_000
"""Bytes to which any packed table may unpack, however small it is."""
ROOM = 50
"""And so many times its own size; what people pack grows some ten times."""
ENDINGS = (".gz", ".bz2", ".xz", ".zip")
_BATCH = 10_000
_FAULTS = (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)


class Overgrown(ValueError):
    """It unpacks to more than so small a file may."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"it unpacks to more than {most} bytes, {ROOM} times its size; if that is right,"
            " unpack it first: a plain .csv, .tsv or .jsonl is read however large"
        )


def room_for(opened: BinaryIO) -> int:
    """The bytes to which a file may unpack."""
    size = opened.seek(0, io.SEEK_END)
    opened.seek(0)
    return LEAST_ROOM + ROOM * size


def unpacked(file: Path, opened: BinaryIO) -> BinaryIO:
    """What is in a file that is packed as its name says; the file itself where it is not.

    Raises:
        ValueError: it is no such file, or a .zip of several. `Overgrown` comes while it is
            read, as does what is wrong further on.
    """
    room = room_for(opened)
    match file.suffix.lower():
        case ".gz":
            return _within(gzip.GzipFile(fileobj=opened), room)
        case ".bz2":
            return _within(bz2.BZ2File(opened), room)
        case ".xz":
            return _within(lzma.LZMAFile(opened), room)
        case ".zip":
            return _within(_only_member(opened), room)
    return opened


def check_parquet(opened: BinaryIO) -> None:
    """Refuses a Parquet file that says little and means much, before all of it is held.

    Raises:
        Overgrown: it is too much; the sizes that it claims are not believed.
    """
    file = library("pyarrow.parquet", "Reading Parquet").ParquetFile(opened)
    room, size = room_for(opened), 0
    for batch in file.iter_batches(batch_size=_BATCH):
        size += batch.nbytes
        if size > room:
            raise Overgrown(room)
    opened.seek(0)


def check_workbook(opened: BinaryIO) -> None:
    """Refuses an Excel file that unpacks to too much; no part is read beyond what it claims.

    Raises:
        ValueError: it is no such file, or `Overgrown`.
    """
    room = room_for(opened)
    with _zip(opened) as parts:
        if sum(info.file_size for info in parts.infolist()) > room:
            raise Overgrown(room)
    opened.seek(0)


def _zip(opened: BinaryIO) -> zipfile.ZipFile:
    data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(
            f"it is larger than {MOST_BYTES} bytes, the most of a .zip here"
        )
    check_listed(data, "it")
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (*_FAULTS, ValueError) as error:
        raise ValueError(f"it is no .zip that can be read: {error}") from error


def _only_member(opened: BinaryIO) -> IO[bytes]:
    archive = _zip(opened)
    names = [info for info in archive.infolist() if not info.is_dir()]
    if len(names) != 1:
        raise ValueError(
            f"it holds {len(names)} files, not one; unpack it with `files.unzip` first"
        )
    try:
        return archive.open(names[0])
    except (*_FAULTS, NotImplementedError) as error:
        raise ValueError(f"it is no .zip that can be read: {error}") from error


def _within(plain: Any, room: int) -> BinaryIO:
    return io.BufferedReader(_Within(plain, room))


class _Within(io.RawIOBase):
    """A stream that gives no more than so much."""

    def __init__(self, plain: IO[bytes], room: int) -> None:
        self._plain, self._room, self._left = plain, room, room

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        try:
            part = self._plain.read(min(len(into), self._left + 1))
        except _FAULTS as error:
            raise ValueError(f"it is not packed as its name says: {error}") from error
        self._left -= len(part)
        if self._left < 0:
            raise Overgrown(self._room)
        into[: len(part)] = part
        return len(part)
