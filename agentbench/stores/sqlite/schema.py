"""Schema: the tables, and the steps that bring an older file up to them."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite.backups import back_up
from agentbench.stores.sqlite.sums import add_sums

APPLICATION = int.from_bytes(b"agbn")
"""Marks a file as ours (`PRAGMA application_id`)."""

Step = Sequence[str | Callable[[sqlite3.Connection], None]]
"""Statements, and functions where statements do not do."""

STEPS: tuple[Step, ...] = (
    (
        """
        CREATE TABLE runs (
            id TEXT PRIMARY KEY, agent TEXT NOT NULL, graph TEXT NOT NULL,
            status TEXT NOT NULL, started REAL NOT NULL, ended REAL NOT NULL,
            owner TEXT NOT NULL, fence INTEGER NOT NULL, last_seq INTEGER NOT NULL
        )
        """,
        "CREATE INDEX runs_by_start ON runs (started)",
        "CREATE INDEX runs_by_agent ON runs (agent, started)",
        # The crc finds the flipped bit that SQLite, which keeps no sums, would hand out.
        """
        CREATE TABLE events (
            run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
            crc INTEGER NOT NULL, PRIMARY KEY (run, seq)
        ) WITHOUT ROWID
        """,
        "CREATE TABLE documents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE versions (
            name TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL,
            saved REAL NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (name, number)
        ) WITHOUT ROWID
        """,
    ),
    (
        # The same sum over the rows that tell what is there.
        "ALTER TABLE runs ADD COLUMN crc INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE versions ADD COLUMN crc INTEGER NOT NULL DEFAULT 0",
        add_sums,
    ),
)
"""What leads from each version to the next; the first step makes version 1 of nothing."""

VERSION = len(STEPS)


def prepare(
    connection: sqlite3.Connection, path: Path, steps: Sequence[Step] = STEPS
) -> int:
    """Brings the file up to our version, and returns the version it has then.

    A newer file is left alone. An older one is copied first, beside itself.

    Raises:
        StoreError: the file is another program's database.
    """
    version = _version(connection)
    has_tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION and (has_tables or version):
        message = f"{path} is the database of another program; nothing was changed."
        raise StoreError(f"{message} Choose another path for the store.")
    if version > len(steps):
        return version
    connection.execute("PRAGMA journal_mode = WAL")  # a backup is kept without
    if version == len(steps):
        return version
    if version:
        copy = path.with_name(f"{path.stem}.version-{version}{path.suffix}")
        back_up(connection, copy)
    _climb(connection, steps)
    return len(steps)


def _version(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return number


def _climb(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """All the steps are one transaction: the file has the old version or the new one."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Read again inside: another process may have climbed while we waited.
        for step in steps[_version(connection) :]:
            for change in step:
                if callable(change):
                    change(connection)
                else:
                    connection.execute(change)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
