"""Blocks where tables begin and end: files, rows, Markdown."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from agentbench.blocks.base import (
    Names,
    about,
    block,
    checked_column,
    example,
    frame,
    library,
    plain_rows,
    plain_values,
)
from agentbench.blocks.base.confined import Workspace
from agentbench.blocks.base.separated import harmless
from agentbench.blocks.base.sources import workspace_of, written_out
from agentbench.blocks.table.packed import (
    ENDINGS,
    check_parquet,
    check_workbook,
    unpacked,
)
from agentbench.domain.context import Context
from agentbench.domain.port import Table

_LINES = (".csv", ".txt", ".tsv", ".tab", ".jsonl", ".ndjson")
"""What is also read from a packed file."""
_WHOLE = (".parquet", ".pq", ".xlsx")
"""What is packed in itself."""
_Table = Annotated[Table, about("The table.")]


@block(
    id="table.read",
    title="Read table",
    keywords=("csv", "parquet", "tsv", "json lines", "file", "load", "data", "open"),
    effects="reads",
    examples=[
        example(
            {"path": "a.csv"},
            files={"a.csv": "city,n\nOslo,3\n"},
            result=[{"city": "Oslo", "n": 3}],
        )
    ],
)
def read(
    path: Annotated[
        str,
        about(
            "A .csv, .tsv, .jsonl, .parquet or .xlsx file; the first three also packed.",
            title="File",
        ),
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

    A relative path is looked for in the workspace, then beside the agent's file and in
    the folders above it.
    """
    file = Path(path)
    with workspace_of(path, context).open(written_out(path)) as opened:
        table = loaded_table(file, opened, separator)
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


def loaded_table(file: Path, opened: BinaryIO, separator: str = "") -> Any:
    """The data frame in an open file, by the ending of its name.

    Raises:
        ValueError: it cannot be read, or nobody knows how.
    """
    pandas = library("pandas", "table.read")
    ending = _ending(file)
    try:
        if ending in _LINES:
            opened = unpacked(file, opened)
        match ending:
            case ".csv" | ".txt":
                return pandas.read_csv(opened, sep=separator or ",")
            case ".tsv" | ".tab":
                return pandas.read_csv(opened, sep=separator or "\t")
            case ".parquet" | ".pq":
                library("pyarrow", "Reading Parquet")
                check_parquet(opened)
                return pandas.read_parquet(opened)
            case ".xlsx":
                library("openpyxl", "Reading Excel files")
                check_workbook(opened)
                return pandas.read_excel(opened)
            case ".jsonl" | ".ndjson":
                return pandas.DataFrame(_json_lines(opened))
    except (ValueError, TypeError, OSError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(
            f"{file.name} cannot be read as {ending}: {reason}."
        ) from error
    raise ValueError(f"'path' {why_no_table(file)}")


def why_no_table(file: Path) -> str:
    """Why no table is read from a file of that name; empty where one is."""
    ending = _ending(file)
    if ending in (*_LINES, *_WHOLE):
        return ""
    return (
        f"ends in {ending or 'nothing'!r}: {file.name}."
        " Known are .csv, .tsv, .parquet, .xlsx and .jsonl, and .csv.gz and the like."
    )


def _ending(file: Path) -> str:
    """How a file is called at its end, without what says that it is packed."""
    is_packed = file.suffix.lower() in ENDINGS
    return (Path(file.stem) if is_packed else file).suffix.lower()


def _json_lines(opened: BinaryIO) -> Iterator[Any]:
    with io.TextIOWrapper(opened, encoding="utf-8") as lines:
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


@block(
    id="table.write",
    title="Write table",
    keywords=("save", "export", "csv", "parquet", "json lines", "file", "to csv"),
    effects="writes",
    examples=[
        example({"table": [{"a": 1}], "path": "out.csv"}, result="out.csv"),
        example({"table": [{"a": 1}], "path": "out.parquet"}, result="out.parquet"),
    ],
)
async def write(
    table: _Table,
    path: Annotated[
        str,
        about("A .csv, .tsv, .parquet or .jsonl file of the workspace.", title="File"),
    ],
    *,
    formulas: Annotated[
        bool,
        about("Of CSV: leave text that begins as formulas do as it is.", advanced=True),
    ] = False,
    context: Context,
) -> Annotated[str, about("Its path inside the workspace.")]:
    """Writes a table to a file of the workspace.

    In CSV, text that begins with = + - @ would be carried out by a spreadsheet; it gets
    a ' before.
    """

    def written() -> str:
        data = _as_file(frame(table, "table.write"), path, formulas=formulas)
        return Workspace(context.workspace).write(path, data)

    return str(await context.in_thread(written))


def _as_file(data: Any, path: str, *, formulas: bool) -> bytes:
    out = io.BytesIO()
    match Path(path).suffix.lower():
        case ".parquet" | ".pq":
            library("pyarrow", "Writing Parquet")
            data.to_parquet(out, index=False)
        case ".jsonl" | ".ndjson":
            data.to_json(out, orient="records", lines=True, date_format="iso")
        case ".csv" | ".tsv" | ".tab" as ending:
            if not formulas:
                texts = data.select_dtypes(
                    exclude=["number", "bool", "datetime"]
                ).columns
                data = data.assign(**{name: data[name].map(harmless) for name in texts})
                data = data.rename(columns=harmless)
            data.to_csv(out, index=False, sep="," if ending == ".csv" else "\t")
        case ending:
            raise ValueError(
                f"'path' ends in {ending or 'nothing'!r}; known are .csv, .tsv, .parquet"
                " and .jsonl, and `files.write_spreadsheet` for Excel."
            )
    return out.getvalue()


@block(
    id="table.rows",
    title="Table to rows",
    keywords=("records", "dictionaries", "list", "to json", "convert"),
    examples=[
        example(
            {"table": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}]},
            result=[{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
        )
    ],
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
    examples=[
        example(
            {"rows": [{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}]},
            result=[{"city": "Oslo", "n": 3}, {"city": "Rome", "n": 1}],
        )
    ],
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
    examples=[example({"table": [{"a": 1}]}, result="| a |\n| ---: |\n| 1 |")],
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
