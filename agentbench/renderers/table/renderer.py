"""Tables: pandas, polars and Arrow frames, and lists of records that are to be one."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agentbench.domain.kind import TABLE
from agentbench.domain.records import Records
from agentbench.domain.renderer import Download, Hints, MimeBundle, Pager
from agentbench.renderers.base import (
    TIMES,
    BaseRenderer,
    Declined,
    clean,
    count,
    escape,
    filename,
    fit,
    is_a,
    is_hinted,
)
from agentbench.renderers.table.cells import are_numbers, read_as_numbers, written
from agentbench.renderers.table.frames import ARROW, PANDAS, POLARS
from agentbench.renderers.table.paging import TablePages

ROWS, COLUMNS, CELL = 20, 20, 80
"""How much of a table is shown, and of a cell in characters."""
PREVIEW_ROWS, PREVIEW_COLUMNS, PREVIEW_CELL = 4, 4, 14
TEXT_WIDTH = 110
LEFT = ' style="text-align: left;"'
"""Where words begin: notebooks put every cell of a table to the right unless told."""
ALIGN = ' align="left"'
"""The same for glances, of which no style is taken."""
DIGITS = 'style="font-variant-numeric: tabular-nums;"'
_ROWS = (Mapping, (list, tuple))
COPY_ROWS = 100_000
"""More rows than this do not go to the clipboard."""

_SERIES = ("pandas.Series", "pandas.core.series.Series")


@dataclass(frozen=True)
class Part:
    """The left top corner of a table, as text; the first `labels` columns name rows."""

    names: list[str]
    rows: list[list[str]]
    size: tuple[int, int]
    labels: int = 0
    are_numbers: tuple[bool, ...] = ()
    are_words: tuple[bool, ...] = ()
    """Whose cells begin at the left in HTML; row names that are numbers do not."""

    @property
    def shape(self) -> str:
        return f"{count(self.size[0], 'row')} {TIMES} {count(self.size[1], 'column')}"

    @property
    def has_more_rows(self) -> bool:
        return self.size[0] > len(self.rows)

    @property
    def has_more_columns(self) -> bool:
        return self.size[1] > len(self.names) - self.labels


class TableRenderer(BaseRenderer):
    """Shows pandas, polars and Arrow tables: the first 20 rows and columns, and the size.

    A list of dictionaries, or text in CSV, is a table when the hints say so:
    `type: "table"`, or the MIME type or file name of CSV.
    """

    name = "table"
    priority = 65
    file, mime = "data.csv", "text/csv"

    def can_render(self, value: Any, hints: Hints) -> bool:
        if TABLE.matches(type(value)) or is_a(value, *_SERIES):
            return True
        if isinstance(value, Records):
            return True
        if hints.get("type") != "table" and not _is_csv(hints):
            return False
        is_array = is_a(value, "numpy.ndarray") and value.ndim == 2
        return isinstance(value, (str, dict)) or is_array or _are_rows(value)

    def render(self, value: Any, hints: Hints) -> MimeBundle:
        if isinstance(value, Records):
            whole, lasting = _listed(value), _listed(value, only_lasting=True)
            return MimeBundle({"text/html": _html(whole), "text/plain": _text(lasting)})
        part = part_of(_framed(value, hints), ROWS, COLUMNS, CELL)
        return MimeBundle({"text/html": _html(part), "text/plain": _text(part)})

    def preview(self, value: Any, hints: Hints) -> MimeBundle:
        framed = _framed(value, hints)
        part = part_of(framed, PREVIEW_ROWS, PREVIEW_COLUMNS, PREVIEW_CELL, bare=True)
        return MimeBundle({"text/html": _grid(part, ALIGN), "text/plain": part.shape})

    def pager(self, value: Any, hints: Hints) -> Pager:
        """The table page by page."""
        return TablePages(_framed(value, hints))

    def copy(self, value: Any, hints: Hints) -> str | None:
        framed = _framed(value, hints)
        return _separated(framed, "\t") if _size(framed)[0] <= COPY_ROWS else None

    def download(self, value: Any, hints: Hints) -> Download | None:
        name = filename(hints, self.file)
        name = name if name.endswith((".csv", ".tsv")) else f"{name}.csv"
        separator = "\t" if name.endswith(".tsv") else ","
        text = _separated(_framed(value, hints), separator)
        content = text.encode("utf-8", "replace")
        return Download(filename=name, mime=self.mime, content=content)


# ---- reading tables of any make --------------------------------------------------


def _is_csv(hints: Hints) -> bool:
    return is_hinted(
        hints, "text/csv", "text/tab-separated-values", suffixes=(".csv", ".tsv")
    )


def _are_rows(value: Any) -> bool:
    """Whether a list holds nothing but records, or nothing but rows."""
    if not isinstance(value, (list, tuple)):
        return False
    return any(all(isinstance(row, kind) for row in value) for kind in _ROWS)


def _framed(value: Any, hints: Hints) -> Any:
    """A frame as it is; a series as a frame; all else as a list of records."""
    if isinstance(value, Records):
        return value.table()
    if is_a(value, *_SERIES):
        return value.to_frame()
    if isinstance(value, str):
        is_tab = is_hinted(hints, "text/tab-separated-values", suffixes=(".tsv",))
        return _read(value, "\t" if is_tab else ",")
    if isinstance(value, dict):
        return _of_columns(value)
    if is_a(value, "numpy.ndarray"):
        return [dict(enumerate(row)) for row in value.tolist()]
    if isinstance(value, (list, tuple)) and isinstance(next(iter(value), {}), _ROWS[1]):
        return [dict(enumerate(row)) for row in value]
    return value


def _of_columns(held: dict[Any, Any]) -> list[dict[Any, Any]]:
    """A dictionary of columns as records; any other as pairs of key and value."""
    columns = list(held.values())
    are_columns = all(isinstance(column, (list, tuple)) for column in columns)
    if columns and are_columns and len({len(column) for column in columns}) == 1:
        rows = zip(*columns, strict=True)
        return [dict(zip(held, row, strict=True)) for row in rows]
    return [{"key": key, "value": value} for key, value in held.items()]


def _read(text: str, separator: str) -> list[dict[str, str]]:
    if not text.strip():
        raise Declined
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=separator)
    names = [name.strip() or f"column {n}" for n, name in enumerate(next(rows), 1)]
    return [dict(zip(names, row, strict=False)) for row in rows if row]


def _listed(records: Records[Any], *, only_lasting: bool = False) -> Part:
    """Records as a table; those that are not shown are not read."""
    rows = records.table(ROWS, only_lasting=only_lasting)
    part = part_of(rows, ROWS, COLUMNS, CELL)
    return replace(part, size=(len(records), part.size[1]))


def _size(framed: Any) -> tuple[int, int]:
    if isinstance(framed, (list, tuple)):
        return len(framed), len(_keys(framed))
    return int(framed.shape[0]), int(framed.shape[1])


def _keys(records: Sequence[Mapping[Any, Any]]) -> list[Any]:
    return list(dict.fromkeys(key for row in records for key in row))


def part_of(
    framed: Any, rows: int, columns: int, width: int, *, bare: bool = False
) -> Part:
    """The first rows and columns of a table; `bare` leaves a frame's row names out."""
    names, held = _corner(framed, rows, columns)
    labels = _labels(framed, rows) if is_a(framed, *PANDAS) and not bare else None
    numbers = [are_numbers(column) for column in held]
    beside = held if labels is None else [labels, *held]
    words = [not read_as_numbers(column) for column in beside]
    if labels is not None:
        names, held, numbers = ["", *names], [labels, *held], [False, *numbers]
    cells = [[written(item, width) for item in column] for column in held]
    return Part(
        names=[written(name, width) for name in names],
        rows=[list(row) for row in zip(*cells, strict=True)],
        size=_size(framed),
        labels=0 if labels is None else 1,
        are_numbers=tuple(numbers),
        are_words=tuple(words),
    )


