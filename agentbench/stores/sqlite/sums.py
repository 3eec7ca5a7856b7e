"""Sums: finds the row that changed on the disk, where SQLite itself keeps no sums."""

import sqlite3
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

SUMMED = {
    "runs": "id, agent, graph, status, started, ended, owner, fence, last_seq",
    "versions": "name, number, hash, saved, parent",
}
"""The columns of each table that the sum in its last column, `crc`, is taken of."""


def row_sum(values: Sequence[Any]) -> int:
    """The CRC-32 of a row, as it was when this was written; never to be changed."""
    try:
        return zlib.crc32(msgspec.json.encode(values))
    except (msgspec.MsgspecError, UnicodeError, TypeError):
        return -1  # what a damaged file may hold: text that is none, a blob


def add_sums(connection: sqlite3.Connection) -> None:
    """Sums up what an older version of the tables holds."""
    for table, columns in SUMMED.items():
        names = columns.split(", ")
        rows = connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608
        keys = {"runs": names[:1], "versions": names[:2]}[table]
        where = " AND ".join(f"{key} = ?" for key in keys)
        connection.executemany(
            f"UPDATE {table} SET crc = ? WHERE {where}",  # noqa: S608 - our own names
            [(row_sum(row), *row[: len(keys)]) for row in rows],
        )
