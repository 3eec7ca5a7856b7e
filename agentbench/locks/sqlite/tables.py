"""The lock itself, as tables and the statements on them.

    clients    a kernel's locks: dead when `until` has passed without a renewal
    places     who holds (`fence` above 0) or waits (0) for a key, in order of arrival
    fences     the last fence of each key, and when (s since 1970) it was used
    listeners  which client listens to words for the holder of which key
    words      those words; each is kept for `WORDS_STAY` seconds
    units      what was taken of a rate, and when it may be used
    moment     the latest time anybody saw; a time before it is that of another boot

Times are of the machine's own clock (`base.clock`), which all of its processes share
and which never jumps. Every function is called within a writing transaction, but for
those that only read.
"""

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agentbench.domain.rate import Rate, Taken, when
from agentbench.locks.base import clock

SCHEMA = """
CREATE TABLE IF NOT EXISTS clients (
    id TEXT PRIMARY KEY, until REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS places (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL,
    entry TEXT NOT NULL UNIQUE, client TEXT NOT NULL, owner TEXT NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0, since REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS places_by_key ON places (key, fence, number);
CREATE TABLE IF NOT EXISTS fences (
    key TEXT PRIMARY KEY, fence INTEGER NOT NULL, used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listeners (
    key TEXT NOT NULL, client TEXT NOT NULL, PRIMARY KEY (key, client)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS words (
    number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, word TEXT NOT NULL,
    at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS units (
    entry TEXT PRIMARY KEY, key TEXT NOT NULL, at REAL NOT NULL, units INTEGER NOT NULL,
    until REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS units_by_key ON units (key, at);
CREATE TABLE IF NOT EXISTS moment (one INTEGER PRIMARY KEY CHECK (one = 1), seen REAL);
"""

WORDS_STAY = 30.0
FENCES_STAY = 30 * 86400.0
"""Seconds after its last use that a fence is forgotten: the next is a later time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an entry stands: its fence if it holds, else who does, since when, and the queue."""

    fence: int
    holder: str = ""
    since: float = 0.0
    waiting: int = 0


def renew(connection: sqlite3.Connection, client: str, until: float) -> bool:
    """Keeps a client alive until then; false when it was dead, and is new now."""
    sweep(connection)
    row = "UPDATE clients SET until = ? WHERE id = ?"
    if connection.execute(row, (until, client)).rowcount:
        return True
    connection.execute("INSERT INTO clients VALUES (?, ?)", (client, until))
    return False


def forget(connection: sqlite3.Connection, client: str) -> None:
    """Takes away a client with all that it has, and lets the next ones in."""
    connection.execute("UPDATE clients SET until = -1 WHERE id = ?", (client,))
    sweep(connection)


def take(
    connection: sqlite3.Connection,
    key: str,
    entry: str,
    *,
    client: str,
    owner: str,
    above: int,
    stays: bool,
) -> Standing:
    """Takes the lock, or joins the queue once; with `stays` false only if it is free."""
    if above:
        set_fence = (
            "INSERT INTO fences VALUES (?, ?, ?) ON CONFLICT (key)"
            " DO UPDATE SET fence = max(fence, excluded.fence), used = excluded.used"
        )
        connection.execute(set_fence, (key, above, time.time()))
    connection.execute(
        "INSERT OR IGNORE INTO places (key, entry, client, owner) VALUES (?, ?, ?, ?)",
        (key, entry, client, owner),
    )
    _let_in(connection, key)
    standing = _standing(connection, key, entry)
    if not standing.fence and not stays:
        connection.execute("DELETE FROM places WHERE entry = ?", (entry,))
    return standing


def give(connection: sqlite3.Connection, key: str, entry: str) -> None:
    """Gives the lock, or the place in the queue, to the next."""
    connection.execute("DELETE FROM places WHERE entry = ?", (entry,))
    _let_in(connection, key)


def evict(connection: sqlite3.Connection, key: str) -> str:
    """Takes the lock from its holder; returns its owner."""
    owner = holder(connection, key)
    connection.execute("DELETE FROM places WHERE key = ? AND fence > 0", (key,))
    _let_in(connection, key)
    return owner


def holder(connection: sqlite3.Connection, key: str) -> str:
    """The owner that holds the key, or empty. Reads only."""
    query = (
        "SELECT owner FROM places JOIN clients ON client = id"
        " WHERE key = ? AND fence > 0 AND until >= ?"
    )
    row = connection.execute(query, (key, clock())).fetchone()
    return row[0] if row else ""


def held(connection: sqlite3.Connection, client: str) -> dict[str, tuple[str, int]]:
    """What a client holds: entry to key and fence. Reads only."""
    query = "SELECT entry, key, fence FROM places WHERE client = ? AND fence > 0"
    return {e: (key, fence) for e, key, fence in connection.execute(query, (client,))}


def has_dead(connection: sqlite3.Connection) -> bool:
    """Whether some client has not renewed in time. Reads only."""
    query = "SELECT 1 FROM clients WHERE until < ? LIMIT 1"
    return connection.execute(query, (clock(),)).fetchone() is not None


