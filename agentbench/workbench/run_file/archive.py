"""The archive: opens a run file and trusts nothing in it."""

import contextlib
import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, TypeVar

import msgspec

from agentbench.domain.errors import RunFileError
from agentbench.domain.event import Event, decode_event
from agentbench.workbench.run_file.layout import (
    ALWAYS_FINE,
    FORMAT,
    MANIFEST,
    MOST_DIRECTORY,
    MOST_GRAPH,
    MOST_LINE,
    MOST_MANIFEST,
    MOST_SWOLLEN,
    NAME,
    VERSION,
    Manifest,
    RunPart,
    graph_name,
    value_name,
)

CHUNK = 1024**2

_END, _END_SIZE = b"PK\x05\x06", 22
_END_64, _PLACE_64 = b"PK\x06\x06", b"PK\x06\x07"
_END_64_SIZE, _PLACE_64_SIZE = 56, 20
_SAID_ELSEWHERE = 0xFFFFFFFF

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1

Shape = TypeVar("Shape")


class Archive:
    """A run file that is open for reading: nothing of it is carried out or unpacked.

    Each method raises `RunFileError` for what is damaged, too large or not as it should
    be. Threads may read from it at once.
    """

    def __init__(self, path: Path, *, most_bytes: int) -> None:
        self.where = f"The file {path}"
        with contextlib.ExitStack() as opening:
            if path.exists() and not path.is_file():
                raise self.refusal("it is no file.")
            try:
                file = opening.enter_context(path.open("rb"))
            except OSError as error:
                raise self.refusal(f"{error.strerror or error}.") from error
            with self._reading("it"):
                self._check_directory(file)
                self._zip = opening.enter_context(zipfile.ZipFile(file))
            self._check_entries(path.stat().st_size, most_bytes)
            self._closing = opening.pop_all()
        self.names = frozenset(self._zip.namelist())
        try:
            self.manifest = self._manifest()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file. Closing twice is no error."""
        self._closing.close()

    def refusal(self, reason: str) -> RunFileError:
        """The error that says why the file is refused."""
        return RunFileError(self.where, reason)

    def document(self, hash: str) -> str:
        """The graph document of that hash."""
        name = graph_name(hash)
        data = self._whole(name, MOST_GRAPH)
        if hashlib.sha256(data).hexdigest() != hash:
            raise self.refusal(f"{name} is damaged: its SHA-256 is another.")
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise self.refusal(f"{name} is no text: {error}.") from error

    def events(self, part: RunPart) -> Iterator[Event]:
        """The events of a run. That the log is whole and undamaged is known at its end."""
        digest, count = hashlib.sha256(), 0
        with self._open(part.events) as lines:
            while line := self._line(lines, part.events):
                digest.update(line)
                count += 1
                yield self._event(part, count, line)
        if (digest.hexdigest(), count) != (part.sha256, part.count):
            raise self.refusal(f"{part.events} is damaged: its SHA-256 is another.")

    def size(self, blob: str) -> int:
        """How many bytes a value has."""
        return self._zip.getinfo(value_name(blob)).file_size

    def value(self, blob: str) -> Iterator[bytes]:
        """The bytes of a value. That they are undamaged is known at their end."""
        name, digest = value_name(blob), hashlib.sha256()
        with self._open(name) as entry:
            while chunk := self._chunk(entry, name):
                digest.update(chunk)
                yield chunk
        if digest.hexdigest() != blob:
            raise self.refusal(f"{name} is damaged: its SHA-256 is another.")

    def _manifest(self) -> Manifest:
        if MANIFEST not in self.names:
            raise self.refusal(f"it holds no {MANIFEST}.")
        data = self._whole(MANIFEST, MOST_MANIFEST)
        # The format first, by itself: what a newer one holds may look quite different.
        said = self._decoded(data, _Said).format
        name, _, version = said.partition("/")
        if name != FORMAT or not version.isdecimal():
            raise self.refusal(f'its format is not "{FORMAT}/{VERSION}" or the like.')
        if len(version) > 9 or int(version) > VERSION:
            reason = f"its format is {said[:60]}, and this agentbench reads up to"
            raise self.refusal(f"{reason} {FORMAT}/{VERSION}. Update agentbench.")
        return self._decoded(data, Manifest)

    def _decoded(self, data: bytes, shape: type[Shape]) -> Shape:
        try:
            return msgspec.json.decode(data, type=shape)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise self.refusal(f"its {MANIFEST} says: {error}.") from error

    def _event(self, part: RunPart, seq: int, line: bytes) -> Event:
        try:
            event: Event = decode_event(line)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            raise self.refusal(f"line {seq} of {part.events}: {error}.") from error
        if event.seq != seq:
            reason = f"line {seq} of {part.events} holds event number {event.seq}."
            raise self.refusal(reason)
        return event

    def _line(self, lines: IO[bytes], name: str) -> bytes:
        with self._reading(name):
            line = lines.readline(MOST_LINE + 1)
        if len(line) > MOST_LINE:
            raise self.refusal(f"a line of {name} is longer than {MOST_LINE:,} bytes.")
        return line

    def _chunk(self, entry: IO[bytes], name: str) -> bytes:
        with self._reading(name):
            return entry.read(CHUNK)

    def _whole(self, name: str, most: int) -> bytes:
        with self._open(name) as entry, self._reading(name):
            data = entry.read(most + 1)
        if len(data) > most:
            raise self.refusal(f"{name} is larger than {most:,} bytes.")
        return data

    def _open(self, name: str) -> IO[bytes]:
        if name not in self.names:
            raise self.refusal(f"it lacks {name}.")
        with self._reading(name):
            return self._zip.open(name)

    def _check_directory(self, file: BinaryIO) -> None:
        """Refuses a list of entries that alone would fill the memory."""
        end = file.seek(0, os.SEEK_END)
        room = _END_SIZE + _PLACE_64_SIZE + _END_64_SIZE
        file.seek(max(0, end - room))
        tail = file.read().rjust(room, b"\0")
        last = tail[-_END_SIZE:]
        if not last.startswith(_END) or last[-2:] != b"\0\0":
            raise self.refusal("it is no zip, or not all of one.")
        size = int.from_bytes(last[12:16], "little")
        if tail[_END_64_SIZE:].startswith(_PLACE_64):
            if not tail.startswith(_END_64):
                raise self.refusal("it is a zip with a damaged end.")
            size = int.from_bytes(tail[40:48], "little")
        elif size == _SAID_ELSEWHERE:
            raise self.refusal("it is a zip with a damaged end.")
        if size > MOST_DIRECTORY:
            raise self.refusal(f"its list of entries takes {size:,} bytes.")

    def _check_entries(self, packed: int, most_bytes: int) -> None:
        names: set[str] = set()
        whole = 0
        for entry in self._zip.infolist():
            if not NAME.fullmatch(entry.filename):
                shown = repr(entry.filename[:80])
                raise self.refusal(f"it holds {shown}, which no run file holds.")
            if entry.filename in names:
                raise self.refusal(f"it holds {entry.filename} twice.")
            is_odd = entry.compress_type not in _PACKINGS
            if is_odd or entry.flag_bits & _ENCRYPTED:
                raise self.refusal(f"{entry.filename} is encrypted, or oddly packed.")
            names.add(entry.filename)
            whole += entry.file_size
        if whole > most_bytes:
            reason = f"it holds {whole:,} bytes, and {most_bytes:,} are allowed."
            raise self.refusal(f"{reason} If you trust it, allow more (`most_bytes`).")
        if whole > ALWAYS_FINE and whole > MOST_SWOLLEN * packed:
            reason = (
                f"its {packed:,} bytes would swell to {whole:,}, which no run does."
            )
            raise self.refusal(reason)

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,  # a feature of zips that Python does not know
            RuntimeError,  # "encrypted"
            ValueError,  # a name or a number that is none
        ) as error:
            raise self.refusal(f"{name} is damaged ({error}).") from error


class _Said(msgspec.Struct):
    """What every version of the manifest says first."""

    format: str
