"""Databases: read unless told otherwise, with parameters, and through the door."""

import asyncio
import contextlib
import functools
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from agentbench.blocks.base.confined import OutsideWorkspace
from agentbench.blocks.database import QueryRefused, query
from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import OutboundRefused
from agentbench.network.outbound import HttpxOutbound


@pytest.fixture
def base(context: Any) -> str:
    made = sqlite3.connect(context.folder / "a.db")
    made.execute("CREATE TABLE t (n INTEGER, word TEXT)")
    made.executemany("INSERT INTO t VALUES (?, ?)", [(1, "a"), (2, "b"), (3, "c")])
    made.commit()
    made.close()
    return "a.db"


async def test_rows_come_with_their_columns_and_a_limit(fire: Any, base: str) -> None:
    given = await fire(
        query, database=base, sql="SELECT * FROM t ORDER BY n", max_rows=2
    )
    assert given["rows"] == [[{"n": 1, "word": "a"}, {"n": 2, "word": "b"}]]
    assert (given["truncated"], given["row_count"]) == ([True], [2])


async def test_t53_a_value_is_no_sql(fire: Any, base: str) -> None:
    hostile = "a' OR '1'='1"
    sql = "SELECT n FROM t WHERE word = :word"
    given = await fire(query, database=base, sql=sql, parameters={"word": hostile})
    assert given["rows"] == [[]]


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t",
        "DROP TABLE t",
        "INSERT INTO t VALUES (9, 'z')",
        "WITH x AS (SELECT 1) INSERT INTO t SELECT 9, 'z' FROM x",
        "ATTACH 'b.db' AS b",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('/tmp/x')",
        "SELECT 1; DELETE FROM t",
        "VACUUM INTO 'b.db'",
        "CREATE TABLE u (n)",
    ],
)
async def test_reading_changes_nothing(
    fire: Any, base: str, context: Any, sql: str
) -> None:
    with pytest.raises(QueryRefused, match="SQLite refused it"):
        await fire(query, database=base, sql=sql)
    made = sqlite3.connect(context.folder / "a.db")
    assert made.execute("SELECT count(*) FROM t").fetchone() == (3,)
    made.close()
    assert not (context.folder / "b.db").exists()


async def test_writing_is_switched_on(fire: Any, base: str) -> None:
    sql = "UPDATE t SET word = :w WHERE n < 3"
    given = await fire(
        query, database=base, sql=sql, parameters={"w": "z"}, read_only=False
    )
    assert given["affected"] == [2]
    for reaching in ("ATTACH 'b.db' AS b", "PRAGMA journal_mode = OFF"):
        with pytest.raises(QueryRefused):
            await fire(query, database=base, sql=reaching, read_only=False)


async def test_a_query_without_end_is_ended(fire: Any, base: str) -> None:
    sql = "WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT count(*) FROM x"
    with pytest.raises(QueryRefused, match=r"took longer than 0\.2 s"):
        await fire(query, database=base, sql=sql, timeout=0.2)


@pytest.mark.parametrize(
    "path", ["../a.db", "/etc/passwd", "link.db", "file:a.db?mode=rw"]
)
async def test_t54_a_database_is_inside_the_workspace(
    fire: Any, context: Any, base: str, path: str
) -> None:
    (context.folder / "link.db").symlink_to("/etc/passwd")
    with pytest.raises((OutsideWorkspace, FileNotFoundError)):
        await fire(query, database=path, sql="SELECT 1")


_swaps: dict[str, Callable[[], None]] = {}


def _swapping(event: str, _: Any) -> None:
    if swap := _swaps.get(event):
        swap()


@functools.cache
def _watch() -> None:
    """For good, as hooks are: it does nothing when nothing is to be swapped."""
    sys.addaudithook(_swapping)


