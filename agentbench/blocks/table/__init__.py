"""Blocks for tables: reading, asking, summing up, showing."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from agentbench.blocks.base import (
    Names,
    Operator,
    about,
    block,
    checked_column,
    compare,
    frame,
    is_empty,
    library,
    plain_rows,
    plain_values,
    ports_named,
)
from agentbench.blocks.table.sql import ask
from agentbench.domain.context import Context
from agentbench.domain.function_block import Constants
from agentbench.domain.port import Code, Port, Table

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


@block(
    id="table.read",
    title="Read table",
    keywords=("csv", "parquet", "tsv", "json lines", "file", "load", "data", "open"),
    effects="reads",
)
def read(
    path: Annotated[
        str, about("A .csv, .tsv, .parquet or .jsonl file, also gzipped.", title="File")
    ],
    *,
    dates: Annotated[Names, about("Columns that hold dates.")] = [],  # noqa: B006
    columns: Annotated[
        Names, about("Only these columns; empty for all.", advanced=True)
    ] = [],  # noqa: B006
    separator: Annotated[
        str,
        about("What stands between values in a .csv file, if no comma.", advanced=True),
    ] = "",
    context: Context,
) -> Annotated[Table, about("The table, a pandas data frame.")]:
    """Reads a table from a file.

    A relative path is looked for in the working directory, then beside the agent's
    file and in the folders above it.
    """
    file = context.find_file(path)
    table = _loaded(file, separator)
    for name in columns:
        checked_column(table, name, "columns")
    if columns:
        table = table[columns]
    pandas = library("pandas", "table.read")
    changed = {}
    for name in dates:
        checked_column(table, name, "dates")
        cells = table[name]
        if cells.dtype.kind in "iu":
            cells = cells.astype(str)  # 2024 and 20240131 are dates, not nanoseconds
        try:
            changed[name] = pandas.to_datetime(cells, format="ISO8601")
        except (ValueError, TypeError):
            changed[name] = _loose_dates(table[name], file.name)
    return table.assign(**changed)


def _loaded(file: Path, separator: str) -> Any:
    pandas = library("pandas", "table.read")
    ending = "".join(file.suffixes[-2:]).lower().removesuffix(".gz")
    ending = Path("x" + ending).suffix
    try:
        match ending:
            case ".csv" | ".txt":
                return pandas.read_csv(file, sep=separator or ",")
            case ".tsv" | ".tab":
                return pandas.read_csv(file, sep=separator or "\t")
            case ".parquet" | ".pq":
                library("pyarrow", "Reading Parquet")
                return pandas.read_parquet(file)
            case ".jsonl" | ".ndjson":
                return pandas.DataFrame(_json_lines(file))
    except (ValueError, TypeError, OSError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(
            f"{file.name} cannot be read as {ending}: {reason}."
        ) from error
    raise ValueError(
        f"'path' ends in {ending or 'nothing'!r}: {file.name}."
        " Known are .csv, .tsv, .parquet and .jsonl."
    )


def _json_lines(file: Path) -> Iterator[Any]:
    opened = gzip.open if file.suffix.lower() == ".gz" else open
    with opened(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line) if line.strip() else {}
            except json.JSONDecodeError as error:
                raise ValueError(f"line {number} is no JSON: {error}") from error
            if not isinstance(row, dict):
                raise TypeError(f"line {number} is no JSON object")
            if row:
                yield row


def _loose_dates(series: Any, file: str) -> Any:
    pandas = library("pandas", "table.read")
    parsed = pandas.to_datetime(series, errors="coerce", format="mixed")
    bad = series[parsed.isna() & series.notna()]
    if len(bad):
        raise ValueError(
            f"'dates' names {series.name!r}, but {bad.iloc[0]!r} in row"
            f" {int(bad.index[0]) + 1} of {file} is no date."
        )
    return parsed


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
)
async def query(
    table: Annotated[
        Table | None, about("It is `table` in the SQL.", shown=True)
    ] = None,
    sql: Annotated[
        Code,
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
    id="table.rows",
    title="Table to rows",
    keywords=("records", "dictionaries", "list", "to json", "convert"),
)
def rows(
    table: _Table,
) -> Annotated[
    list[dict[str, Any]], about("One dictionary a row; empty cells are none.")
]:
    """Turns a table into a list of dictionaries; dates become ISO text."""
    return plain_rows(frame(table, "table.rows"))


@block(
    id="table.from_rows",
    title="Rows to table",
    keywords=("dataframe", "dictionaries", "list", "records", "json", "convert"),
)
def from_rows(
    rows: Annotated[list[dict[str, Any]], about("One dictionary a row.")],
) -> Annotated[Table, about("The table; a key that a row lacks is an empty cell.")]:
    """Turns a list of dictionaries into a table."""
    return library("pandas", "table.from_rows").DataFrame(rows)


@block(
    id="table.to_markdown",
    title="Table to Markdown",
    keywords=("text", "report", "format", "print", "pipe table", "show"),
)
def to_markdown(
    table: _Table,
    *,
    max_rows: Annotated[int, about("More rows are cut off, with a note.")] = 20,
    decimals: Annotated[int, about("Digits after the point of fractions.")] = 2,
) -> Annotated[str, about("A Markdown table.")]:
    """Writes a table as Markdown, for a report or a prompt."""
    data = frame(table, "table.to_markdown")
    head = data.head(max_rows)
    names = [_cell(name, 0) for name in data.columns]
    is_right = [data.iloc[:, at].dtype.kind in "iuf" for at in range(len(names))]
    lines = [_line(names), _line("---:" if right else "---" for right in is_right)]
    columns = [_column_text(head.iloc[:, at], decimals) for at in range(len(names))]
    lines += [_line(cells) for cells in zip(*columns, strict=True)]
    if len(data) > max_rows:
        lines.append(f"\n… and {len(data) - max_rows} more rows")
    return "\n".join(lines)


def _column_text(series: Any, decimals: int) -> list[str]:
    values = plain_values(series)
    fractions = [v for v in values if isinstance(v, float)]
    if fractions and all(value.is_integer() for value in fractions):
        decimals = 0  # whole numbers that became fractions beside an empty cell
    return [_cell(value, decimals) for value in values]


def _cell(value: Any, decimals: int) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{decimals}f}"
    return " ".join(str(value).replace("|", "\\|").split())


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


@block(
    id="table.describe",
    title="Describe table",
    keywords=("statistics", "overview", "columns", "profile", "missing", "summary"),
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