def sweep(connection: sqlite3.Connection) -> None:
    """The janitor: takes away what dead clients left, and lets the next ones in."""
    now = clock()
    seen = connection.execute("SELECT seen FROM moment").fetchone()
    if seen and now < seen[0] - 1:  # the machine was started anew: nobody of then lives
        connection.execute("DELETE FROM clients")
        connection.execute("DELETE FROM units")
        connection.execute("DELETE FROM words")
    connection.execute("INSERT OR REPLACE INTO moment VALUES (1, ?)", (now,))
    connection.execute("DELETE FROM clients WHERE until < ?", (now,))
    orphaned = "WHERE client NOT IN (SELECT id FROM clients)"
    freed = connection.execute(
        f"SELECT DISTINCT key FROM places {orphaned}"  # noqa: S608 - no outside words
    ).fetchall()
    for table in ("places", "listeners"):
        connection.execute(f"DELETE FROM {table} {orphaned}")  # noqa: S608 - as above
    connection.execute("DELETE FROM words WHERE at < ?", (now - WORDS_STAY,))
    connection.execute("DELETE FROM units WHERE until < ?", (now,))
    connection.execute(
        "DELETE FROM fences WHERE used < ?"
        " AND key NOT IN (SELECT key FROM places WHERE fence > 0)",
        (time.time() - FENCES_STAY,),
    )
    for (key,) in freed:
        _let_in(connection, key)


def listen(connection: sqlite3.Connection, client: str, keys: Iterable[str]) -> None:
    """Has a client listen to these keys and no others."""
    connection.execute("DELETE FROM listeners WHERE client = ?", (client,))
    rows = [(key, client) for key in keys]
    connection.executemany("INSERT INTO listeners VALUES (?, ?)", rows)


def last_word(connection: sqlite3.Connection) -> int:
    """The number of the last word that was ever said. Reads only."""
    query = "SELECT seq FROM sqlite_sequence WHERE name = 'words'"
    row = connection.execute(query).fetchone()
    return row[0] if row else 0


def say(connection: sqlite3.Connection, key: str, word: str) -> bool:
    """Leaves a word for who listens to a key; says whether somebody does."""
    query = (
        "SELECT 1 FROM listeners JOIN clients ON client = id"
        " WHERE key = ? AND until >= ? LIMIT 1"
    )
    if connection.execute(query, (key, clock())).fetchone() is None:
        return False
    connection.execute(
        "INSERT INTO words (key, word, at) VALUES (?, ?, ?)", (key, word, clock())
    )
    return True


def words(connection: sqlite3.Connection, after: int) -> list[tuple[int, str, str]]:
    """Number, key and text of the words said since. Reads only."""
    query = "SELECT number, key, word FROM words WHERE number > ? ORDER BY number"
    return connection.execute(query, (after,)).fetchall()


def reserve(
    connection: sqlite3.Connection,
    key: str,
    entry: str,
    *,
    rate: Rate,
    units: int,
    most: float,
) -> float:
    """Takes units of a rate; returns in how many seconds they may be used.

    Takes nothing when that is more than `most`. The same entry is taken once.
    """
    sweep(connection)
    now = clock()
    mine = "SELECT at FROM units WHERE entry = ?"
    row: Any = connection.execute(mine, (entry,)).fetchone()
    if row:
        return max(0.0, float(row[0]) - now)
    query = "SELECT at, units FROM units WHERE key = ? ORDER BY at DESC"
    before = (Taken(at, n) for at, n in connection.execute(query, (key,)))
    at = when(before, rate=rate, units=units, now=now)
    if at - now <= most:
        connection.execute(
            "INSERT INTO units VALUES (?, ?, ?, ?, ?)",
            (entry, key, at, units, at + rate.span),
        )
    return at - now


def take_back(connection: sqlite3.Connection, entry: str) -> None:
    """Gives back what an entry took."""
    connection.execute("DELETE FROM units WHERE entry = ?", (entry,))


def _let_in(connection: sqlite3.Connection, key: str) -> None:
    """Lets in the first that waits and lives, unless somebody holds the key."""
    now = clock()
    query = "SELECT 1 FROM places WHERE key = ? AND fence > 0"
    if connection.execute(query, (key,)).fetchone():
        return
    query = (
        "SELECT number FROM places JOIN clients ON client = id WHERE key = ?"
        " AND fence = 0 AND until >= ? ORDER BY number LIMIT 1"
    )
    row = connection.execute(query, (key, now)).fetchone()
    if row is None:
        return
    # At least the time, in microseconds, which is above every fence that was ever given:
    # after a power cut the last ones may not be in the file.
    number = time.time_ns() // 1000
    query = "SELECT fence FROM fences WHERE key = ?"
    if last := connection.execute(query, (key,)).fetchone():
        number = max(number, last[0] + 1)
    connection.execute(
        "INSERT OR REPLACE INTO fences VALUES (?, ?, ?)", (key, number, time.time())
    )
    connection.execute(
        "UPDATE places SET fence = ?, since = ? WHERE number = ?", (number, now, *row)
    )


def _standing(connection: sqlite3.Connection, key: str, entry: str) -> Standing:
    mine = "SELECT fence FROM places WHERE entry = ?"
    (fence,) = connection.execute(mine, (entry,)).fetchone()
    if fence:
        return Standing(fence=fence)
    theirs = "SELECT owner, since FROM places WHERE key = ? AND fence > 0"
    owner, since = connection.execute(theirs, (key,)).fetchone() or ("", 0.0)
    queue = "SELECT count(*) FROM places WHERE key = ? AND fence = 0 AND entry != ?"
    (waiting,) = connection.execute(queue, (key, entry)).fetchone()
    return Standing(fence=0, holder=owner, since=since, waiting=waiting)
