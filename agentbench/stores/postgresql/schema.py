"""Schema: the tables' version, and the steps that bring older tables up to it."""

import zlib
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, inspect, select
from sqlalchemy.schema import CreateSchema

from agentbench.stores.postgresql.tables import METADATA, VERSION

Step = Callable[[Connection], None]

STEPS: tuple[Step, ...] = (METADATA.create_all,)
"""What leads from each version to the next; the first step makes version 1 of nothing.

Once a second step is there, the first has to go on making the tables of version 1.
"""


def prepare(connection: Connection, schema: str, steps: Sequence[Step] = STEPS) -> int:
    """Brings the tables up to our version, and returns the version they have then.

    All of it is one transaction of the caller's, and one kernel at a time does it. No
    copy is made first: a server has an administrator, and backups of its own.
    """
    if (version := _version(connection, schema)) < len(steps):
        lock = zlib.crc32(f"agentbench {schema}".encode())
        connection.execute(select(func.pg_advisory_xact_lock(lock)))
        version = _version(connection, schema)  # somebody may have been before us
    if version >= len(steps):
        return version
    if version == 0:
        connection.execute(CreateSchema(schema, if_not_exists=True))
    for step in steps[version:]:
        step(connection)
    connection.execute(VERSION.delete())
    connection.execute(VERSION.insert().values(version=len(steps)))
    return len(steps)


def _version(connection: Connection, schema: str) -> int:
    if not inspect(connection).has_table(VERSION.name, schema=schema):
        return 0
    return connection.execute(select(VERSION.c.version)).scalar() or 0
