"""Damage: what is wrong with a database file, found before anything is read from it."""

import contextlib
import sqlite3
import struct
from dataclasses import dataclass
from pathlib import Path

from agentbench.stores.sqlite.faults import is_damage

CHECKED_BYTES = 32 * 1024 * 1024
"""A file up to this size is looked through at every first opening; a larger one only
after an unclean stop, for it takes about a second per gigabyte."""

_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_MAGIC = {0x377F0682: "<6I", 0x377F0683: ">6I"}
"""The first word of a write-ahead log tells in which order its sums are taken."""


@dataclass(frozen=True)
class Log:
    """A write-ahead log that was left behind, as its frames' own headers tell it.

    `frames` is the number of the last frame that ends a transaction, counted from 1.
    """

    is_there: bool
    is_headless: bool = False
    frames: int = 0


def read_log(path: Path) -> Log:
    """Looks at the log of the database at `path`, before SQLite repairs or drops it."""
    log = Path(f"{path}-wal")
    try:
        with log.open("rb") as file:
            head = file.read(_HEADER.size)
            if not head:
                return Log(is_there=False)
            if len(head) < _HEADER.size or not _has_sound_head(head):
                is_more = bool(file.read(_FRAME.size))
                return Log(is_there=True, is_headless=is_more)
            words = _HEADER.unpack(head)
            page, salts = words[2], words[4:6]
            number = last = 0
            while len(frame := file.read(_FRAME.size)) == _FRAME.size:
                number += 1
                _, commit, *rest = _FRAME.unpack(frame)
                # One salt may be what was damaged; frames of an older round have neither.
                if commit and (rest[0] == salts[0] or rest[1] == salts[1]):
                    last = number
                file.seek(page, 1)
            return Log(is_there=True, frames=last)
    except FileNotFoundError:
        return Log(is_there=False)


def find_damage(connection: sqlite3.Connection, *, is_thorough: bool) -> str:
    """What is wrong with the database, if anything."""
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if is_thorough:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return "" if verdict == "ok" else str(verdict)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return ""


def is_cut_short(connection: sqlite3.Connection, log: Log) -> bool:
    """Whether SQLite has read less of the log than was committed to it.

    It takes a frame whose sum is wrong for the end of the log, and says nothing.
    """
    if log.is_headless:
        return True
    with contextlib.suppress(sqlite3.OperationalError):  # somebody else is at it
        _, read, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return bool(0 <= read < log.frames)
    return False


def _has_sound_head(head: bytes) -> bool:
    order = _MAGIC.get(_HEADER.unpack(head)[0])
    if order is None:
        return False
    one = two = 0
    words = struct.unpack(order, head[:24])
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & 0xFFFFFFFF
        two = (two + second + one) & 0xFFFFFFFF
    return (one, two) == _HEADER.unpack(head)[6:]
