"""Blocks that ask databases: SQLite in the workspace, PostgreSQL through the door.

Values go in as parameters, never as text of the SQL. Reading is the rule: the database
itself refuses to write, whatever the SQL says.
"""

import asyncio
import datetime
import decimal
import itertools
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, library
from agentbench.blocks.base.confined import Workspace
from agentbench.blocks.base.databases import closed, opened
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName
from agentbench.domain.errors import CredentialRefused
from agentbench.domain.example import Example
from agentbench.domain.limits import Limits
from agentbench.domain.option import Isolation
from agentbench.domain.port import Code

Kind = Literal["sqlite", "postgresql", "mysql", "mssql"]
MOST_BYTES = 200_000_000
"""Bytes that all rows may have together."""
_APART: Isolation = "thread" if sys.platform == "win32" else "process"
"""A statement may take all memory there is, and some cannot be ended in any other way."""
_Sql = Annotated[
    Code, about("One statement; `:name` (SQLite) or `%(name)s` (PostgreSQL) for values.", title="SQL")
]  # fmt: skip
_OUTPUTS: dict[str, Any] = {
    "rows": Annotated[list[dict[str, Any]], about("A dictionary a row.")],
    "columns": Annotated[list[str], about("The names of the columns.")],
    "row_count": Annotated[int, about("How many rows are given.")],
    "truncated": Annotated[bool, about("Whether there are more.")],
    "affected": Annotated[int, about("How many rows were changed.")],
}


class QueryRefused(ValueError):
    """The database did not do what it was asked."""


class _Found:
    """What a statement gave."""

    def __init__(
        self, columns: Sequence[str], rows: list[Any], affected: int, most: int
    ) -> None:
        self.columns = list(columns)
        self.truncated = len(rows) > most
        self.rows = [
            dict(zip(columns, map(_plain, row), strict=True)) for row in rows[:most]
        ]
        self.affected = max(affected, 0)

    def outputs(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "columns": self.columns,
            "row_count": len(self.rows),
            "truncated": self.truncated,
            "affected": self.affected,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (datetime.timedelta, uuid.UUID)):
        return str(value)
    return bytes(value) if isinstance(value, memoryview) else value


@block(
    id="database.query",
    title="Query database",
    keywords=("sql", "select", "postgresql", "sqlite", "rows", "table", "db"),
    effects="writes",
    isolation=_APART,
    limits=Limits(memory=1_000_000_000),
    outputs=_OUTPUTS,
    examples=[
        Example(
            inputs={"kind": "sqlite", "database": ":memory:", "sql": "SELECT :n + 1 AS n", "parameters": {"n": 1}},
            outputs={"rows": [[{"n": 2}]], "columns": [["n"]], "row_count": [1], "truncated": [False]},
        )
    ],
)  # fmt: skip
async def query(
    sql: _Sql,
    kind: Annotated[Kind, about("Which kind of database.", shown=True)] = "sqlite",
    database: Annotated[str, about("SQLite: a file of the workspace. PostgreSQL: its name.")] = "",
    *,
    parameters: Annotated[dict[str, Any] | list[Any], about("The values, by name or in order.")] = {},  # noqa: B006
    host: Annotated[str, about("Where the server is; SQLite needs none.")] = "",
    port: Annotated[int | None, about("5432 as a rule.", advanced=True)] = None,
    credential: Annotated[str, CredentialName("user_password"), about("User and password there.")] = "",
    read_only: Annotated[bool, about("Refuse whatever would change something.")] = True,
    timeout: Annotated[float, pydantic.Field(gt=0, le=3600), about("Seconds that it may take.")] = 30,
    max_rows: Annotated[int, pydantic.Field(ge=1, le=1_000_000), about("Rows, at most.")] = 1000,
    context: Context,
) -> dict[str, Any]:  # fmt: skip
    """Asks a database something in SQL, or with `read_only` off changes it."""
    if kind in ("mysql", "mssql"):
        raise QueryRefused(
            f"'kind' {kind} is not spoken here yet: PostgreSQL and SQLite are."
        )
    if kind == "sqlite":
        found: _Found = await context.in_thread(
            lambda: _ask_sqlite(
                Workspace(context.workspace),
                database,
                sql,
                parameters,
                read_only=read_only,
                timeout=timeout,
                most=max_rows,
            )
        )
        return found.outputs()
    found = await _ask_postgresql(
        sql, parameters, context, host=host, port=port or 5432, database=database,
        credential=credential, read_only=read_only, timeout=timeout, most=max_rows,
    )  # fmt: skip
    return found.outputs()