def _corner(framed: Any, rows: int, columns: int) -> tuple[list[Any], list[list[Any]]]:
    """The names and the values of the first columns, by position: names may repeat."""
    if isinstance(framed, (list, tuple)):
        keys = _keys(framed)[:columns]
        return keys, [[row.get(key) for row in framed[:rows]] for key in keys]
    if is_a(framed, POLARS):
        head = framed[:rows, :columns]
        return list(head.columns), [column.to_list() for column in head.get_columns()]
    if is_a(framed, ARROW):
        start = framed.slice(0, rows)
        shown = start.columns[:columns]
        return list(framed.column_names[:columns]), [c.to_pylist() for c in shown]
    head = framed.iloc[:rows, :columns]
    width = head.shape[1]
    return list(head.columns), [head.iloc[:, n].tolist() for n in range(width)]


def _labels(frame: Any, rows: int) -> list[Any]:
    return list(frame.index[:rows])


# ---- writing ---------------------------------------------------------------------


def _html(part: Part) -> str:
    return f"<div {DIGITS}>{_grid(part, LEFT)}<p>{part.shape}</p></div>"


def _grid(part: Part, left: str) -> str:
    """The cells; those of a column of words say with `left` where they begin."""
    ways = [left if are_words else "" for are_words in part.are_words]
    more = "<th>…</th>" if part.has_more_columns else ""
    heads = "".join(
        f"<th{way}>{escape(name)}</th>"
        for name, way in zip(part.names, ways, strict=True)
    )
    lines = "".join(f"<tr>{_row(part, row, ways)}</tr>" for row in part.rows)
    if part.has_more_rows and part.rows:
        rest = "".join(f"<td{way}>…</td>" for way in ways)
        lines += f"<tr>{rest}{'<td>…</td>' * part.has_more_columns}</tr>"
    return (
        '<table border="1" class="dataframe"><thead><tr style="text-align: right;">'
        f"{heads}{more}</tr></thead><tbody>{lines}</tbody></table>"
    )


