"""Faults: what SQLite says, in words that help."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from agentbench.domain.errors import StoreError

BUSY_SECONDS = 10.0
"""How long SQLite itself waits for another process's write to end."""

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process keeps writing to it; close the one that hangs",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; see that its folder is there and yours",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restart the kernel, and it is moved aside",
    sqlite3.SQLITE_FULL: "the disk is full; free some space, then go on",
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
    advice = _ADVICE.get(code(error))
    reason = f"{advice} ({error})" if advice else str(error)
    return StoreError(f"The store {path}: {reason}.")


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Raises whatever SQLite refuses as a `StoreError`."""
    try:
        yield
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise store_error(error, path) from error
