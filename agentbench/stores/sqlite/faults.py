"""Faults: what SQLite and the disk say, in words that help."""

import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from agentbench.domain.errors import StorageFull, StoreError, StoreUnreachable

BUSY_SECONDS = 10.0
"""How long SQLite itself waits for another process's write to end."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
LITTLE_ROOM = 256 * 1024
"""With so little left on the disk, a failed write is taken for a full disk."""

_ADVICE = {
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; see that its folder is there and yours",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restart the kernel, and it is moved aside",
    sqlite3.SQLITE_NOTADB: "it is damaged; restart the kernel, and it is moved aside",
    sqlite3.SQLITE_PERM: "you may not write to it",
    sqlite3.SQLITE_READONLY: "you may not write to it",
}


def code(error: BaseException) -> int:
    """The primary result code of an SQLite error, 0 for any other."""
    found: int = getattr(error, "sqlite_errorcode", 0)
    return found & 0xFF


def is_busy(error: BaseException) -> bool:
    """Whether trying again may help."""
    return code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_damage(error: BaseException) -> bool:
    """Whether the file is no sound database."""
    return code(error) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def store_error(error: Exception, path: Path) -> StoreError:
    """The error in our words."""
    if _is_full(error, path):
        advice = f"free some on its disk, then go on ({error})"
        return StorageFull(f"the store {path}", advice)
    if is_busy(error):
        advice = (
            f"another process keeps writing to it ({error}); close the one that hangs"
        )
        return StoreUnreachable(str(path), advice)
    known = _ADVICE.get(code(error))
    reason = f"{known} ({error})" if known else str(error)
    return StoreError(f"The store {path}: {reason}.")


def blob_error(error: OSError, path: Path) -> StoreError:
    """Why a value cannot be kept."""
    if error.errno in NO_ROOM:
        return StorageFull(str(path.parent), f"the value cannot be kept ({error})")
    return StoreError(f"The value cannot be kept at {path}: {error}.")


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Raises whatever SQLite refuses as a `StoreError`."""
    try:
        yield
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise store_error(error, path) from error


def _is_full(error: Exception, path: Path) -> bool:
    if code(error) == sqlite3.SQLITE_FULL:
        return True
    # When the log's index does not fit, SQLite speaks of an I/O error, not of room.
    if code(error) not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}:
        return False
    try:
        return shutil.disk_usage(os.path.dirname(path)).free < LITTLE_ROOM  # noqa: PTH120
    except OSError:
        return False