@pytest.mark.skipif(sys.platform == "win32", reason="there, links need a right")
@pytest.mark.parametrize("read_only", [True, False])
async def test_t54_a_database_that_is_swapped_for_a_link_is_not_asked(
    fire: Any, base: str, context: Any, tmp_path_factory: Any, read_only: bool
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secrets.db"
    shutil.copy(context.folder / base, outside)
    own, kept = context.folder / base, context.folder / "kept.db"

    def away() -> None:
        own.rename(kept)
        own.symlink_to(outside)

    def back() -> None:
        kept.replace(own)

    _watch()
    _swaps.update({"sqlite3.connect": away, "sqlite3.connect/handle": back})
    try:
        with pytest.raises(OutsideWorkspace, match="became another file"):
            await fire(query, database=base, sql="SELECT * FROM t", read_only=read_only)
    finally:
        _swaps.clear()
    given = await fire(query, database=base, sql="SELECT count(*) AS n FROM t")
    assert given["rows"] == [[{"n": 3}]]


async def test_a_query_of_another_takes_no_locks_away(
    fire: Any, base: str, context: Any
) -> None:
    """To open and close a file of its own accord would end what SQLite has locked of it."""
    child = (
        "import sqlite3, sys; base = sqlite3.connect(sys.argv[1], timeout=0)\n"
        "try: base.execute('BEGIN IMMEDIATE'); print('taken')\n"
        "except sqlite3.OperationalError as error: print(error)"
    )
    writing = sqlite3.connect(context.folder / base, isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    await fire(query, database=base, sql="SELECT count(*) AS n FROM t")
    place = str(context.folder / base)
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-c", child, place, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await done.communicate()
    writing.close()
    assert said.decode().strip() == "database is locked"


async def test_what_is_not_spoken_says_so(fire: Any) -> None:
    with pytest.raises(QueryRefused, match="mysql is not spoken here yet"):
        await fire(query, kind="mysql", host="example.com", sql="SELECT 1")


async def test_t44_postgresql_is_reached_through_the_door(
    fire: Any, context: Any
) -> None:
    context.outbound = HttpxOutbound()
    with pytest.raises(OutboundRefused):
        await fire(
            query,
            kind="postgresql",
            host="127.0.0.1",
            database="x",
            credential="mail",
            sql="SELECT 1",
        )


@contextlib.asynccontextmanager
async def _on_tcp(socket: str) -> AsyncIterator[int]:
    """A port that leads to a server's socket in the file system."""

    serving: set[Any] = set()

    async def pipe(reader: Any, writer: Any) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                while part := await reader.read(65_536):
                    writer.write(part)
                    await writer.drain()
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def serve(reader: Any, writer: Any) -> None:
        serving.add(asyncio.current_task())
        theirs, ours = await asyncio.open_unix_connection(socket)
        await asyncio.gather(pipe(reader, ours), pipe(theirs, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]
    await asyncio.gather(*serving)  # no connection is left behind


async def test_postgresql_is_asked(fire: Any, context: Any, postgresql: Any) -> None:
    url = urlsplit(postgresql.url())
    facts = {name: values[0] for name, values in parse_qs(url.query).items()}
    socket = f"{facts['host']}/.s.PGSQL.5432"
    user = url.username or facts.get("user", "postgres")

    async def credential(name: str) -> Credential:
        return Credential(
            name=name,
            kind="user_password",
            hosts=("127.0.0.1",),
            secret=Secret("pw-canary"),
            user=user,
        )

    context.credential = credential
    async with _on_tcp(socket) as port:
        asked = {
            "kind": "postgresql", "host": "127.0.0.1", "port": port, "credential": "pg",
            "database": url.path.strip("/") or "postgres",
        }  # fmt: skip
        sql = "SELECT %(n)s::int + 1 AS n, 1.5::numeric AS x, DATE '2024-01-31' AS day"
        given = await fire(query, sql=sql, parameters={"n": 1}, **asked)
        assert given["rows"] == [[{"n": 2, "x": 1.5, "day": "2024-01-31"}]]
        with pytest.raises(QueryRefused, match="read-only") as said:
            await fire(query, sql="CREATE TABLE canary (n int)", **asked)
        assert "pw-canary" not in str(said.value)
        with pytest.raises(QueryRefused, match=r"statement timeout|longer than"):
            await fire(query, sql="SELECT pg_sleep(30)", timeout=0.5, **asked)