def _row(part: Part, row: Sequence[str], ways: Sequence[str]) -> str:
    cells = [
        f"<th{way}>{escape(cell)}</th>"
        if n < part.labels
        else f"<td{way}>{escape(cell)}</td>"
        for n, (cell, way) in enumerate(zip(row, ways, strict=True))
    ]
    return "".join(cells) + ("<td>…</td>" if part.has_more_columns else "")


def _text(part: Part) -> str:
    """Columns side by side as far as they fit, numbers to the right."""
    columns = [
        [name, *(row[n] for row in part.rows)] for n, name in enumerate(part.names)
    ]
    lines = [""] * (len(part.rows) + 1)
    shown = 0
    for column, is_number in zip(columns, part.are_numbers, strict=True):
        cells = [fit(cell, 40) for cell in column]
        width = max(len(cell) for cell in cells)
        if shown and len(lines[0]) + width + 2 > TEXT_WIDTH:
            break
        gap = "  " if shown else ""
        for n, cell in enumerate(cells):
            lines[n] += gap + (cell.rjust(width) if is_number else cell.ljust(width))
        shown += 1
    if shown < len(columns) or part.has_more_columns:
        lines = [f"{line}  …" for line in lines]
    if part.has_more_rows and part.rows:
        lines.append("…")
    body = "\n".join(line.rstrip() for line in lines).strip("\n")
    return f"{body}\n\n{part.shape}" if body.strip() else part.shape


def _separated(framed: Any, separator: str) -> str:
    """The whole table as CSV; a frame's own row names go with it when they say something."""
    if is_a(framed, *PANDAS):
        is_numbered = type(framed.index).__name__ == "RangeIndex"
        return clean(framed.to_csv(sep=separator, index=not is_numbered))
    names, columns = _corner(framed, *_size(framed))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(zip(*columns, strict=True))
    return clean(written.getvalue())
