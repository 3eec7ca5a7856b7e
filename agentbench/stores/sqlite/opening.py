"""Opening: finds or makes the database file, and moves a damaged one out of the way."""

import contextlib
import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from agentbench.domain.errors import StoreError
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.faults import BUSY_SECONDS, is_damage, told_plainly
from agentbench.stores.sqlite.presence import Presence
from agentbench.stores.sqlite.schema import VERSION, prepare


@dataclass(frozen=True)
class Opened:
    """An open database: its first connection, and what there is to tell."""

    connection: sqlite3.Connection
    presence: Presence
    notices: list[str]
    is_newer: bool


def connect(address: Address) -> sqlite3.Connection:
    """A connection in which nothing is implied: transactions begin where we say so."""
    connection = sqlite3.connect(
        address.path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute(f"PRAGMA synchronous = {address.synchronous}")
    except BaseException:
        connection.close()
        raise
    return connection


def open_database(address: Address) -> Opened:
    """Opens the store, or begins it.

    Raises:
        StoreError: it cannot be opened, or is damaged while another process has it open.
    """
    with told_plainly(address.path):
        try:
            _make_private(address)
            presence = Presence(address.path.with_name(address.path.name + ".open"))
        except OSError as error:
            raise StoreError(f"The store {address.path}: {error}.") from error
        try:
            return _open(address, presence)
        except BaseException:
            presence.leave()
            raise


def _open(address: Address, presence: Presence) -> Opened:
    notices = []
    reason = _damage(address, presence)
    if reason:
        notices.append(_set_aside(address, presence, reason))
    connection = connect(address)
    try:
        version = prepare(connection, address.path)
        if version > VERSION:
            connection.execute("PRAGMA query_only = ON")
            notices.append(newer_notice(address.path))
    except BaseException:
        connection.close()
        raise
    if presence.is_alone:
        for torn in address.blobs.glob("*.part"):
            torn.unlink(missing_ok=True)
    presence.settle()
    return Opened(connection, presence, notices, version > VERSION)


def newer_notice(path: Path) -> str:
    """What to say of a file that a newer agentbench has written."""
    return (
        f"The store {path} was written by a newer agentbench; this one only reads it."
        " Update agentbench to change it, or choose another store."
    )


def _make_private(address: Address) -> None:
    address.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(address.path, os.O_RDWR | os.O_CREAT, 0o600))


def _damage(address: Address, presence: Presence) -> str:
    """What is wrong with the file, if anything.

    The whole of it is looked through only after an unclean stop: a write-ahead log was
    left behind and nobody is there to whom it could belong.
    """
    log = Path(f"{address.path}-wal")
    is_unclean = presence.is_alone and log.exists() and log.stat().st_size > 0
    try:
        with contextlib.closing(connect(address)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if is_unclean:
                (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                return "" if verdict == "ok" else str(verdict)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return ""


def _set_aside(address: Address, presence: Presence, reason: str) -> str:
    path = address.path
    if not presence.is_alone:
        message = (
            f"The store {path} is damaged ({reason}), and another kernel has it open."
        )
        raise StoreError(f"{message} Close the others, then try again.")
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    tries = 1
    while aside.exists():
        tries += 1
        aside = path.with_name(f"{path.stem}.damaged-{stamp}-{tries}{path.suffix}")
    for end in ("-wal", "-shm", ""):
        part = Path(f"{path}{end}")
        if part.exists():
            part.rename(f"{aside}{end}")
    _make_private(address)
    return (
        f"The store {path} was damaged ({reason}). It was moved to {aside}, and a new"
        " one was begun: the runs and agents in it are not in the new one."
    )
