"""AutoGPT's blocks for Google Sheets that read."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Sent
from agentbench.formats.autogpt.calls.google.cells import (
    Book,
    column_of,
    grid_of,
    letter_of,
    table,
)


async def read(given: Given, book: Book) -> Stream:
    """The cells of a range."""
    yield "result", await book.read(given["range"])


async def metadata(given: Given, book: Book) -> Stream:
    """What is known of a spreadsheet and its sheets."""
    params = {"fields": "properties.title,sheets.properties"}
    found = await book.ask("GET", "", Sent(params=params))
    sheets = [
        {"title": it["properties"]["title"], "sheetId": it["properties"]["sheetId"]}
        for it in found["sheets"]
    ]
    yield "result", {"title": found["properties"]["title"], "sheets": sheets}


async def get_row(given: Given, book: Book) -> Stream:
    """A row by its number, from 1."""
    header, rows = await table(book)
    number = given["row_index"]
    if not 1 <= number <= len(rows):
        raise IndexError(f"The sheet has {len(rows)} rows, and no row {number}.")
    row = rows[number - 1]
    yield "row", row
    yield "row_dict", dict(zip(header, row, strict=False))


async def get_column(given: Given, book: Book) -> Stream:
    """The cells of a column."""
    header, rows = await table(book)
    place = column_of(header, given["column"])
    cells = [row[place] if place < len(row) else "" for row in rows]
    cells = cells if given["include_header"] else cells[1:]
    cells = [it for it in cells if it != ""] if given["skip_empty"] else cells
    yield "values", cells
    yield "count", len(cells)
    yield "column_index", place


async def count_rows(given: Given, book: Book) -> Stream:
    """How many rows and columns there are."""
    header, rows = await table(book)
    full = [row for row in rows if any(it != "" for it in row)]
    counted = rows if given["count_empty"] else full
    total = len(counted) if given["include_header"] else max(0, len(counted) - 1)
    yield "total_rows", total
    yield "data_rows", max(0, len(counted) - 1)
    yield "last_row", len(rows)
    yield "column_count", len(header)


_HOLDS: Mapping[str, Callable[[str, str], bool]] = {
    "equals": lambda a, b: a == b,
    "not_equals": lambda a, b: a != b,
    "contains": lambda a, b: b in a,
    "not_contains": lambda a, b: b not in a,
    "greater_than": lambda a, b: _order(a) > _order(b),
    "less_than": lambda a, b: _order(a) < _order(b),
    "greater_than_or_equal": lambda a, b: _order(a) >= _order(b),
    "less_than_or_equal": lambda a, b: _order(a) <= _order(b),
    "is_empty": lambda a, _: not a.strip(),
    "is_not_empty": lambda a, _: bool(a.strip()),
}


def _order(text: Any) -> tuple[int, float, str]:
    """Numbers by their size, before texts."""
    try:
        return 0, float(str(text).replace(",", "")), ""
    except ValueError:
        return 1, 0.0, str(text)


async def filter_rows(given: Given, book: Book) -> Stream:
    """The rows for whose cell in a column something holds."""
    header, rows = await table(book)
    place = column_of(header, given["filter_column"])
    holds, fold = _HOLDS[str(given["operator"] or "equals")], not given["match_case"]
    wanted = str(given["filter_value"]).lower() if fold else str(given["filter_value"])
    found = []
    for number, row in enumerate(rows[1:], 2):
        cell = str(row[place]).lower() if fold else str(row[place])
        if holds(cell, wanted):
            found.append((number, row))
    kept = [row for _, row in found]
    yield "rows", [rows[0], *kept] if given["include_header"] and rows else kept
    yield "row_indices", [number for number, _ in found]
    yield "count", len(found)


async def lookup(given: Given, book: Book) -> Stream:
    """The first row whose cell in a column is a value."""
    header, rows = await table(book)
    place = column_of(header, given["lookup_column"])
    wanted = str(given["lookup_value"])
    for number, row in enumerate(rows[1:], 2):
        cell = str(row[place])
        if cell == wanted or (
            not given["match_case"] and cell.lower() == wanted.lower()
        ):
            picked = [column_of(header, it) for it in given["return_columns"]] or range(
                len(header)
            )
            yield "row", [row[it] for it in picked]
            yield "row_dict", {header[it]: row[it] for it in picked}
            yield "row_index", number
            yield "found", True
            return
    yield "row", []
    yield "row_dict", {}
    yield "row_index", 0
    yield "found", False


async def unique(given: Given, book: Book) -> Stream:
    """The different cells of a column, and how often each is there."""
    header, rows = await table(book)
    place = column_of(header, given["column"])
    counts: dict[str, int] = {}
    for row in rows[1:]:
        if row[place] != "":
            counts[str(row[place])] = counts.get(str(row[place]), 0) + 1
    if given["sort_by_count"]:
        counts = dict(sorted(counts.items(), key=lambda it: -it[1]))
    yield "values", list(counts)
    yield "counts", counts if given["include_count"] else {}
    yield "total_unique", len(counts)


async def find(given: Given, book: Book) -> Stream:
    """The cells in which a text is."""
    fold = not given["match_case"]
    wanted = given["find_text"].lower() if fold else given["find_text"]
    found = []
    for one in await book.sheets():
        if given["sheet_id"] not in (-1, one["sheetId"]):
            continue
        shown = "'" + one["title"].replace("'", "''") + "'"
        first = grid_of(given["range"], 0) if given["range"] else {}
        top, left = first.get("startRowIndex", 0), first.get("startColumnIndex", 0)
        for y, row in enumerate(
            await book.read(
                f"{shown}!{given['range']}" if given["range"] else f"{shown}!A:ZZZ"
            ),
            top,
        ):
            for x, cell in enumerate(row, left):
                text = str(cell).lower() if fold else str(cell)
                if text == wanted if given["match_entire_cell"] else wanted in text:
                    found.append({"sheet": one["title"], "address": f"{letter_of(x)}{y + 1}", "row": y + 1,
                                  "column": x + 1, "value": cell})  # fmt: skip
    found = found if given["find_all"] else found[:1]
    yield "result", {"success": True, "count": len(found)}
    yield "locations", found
    yield "count", len(found)


async def export(given: Given, book: Book) -> Stream:
    """A sheet as CSV."""
    _, rows = await table(book)
    rows = rows if given["include_headers"] else rows[1:]
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    yield "csv_data", file.getvalue()
    yield "row_count", len(rows)


async def notes(given: Given, book: Book) -> Stream:
    """The notes of cells."""
    params = {
        "ranges": await book.named(given["range"]),
        "fields": "sheets.data(startRow,startColumn,rowData.values.note)",
    }
    answer = await book.ask("GET", "", Sent(params=params))
    found = []
    for data in (it for sheet in answer["sheets"] for it in sheet.get("data") or []):
        for y, row in enumerate(data.get("rowData") or [], data.get("startRow", 0)):
            for x, cell in enumerate(
                row.get("values") or [], data.get("startColumn", 0)
            ):
                if cell.get("note"):
                    found.append(
                        {"cell": f"{letter_of(x)}{y + 1}", "note": cell["note"]}
                    )
    yield "notes", found
    yield "count", len(found)


async def named_ranges(given: Given, book: Book) -> Stream:
    """The ranges that have names."""
    answer = await book.ask("GET", "", Sent(params={"fields": "namedRanges"}))
    found = answer.get("namedRanges") or []
    yield "named_ranges", found
    yield "count", len(found)
