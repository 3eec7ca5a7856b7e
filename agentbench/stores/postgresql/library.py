"""The tables of agents and documents: every statement on them is here."""

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from agentbench.domain.errors import StoreError
from agentbench.domain.store import AgentVersion, document_hash
from agentbench.stores.postgresql.tables import DOCUMENTS, VERSIONS


def save(
    connection: Connection, name: str, document: str, *, parent: str, force: bool
) -> AgentVersion:
    """Adds a version of an agent, or returns the newest when it is the same."""
    change = AgentVersion(
        name=name,
        number=1,
        hash=document_hash(document),
        saved=time.time(),
        parent=parent,
    )
    # One at a time for an agent; there may be no row yet that could be locked.
    connection.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0)))
    )
    newest = next(iter(read_versions(connection, name)), None)
    version = change.after(newest, force=force)
    if version is not newest:
        put_document(connection, document)
        connection.execute(insert(VERSIONS).values(dataclasses.asdict(version)))
    return version


def read_versions(connection: Connection, name: str) -> list[AgentVersion]:
    """Every version of an agent, the newest first."""
    query = select(VERSIONS).where(VERSIONS.c.name == name)
    rows = connection.execute(query.order_by(VERSIONS.c.number.desc()))
    return [_version(row) for row in rows]


def read_agents(connection: Connection) -> list[AgentVersion]:
    """The newest version of every agent, by name."""
    same = VERSIONS.alias()
    newest = select(func.max(same.c.number)).where(same.c.name == VERSIONS.c.name)
    query = select(VERSIONS).where(VERSIONS.c.number == newest.scalar_subquery())
    query = query.order_by(VERSIONS.c.name)
    return [_version(row) for row in connection.execute(query)]


def read_agent(
    connection: Connection, name: str, number: int | None
) -> tuple[AgentVersion, str] | None:
    """A version of an agent with its document."""
    for version in read_versions(connection, name):
        if number in {None, version.number}:
            return version, read_document(connection, version.hash)
    return None


def put_document(connection: Connection, document: str) -> str:
    """Keeps a document under its hash."""
    name = document_hash(document)
    row = upsert(DOCUMENTS).values(hash=name, content=document.encode())
    # Written over a damaged one, should there be one.
    replaced = row.on_conflict_do_update(
        index_elements=["hash"], set_={"content": row.excluded.content}
    )
    connection.execute(replaced)
    return name


def read_document(connection: Connection, name: str) -> str:
    """The document of that hash, as it was kept."""
    query = select(DOCUMENTS.c.content).where(DOCUMENTS.c.hash == name)
    content = connection.scalar(query)
    if content is None:
        raise StoreError(f"The store has no document {name}.")
    text: str = bytes(content).decode(errors="replace")
    if document_hash(text) != name:
        raise StoreError(f"The document {name} is damaged in the store.")
    return text


def documents(connection: Connection) -> Iterator[str]:
    """The text of every document, a few in memory at a time."""
    query = select(DOCUMENTS.c.content).execution_options(yield_per=100)
    for content in connection.execute(query).scalars():
        yield bytes(content).decode(errors="replace")


def _version(row: "Row[Any]") -> AgentVersion:
    return AgentVersion(**row._mapping)  # noqa: SLF001 - its public name
