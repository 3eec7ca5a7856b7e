"""Blocks that ask tables, and make other tables of them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from agentbench.blocks.base import (
    Names,
    Operator,
    about,
    block,
    checked_column,
    compare,
    example,
    frame,
    is_empty,
    library,
    ports_named,
)
from agentbench.blocks.table.sql import ask
from agentbench.domain.context import Context
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Port, SqlCode, Table

Statistic = Literal[
    "count",
    "distinct",
    "first",
    "last",
    "max",
    "mean",
    "median",
    "min",
    "standard deviation",
    "sum",
]
_AGGREGATES: Mapping[str, str] = {"distinct": "nunique", "standard deviation": "std"}
_NUMERIC = ("mean", "median", "standard deviation", "sum")
_Table = Annotated[Table, about("The table.")]
_Result = Annotated[Table, about("The new table.")]

_QUERY_PORTS = ("table", "sql", "tables", "parameters")


def _linked_tables(constants: Constants) -> list[Port]:
    return ports_named(
        constants.get("tables"),
        "The table `{name}` of the SQL.",
        besides=_QUERY_PORTS,
        annotation=Table,
    )


@block(
    id="table.query",
    title="Query with SQL",
    keywords=("sql", "select", "duckdb", "join", "group by", "where", "database"),
    more_inputs=_linked_tables,
    examples=[
        example(
            {
                "table": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
                "sql": "SELECT city FROM table WHERE n > 1",
            },
            result=[{"city": "Oslo"}],
        )
    ],
)
async def query(
    table: Annotated[
        Table | None, about("It is `table` in the SQL.", shown=True)
    ] = None,
    sql: Annotated[
        SqlCode,
        about(
            "Such as `SELECT city, avg(pm25) FROM table GROUP BY city`.",
            title="SQL",
            shown=True,
        ),
    ] = "SELECT * FROM table",
    *,
    parameters: Annotated[
        dict[str, Any], about("Values for `$name` in the SQL.", advanced=True)
    ] = {},  # noqa: B006
    tables: Annotated[
        Names,
        about("Names of further tables; each becomes an input.", advanced=True),
    ] = [],  # noqa: B006
    context: Context,
    **more: Any,
) -> _Result:
    """Asks one or several tables a question in SQL (DuckDB's).

    The SQL sees the linked tables and nothing else: no files, no network.
    """
    given = {name: more[name] for name in tables if name in more}
    if table is not None:
        given["table"] = table
    return await ask(sql, parameters, given, context=context)


@block(
    id="table.filter",
    title="Filter table",
    keywords=("where", "rows", "select", "keep", "condition", "subset"),
    examples=[
        example(
            {
                "table": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
                "column": "n",
                "operator": ">",
                "value": 1,
            },
            result=[{"city": "Oslo", "n": 3}],
        )
    ],
)
def filter_rows(
    table: _Table,
    column: Annotated[str, about("The column that is compared.")],
    operator: Annotated[Operator, about("How.", shown=True)] = "==",
    *,
    value: Annotated[Any, about("What it is compared with.", shown=True)] = None,
) -> _Result:
    """Keeps the rows for which a comparison holds.

    Empty cells match `is empty` only. A value written as text counts as a number or a
    date in a column of numbers or dates.
    """
    data = frame(table, "table.filter")
    series = data[checked_column(data, column, "column")]
    if operator in ("is empty", "is not empty"):
        kept = [is_empty(cell) is (operator == "is empty") for cell in series]
    else:
        kept = _holding(series, operator, value)
    return data[kept].reset_index(drop=True)


def _holding(series: Any, operator: Operator, value: Any) -> list[bool]:
    """For each cell whether the comparison holds; each distinct one is compared once."""
    filled = series.notna()
    try:
        distinct = series[filled].unique().tolist()
    except TypeError:  # lists and dictionaries are compared one by one
        pairs = zip(series, filled, strict=True)
        return [there and compare(cell, operator, value) for cell, there in pairs]
    answers = {cell: compare(cell, operator, value) for cell in distinct}
    return [answers.get(cell, False) for cell in series.tolist()]


@block(
    id="table.summarise",
    title="Summarise table",
    keywords=("group by", "aggregate", "mean", "sum", "average", "pivot", "statistics"),
    examples=[
        example(
            {
                "table": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
                "columns": ["n"],
                "statistic": "sum",
            },
            result=[{"n": 4}],
        )
    ],
)
def summarise(
    table: _Table,
    *,
    by: Annotated[
        Names, about("One row for each value of these; empty for one row.")
    ] = [],  # noqa: B006
    columns: Annotated[
        Names, about("What is summed up; empty for every column of numbers.")
    ] = [],  # noqa: B006
    statistic: Annotated[Statistic, about("How.", shown=True)] = "mean",
) -> Annotated[Table, about("Groups in order; columns keep their names.")]:
    """Groups the rows and gives one number for each group and column.

    `count` counts the cells that are not empty.
    """
    data = frame(table, "table.summarise")
    for name in by:
        checked_column(data, name, "by")
    for name in columns:
        checked_column(data, name, "columns")
    chosen = columns or [c for c in data.select_dtypes("number") if c not in by]
    if not chosen:
        raise ValueError("The table has no column of numbers; name some in 'columns'.")
    wrong = [c for c in chosen if data[c].dtype.kind not in "iufcbm"]
    if wrong and statistic in _NUMERIC:
        raise ValueError(
            f"'columns' names {wrong[0]!r}, which holds {data[wrong[0]].dtype}:"
            f" there is no {statistic} of that. Convert it, or use count, min or max."
        )
    how = _AGGREGATES.get(statistic, statistic)
    keys: Any = by or [0] * len(
        data
    )  # with nothing to group by, all rows are one group
    groups = data.groupby(keys, dropna=False, observed=True, sort=True)
    return groups[chosen].agg(how).reset_index(drop=not by)


@block(
    id="table.sort",
    title="Sort table",
    keywords=("order by", "rank", "top", "largest", "smallest", "limit", "head"),
    examples=[
        example(
            {
                "table": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
                "by": ["n"],
                "limit": 1,
            },
            result=[{"city": "Rome", "n": 1}],
        )
    ],
)
def sort(
    table: _Table,
    by: Annotated[Names, about("The columns that count, the first most.")],
    *,
    descending: Annotated[bool, about("The largest first.")] = False,
    limit: Annotated[int, about("Only so many rows; 0 for all.")] = 0,
) -> _Result:
    """Puts the rows in order, and keeps the first few if you like."""
    data = frame(table, "table.sort")
    for name in by:
        checked_column(data, name, "by")
    ordered = data.sort_values(by, ascending=not descending, kind="stable")
    return (ordered.head(limit) if limit > 0 else ordered).reset_index(drop=True)


@block(
    id="table.describe",
    title="Describe table",
    keywords=("statistics", "overview", "columns", "profile", "missing", "summary"),
    examples=[
        example(
            {"table": [{"a": 1}]},
            result=[
                {
                    "column": "a",
                    "type": "int64",
                    "filled": 1,
                    "empty": 0,
                    "distinct": 1,
                    "min": 1.0,
                    "median": 1.0,
                    "max": 1.0,
                    "mean": 1.0,
                    "standard deviation": None,
                }
            ],
        )
    ],
)
def describe(table: _Table) -> Annotated[Table, about("One row for each column.")]:
    """Says what is in each column: type, empty cells, distinct values, spread."""
    pandas = library("pandas", "table.describe")
    data = frame(table, "table.describe")
    return pandas.DataFrame(
        [_profile(data.iloc[:, at]) for at in range(data.shape[1])],
        columns=["column", "type", "filled", "empty", "distinct", *_SPREAD],
    )


_SPREAD = ("min", "median", "max", "mean", "standard deviation")


def _profile(series: Any) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "column": str(series.name),
        "type": str(series.dtype),
        "filled": int(series.notna().sum()),
        "empty": int(series.isna().sum()),
        "distinct": int(series.nunique()),
    }
    if series.dtype.kind in "iuf":
        for statistic in _SPREAD:
            value = getattr(series, _AGGREGATES.get(statistic, statistic))()
            profile[statistic] = float(value)
    return profile
