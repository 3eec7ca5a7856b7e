"""The tables of agents and documents: every statement on them is here."""

import sqlite3
import time

from agentbench.domain.errors import StoreError
from agentbench.domain.store import AgentVersion, document_hash
from agentbench.stores.sqlite.sums import SUMMED, row_sum

_COLUMNS = SUMMED["versions"]


def save(
    connection: sqlite3.Connection,
    name: str,
    document: str,
    *,
    parent: str,
    force: bool,
) -> AgentVersion:
    """Adds a version of an agent, or returns the newest when it is the same."""
    change = AgentVersion(
        name=name,
        number=1,
        hash=document_hash(document),
        saved=time.time(),
        parent=parent,
    )
    newest = next(iter(read_versions(connection, name)), None)
    version = change.after(newest, force=force)
    if version is not newest:
        put_document(connection, document)
        values = (name, version.number, version.hash, version.saved, version.parent)
        connection.execute(
            f"INSERT INTO versions ({_COLUMNS}, crc) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*values, row_sum(values)),
        )
    return version


def read_versions(connection: sqlite3.Connection, name: str) -> list[AgentVersion]:
    """Every version of an agent, the newest first."""
    query = f"SELECT {_COLUMNS}, crc FROM versions WHERE name = ? ORDER BY number DESC"  # noqa: S608
    return [_version(row) for row in connection.execute(query, (name,)).fetchall()]


def read_agents(connection: sqlite3.Connection) -> list[AgentVersion]:
    """The newest version of every agent, by name."""
    query = (
        f"SELECT {_COLUMNS}, crc FROM versions AS newest WHERE number ="  # noqa: S608
        " (SELECT max(number) FROM versions WHERE name = newest.name) ORDER BY name"
    )
    return [_version(row) for row in connection.execute(query).fetchall()]


def read_agent(
    connection: sqlite3.Connection, name: str, number: int | None
) -> tuple[AgentVersion, str] | None:
    """A version of an agent with its document."""
    for version in read_versions(connection, name):
        if number in {None, version.number}:
            return version, read_document(connection, version.hash)
    return None


def put_document(connection: sqlite3.Connection, document: str) -> str:
    """Keeps a document under its hash."""
    name = document_hash(document)
    # Most are there already. A damaged one, should there be one, is written over.
    connection.execute(
        "INSERT INTO documents (hash, text) VALUES (?, ?) ON CONFLICT (hash)"
        " DO UPDATE SET text = excluded.text WHERE text IS NOT excluded.text",
        (name, document),
    )
    return name


def read_document(connection: sqlite3.Connection, name: str) -> str:
    """The document of that hash, as it was kept."""
    query = "SELECT CAST(text AS BLOB) FROM documents WHERE hash = ?"
    row = connection.execute(query, (name,)).fetchone()
    if row is None:
        raise StoreError(f"The store has no document {name}.")
    text: str = bytes(row[0]).decode(errors="replace")
    if document_hash(text) != name:
        raise StoreError(f"The document {name} is damaged in the store.")
    return text


def _version(row: tuple[str, int, str, float, str, int]) -> AgentVersion:
    *found, crc = row
    name, number, version_hash, saved, parent = row[:-1]
    if row_sum(found) != crc:
        raise StoreError(f"Version {number} of the agent {name!r} is damaged.")
    return AgentVersion(
        name=name, number=number, hash=version_hash, saved=saved, parent=parent
    )
