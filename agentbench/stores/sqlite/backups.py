"""Backups: whole copies of the database beside it, and the way back to the newest."""

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

BACKUP_SECONDS = 24 * 3600.0
BACKUP_BYTES = 128 * 1024 * 1024
"""Above this size no daily copy is made: it would be felt."""


def daily(path: Path) -> Path:
    """The name of the copy that is made once a day."""
    return path.with_name(f"{path.stem}.backup{path.suffix}")


def back_up_daily(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the daily copy when it is time, and there is anything to copy."""
    there = "SELECT EXISTS (SELECT 1 FROM runs) OR EXISTS (SELECT 1 FROM versions)"
    if _is_due(path) and connection.execute(there).fetchone()[0]:
        back_up(connection, daily(path))


def _is_due(path: Path) -> bool:
    try:
        if path.stat().st_size > BACKUP_BYTES:
            return False
        return time.time() - daily(path).stat().st_mtime > BACKUP_SECONDS
    except FileNotFoundError:
        return True


def back_up(connection: sqlite3.Connection, copy: Path) -> None:
    """Copies the database as it stands; `copy` is there whole, or as it was before.

    Raises:
        sqlite3.Error, OSError: it could not be copied.
    """
    # Made with its mode first: SQLite would let the umask decide who may read it.
    part = copy.with_name(f"{copy.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        with contextlib.closing(sqlite3.connect(part)) as target:
            connection.backup(target)
            # In one file, whatever comes: a copy with a log beside it is half a copy.
            target.execute("PRAGMA journal_mode = DELETE")
        if not _is_sound(part):  # the older copy is worth more
            raise sqlite3.DatabaseError(f"the copy of {copy} is damaged")
        part.replace(copy)
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{end}").unlink(missing_ok=True)


def restore(path: Path) -> Path | None:
    """Puts the newest sound copy at `path`, where there is nothing; returns its name."""
    for copy in _copies(path):
        if _is_sound(copy):
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            shutil.copy2(copy, part)
            part.chmod(0o600)
            part.replace(path)
            return copy
    return None


def _copies(path: Path) -> Iterator[Path]:
    """The newest first: the daily one, and those made before the tables changed."""
    kept = [daily(path), *path.parent.glob(f"{path.stem}.version-*{path.suffix}")]
    times = [(copy.stat().st_mtime, copy) for copy in kept if copy.exists()]
    yield from (copy for _, copy in sorted(times, reverse=True))


def _is_sound(copy: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            return bool(verdict == "ok")
    except sqlite3.Error:
        return False
