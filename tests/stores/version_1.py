"""A SQLite store as the first version of its tables had it, made without our code.

It stays as it is for good: it is what a user's file from then looks like.
"""

import hashlib
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

RUNS = 12
DOCUMENT = '{"title": "Grüße"}'

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE runs (
    id TEXT PRIMARY KEY, agent TEXT NOT NULL, graph TEXT NOT NULL,
    status TEXT NOT NULL, started REAL NOT NULL, ended REAL NOT NULL,
    owner TEXT NOT NULL, fence INTEGER NOT NULL, last_seq INTEGER NOT NULL
);
CREATE INDEX runs_by_start ON runs (started);
CREATE INDEX runs_by_agent ON runs (agent, started);
CREATE TABLE events (
    run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
    crc INTEGER NOT NULL, PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE documents (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE versions (
    name TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL,
    saved REAL NOT NULL, parent TEXT NOT NULL, PRIMARY KEY (name, number)
) WITHOUT ROWID;
PRAGMA application_id = 1634165358;
PRAGMA user_version = 1;
"""


def write(path: Path) -> None:
    """Twelve runs of two events, and an agent."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_SCHEMA)
        for number in range(RUNS):
            run = (f"r{number}", "brief", "f00d", "completed", 100.5 + number, 200.25)
            connection.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, 'kernel é', 3, 2)", run
            )
            for seq in (1, 2):
                body = (
                    f'{{"kind":"line_logged","seq":{seq},"at":1.5,"node":"n",'
                    f'"firing":1,"text":"run {number}"}}'
                )
                row = (f"r{number}", seq, body, zlib.crc32(body.encode()))
                connection.execute("INSERT INTO events VALUES (?, ?, ?, ?)", row)
        name = hashlib.sha256(DOCUMENT.encode()).hexdigest()
        connection.execute("INSERT INTO documents VALUES (?, ?)", (name, DOCUMENT))
        version = ("brief", 1, name, 1763.125, "")
        connection.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?)", version)
        connection.commit()
