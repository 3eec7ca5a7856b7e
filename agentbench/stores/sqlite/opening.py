"""Opening: finds or makes the database file, and moves a damaged one out of the way."""

import contextlib
import os
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from agentbench.domain.errors import StoreError
from agentbench.domain.store import Durability
from agentbench.stores.sqlite.address import Address
from agentbench.stores.sqlite.backups import restore
from agentbench.stores.sqlite.damage import (
    CHECKED_BYTES,
    find_damage,
    is_cut_short,
    read_log,
)
from agentbench.stores.sqlite.faults import BUSY_SECONDS, is_damage, told_plainly
from agentbench.stores.sqlite.places import place_notice
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
        is_full = address.durability is Durability.FULL
        connection.execute(f"PRAGMA synchronous = {'FULL' if is_full else 'NORMAL'}")
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
            return _open_marked(address)
        except OSError as error:
            raise StoreError(f"The store {address.path}: {error}.") from error


def _open_marked(address: Address) -> Opened:
    address.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    presence = Presence(address.path.with_name(address.path.name + ".open"))
    try:
        return _open(address, presence)
    except BaseException:
        presence.leave()
        raise


def _open(address: Address, presence: Presence) -> Opened:
    notices = _mend(address, presence)
    place = place_notice(address.path.parent)
    if place:
        notices.append(place)
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
        for folder in (address.blobs, address.path.parent):
            for torn in folder.glob("*.part"):
                torn.unlink(missing_ok=True)
    presence.settle()
    return Opened(connection, presence, notices, version > VERSION)


def newer_notice(path: Path) -> str:
    """What to say of a file that a newer agentbench has written."""
    return (
        f"The store {path} was written by a newer agentbench; this one only reads it."
        " Update agentbench to change it, or choose another store."
    )


def _begin_file(path: Path) -> None:
    """Makes an empty file, for our eyes only; one that is there is not even opened.

    Closing it again would take away the locks that another store of this process has on
    it, and SQLite would believe that nobody else is there.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _mend(address: Address, presence: Presence) -> list[str]:
    """Moves a damaged file aside and puts the last backup in its place; says so.

    The whole of a large file is looked through only after an unclean stop: a
    write-ahead log was left behind and nobody is there to whom it could belong.
    """
    path = address.path
    _begin_file(path)
    log = read_log(path)
    is_unclean = presence.is_alone and log.is_there
    is_thorough = is_unclean or (
        presence.is_alone and path.stat().st_size <= CHECKED_BYTES
    )
    try:
        with contextlib.closing(connect(address)) as connection:
            reason = find_damage(connection, is_thorough=is_thorough)
            if not reason and is_unclean and is_cut_short(connection, log):
                return [_keep_log(path)]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        reason = str(error)
    return [_set_aside(address, presence, reason)] if reason else []


def _keep_log(path: Path) -> str:
    aside = _aside(path)
    shutil.copy2(f"{path}-wal", f"{aside}-wal")
    return (
        f"The write-ahead log of the store {path} was damaged. All up to the damage is"
        f" there; what was written after it is lost. The log was copied to {aside}-wal."
    )


def _set_aside(address: Address, presence: Presence, reason: str) -> str:
    path = address.path
    if not presence.is_alone:
        message = (
            f"The store {path} is damaged ({reason}), and another kernel has it open."
        )
        raise StoreError(f"{message} Close the others, then try again.")
    aside = _aside(path)
    for end in ("-wal", "-shm", ""):
        part = Path(f"{path}{end}")
        if part.exists():
            part.rename(f"{aside}{end}")
    moved = f"The store {path} was damaged ({reason}). It was moved to {aside}, and"
    backup = restore(path)
    if backup is None:
        _begin_file(path)
        return (
            f"{moved} a new one was begun: its runs and agents are not in the new one."
        )
    made = time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.stat().st_mtime))
    return f"{moved} the backup of {made} ({backup}) took its place: what came later is not in it."


def _aside(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    tries = 1
    while aside.exists() or Path(f"{aside}-wal").exists():
        tries += 1
        aside = path.with_name(f"{path.stem}.damaged-{stamp}-{tries}{path.suffix}")
    return aside
