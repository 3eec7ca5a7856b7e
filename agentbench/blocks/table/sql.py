"""SQL over data frames: a database in memory that sees nothing else."""

import asyncio
from collections.abc import Mapping
from typing import Any

from agentbench.blocks.base import frame, library
from agentbench.domain.context import Context

_LOCKED = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",  # else SQL sees our own local variables
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
_THEN = "SET enable_progress_bar = false; SET lock_configuration = true"
"""In a notebook DuckDB would show a bar of its own in whatever cell a slow query ran in."""

_STATEMENTS = ("create", "drop", "alter", "replace", "temp", "temporary", "exists")
"""After these words `table` is the word of the language."""


async def ask(
    sql: str,
    parameters: Mapping[str, Any],
    tables: Mapping[str, Any],
    *,
    context: Context,
) -> Any:
    """The answer as a pandas data frame; ends at once when it is cancelled.

    Raises:
        ValueError: the SQL has a mistake, or asks for what it may not.
    """
    duckdb = await context.in_thread(library, "duckdb", "table.query")
    connection = await context.in_thread(_connected, duckdb)

    def answer() -> Any:
        try:
            for name, table in tables.items():
                connection.register(name, frame(table, "table.query"))
            text = _with_quoted_table(sql, duckdb)
            return connection.execute(text, dict(parameters) or None).df()
        except duckdb.Error as error:
            seen = ", ".join(map(repr, tables)) or "none; link one to 'table'"
            raise ValueError(f"'sql' failed. {error}\nIts tables: {seen}.") from error
        finally:
            connection.close()

    try:
        return await context.in_thread(answer)
    except asyncio.CancelledError:
        connection.interrupt()
        raise


def _connected(duckdb: Any) -> Any:
    connection = duckdb.connect(config=_LOCKED)
    connection.execute(_THEN)
    return connection


def _with_quoted_table(sql: str, duckdb: Any) -> str:
    """The SQL with `table` in quotes where it names our table.

    Alone it is a reserved word, and people who link a table to `table` write
    `FROM table`.
    """
    is_keyword = duckdb.token_type.keyword
    code = sql.encode()  # the tokens are counted in bytes
    places, previous = [], b""
    tokens = duckdb.tokenize(sql)
    ends = [*(start for start, _ in tokens[1:]), len(code)]
    for (start, kind), end in zip(tokens, ends, strict=True):
        word = code[start:end].strip().lower()
        is_name = previous.decode(errors="replace") not in _STATEMENTS
        if kind == is_keyword and word == b"table" and is_name:
            places.append(start)
        previous = word
    for start in reversed(places):
        code = code[:start] + b'"table"' + code[start + len(b"table") :]
    return code.decode()