_REACHING_OUT = {
    sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_CREATE_VTABLE,
}  # fmt: skip
_READING = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
}  # fmt: skip


def _allowed(*, read_only: bool) -> Any:
    def decide(action: int, first: str | None, second: str | None, *_: Any) -> int:
        del first
        is_load = action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in (
            "load_extension", "writefile", "readfile", "edit", "fts3_tokenizer",
        )  # fmt: skip
        is_fine = action in _READING if read_only else action not in _REACHING_OUT
        return sqlite3.SQLITE_OK if is_fine and not is_load else sqlite3.SQLITE_DENY

    return decide


def _ask_sqlite(
    workspace: Workspace,
    database: str,
    sql: str,
    parameters: Any,
    *,
    read_only: bool,
    timeout: float,
    most: int,
) -> _Found:
    if database == ":memory:":
        base = sqlite3.connect(database, isolation_level=None)
    else:
        base = opened(
            workspace, database, read_only=read_only, timeout=min(timeout, 30)
        )
    end = time.monotonic() + timeout
    try:
        base.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
        base.set_authorizer(_allowed(read_only=read_only))
        cursor = base.execute(sql, parameters)
        rows = _taken(cursor, most + 1) if cursor.description else []
        names = [one[0] for one in cursor.description or ()]
        return _Found(_distinct(names), rows, cursor.rowcount, most)
    except MemoryError:
        raise QueryRefused("The query needs more memory than it may have.") from None
    except (sqlite3.Error, sqlite3.Warning, OverflowError) as error:
        if time.monotonic() > end:
            raise QueryRefused(f"The query took longer than {timeout:g} s.") from None
        said = str(error)
        if "not authorized" in said or "prohibited" in said:
            said = "it would change something, or reach out of the database"
        raise QueryRefused(f"SQLite refused it: {said}.") from error
    finally:
        closed(base)


def _taken(rows: Iterable[Sequence[Any]], most: int) -> list[Any]:
    """The first rows.

    Raises:
        QueryRefused: they are too large together.
    """
    found, size = [], 0
    for row in itertools.islice(rows, most):
        size += sum(map(sys.getsizeof, row))
        if size > MOST_BYTES:
            raise QueryRefused(
                f"The rows have more than {MOST_BYTES} bytes: ask for fewer, or for less of each."
            )
        found.append(row)
    return found


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of columns, no two the same."""
    made: list[str] = []
    for name in names:
        number, one = 2, name
        while one in made:
            one, number = f"{name}_{number}", number + 1
        made.append(one)
    return made


async def _ask_postgresql(
    sql: str, parameters: Any, context: Context, *, host: str, port: int, database: str,
    credential: str, read_only: bool, timeout: float, most: int,
) -> _Found:  # fmt: skip
    if not host or not credential:
        raise ValueError("'host' and 'credential' are needed for PostgreSQL.")
    addresses = await context.outbound.addresses(host, port)  # checked by the door
    known = await context.credential(credential)
    if not known.is_for(host, port):
        raise CredentialRefused(credential, f"{host}:{port}", known.hosts)
    psycopg = library("psycopg", "database.query", extra="postgres")
    settings: Mapping[str, Any] = {
        "host": host,
        "hostaddr": ",".join(addresses[:1]),  # the very address that was checked
        "port": port,
        "dbname": database,
        "user": known.user,
        "password": known.secret.reveal(),
        "connect_timeout": max(int(timeout), 2),
        "application_name": "agentbench",
        "options": f"-c statement_timeout={int(timeout * 1000)}",
    }

    def ask() -> _Found:
        with psycopg.connect(**settings, autocommit=False) as base:
            base.read_only = read_only
            with base.cursor() as cursor:
                cursor.execute(sql, parameters or None)
                names = [one.name for one in cursor.description or ()]
                rows = _taken(cursor, most + 1) if cursor.description else []
                found = _Found(_distinct(names), rows, cursor.rowcount, most)
            if read_only:
                base.rollback()

            return found

    try:
        async with asyncio.timeout(timeout + 5):
            found: _Found = await context.in_thread(ask)
            return found
    except TimeoutError:
        raise QueryRefused(f"The query took longer than {timeout:g} s.") from None
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        secret = known.secret.reveal()
        raise QueryRefused(
            f"PostgreSQL refused it: {said.replace(secret, '<secret>')}."
        ) from None
