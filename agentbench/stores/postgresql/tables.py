"""Tables: what the server holds, in the words of SQLAlchemy.

They have no schema of their own: each engine puts in the one that its URL names.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
)

METADATA = MetaData()


def _text(name: str, *, primary_key: bool = False) -> "Column[str]":
    # Ordered by code point, as in every other store, whatever the server's language.
    kind = Text(collation="C")
    return Column(name, kind, nullable=False, primary_key=primary_key)


VERSION = Table("schema_version", METADATA, Column("version", Integer, nullable=False))

RUNS = Table(
    "runs",
    METADATA,
    _text("id", primary_key=True),
    _text("agent"),
    _text("graph"),
    _text("status"),
    Column("started", Double, nullable=False),
    Column("ended", Double, nullable=False),
    _text("owner"),
    Column("fence", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("place", BigInteger, Identity(), nullable=False),
)
"""`place` tells which of two that started in one moment was created later."""

Index("runs_by_start", RUNS.c.started)
Index("runs_by_agent", RUNS.c.agent, RUNS.c.started)

EVENTS = Table(
    "events",
    METADATA,
    _text("run", primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("crc", BigInteger, nullable=False),
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    _text("hash", primary_key=True),
    # Not text: PostgreSQL's knows no zero character.
    Column("content", LargeBinary, nullable=False),
)

VERSIONS = Table(
    "versions",
    METADATA,
    _text("name", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("hash"),
    Column("saved", Double, nullable=False),
    _text("parent"),
)

BLOBS = Table(
    "blobs",
    METADATA,
    _text("hash", primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("upload", BigInteger, nullable=False),
    Column("put", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""`put` is when it was put or asked for last; the sweep goes by it."""

BLOB_PARTS = Table(
    "blob_parts",
    METADATA,
    Column("upload", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)
"""The bytes, in parts of a few megabytes: a value of the server's is whole in memory."""
