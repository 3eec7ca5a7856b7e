"""AutoGPT's blocks for Google Sheets that write values, rows and columns."""

import csv
import io
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Sent
from agentbench.formats.autogpt.calls.google.cells import (
    API,
    PAGE,
    Book,
    column_of,
    letter_of,
    padded,
    table,
)
from agentbench.formats.autogpt.calls.google.files import borne
from agentbench.formats.base import Native

_TYPE = "application/vnd.google-apps.spreadsheet"

_OK = {"success": True}


async def write(given: Given, book: Book) -> Stream:
    """Puts rows into a range."""
    yield "result", await book.write(given["range"], given["values"])


async def update_cell(given: Given, book: Book) -> Stream:
    """Puts a value into a cell."""
    yield (
        "result",
        await book.write(
            given["cell"], [[given["value"]]], given["value_input_option"]
        ),
    )


async def append(given: Given, book: Book) -> Stream:
    """Adds a row behind the last."""
    params = {
        "valueInputOption": given["value_input_option"] or "USER_ENTERED",
        "insertDataOption": "INSERT_ROWS",
    }
    place = f"/values/{await book.named('A1')}:append"
    yield (
        "result",
        await book.ask(
            "POST", place, Sent(params=params, body={"values": [given["row"]]})
        ),
    )


async def insert_row(given: Given, book: Book) -> Stream:
    """Puts a row in before another, by its number from 1."""
    number = given["row_index"]
    await book.change(await _inserted(book, "ROWS", number - 1, 1))
    yield (
        "result",
        await book.write(f"A{number}", [given["row"]], given["value_input_option"]),
    )


async def _inserted(book: Book, side: str, start: int, count: int) -> dict[str, Any]:
    sheet = (await book.sheet())["sheetId"]
    place = {
        "sheetId": sheet,
        "dimension": side,
        "startIndex": start,
        "endIndex": start + count,
    }
    return {"insertDimension": {"range": place, "inheritFromBefore": start > 0}}


def _deleted(sheet: int, side: str, start: int) -> dict[str, Any]:
    return {
        "deleteDimension": {
            "range": {
                "sheetId": sheet,
                "dimension": side,
                "startIndex": start,
                "endIndex": start + 1,
            }
        }
    }


async def update_row(given: Given, book: Book) -> Stream:
    """Puts values into a row: one after the other, or by the headers of their columns."""
    number, values = given["row_index"], given["values"]
    if given["dict_values"]:
        header, rows = await table(book)
        row = padded(rows[number - 1] if number <= len(rows) else [], len(header))
        for name, value in given["dict_values"].items():
            row[column_of(header, str(name))] = value
        values = row
    yield "result", await book.write(f"A{number}", [values])


async def delete_rows(given: Given, book: Book) -> Stream:
    """Deletes rows by their numbers, from 1."""
    sheet = (await book.sheet())["sheetId"]
    numbers = sorted(
        set(given["row_indices"]), reverse=True
    )  # from below, so that the others stay
    await book.change(*(_deleted(sheet, "ROWS", it - 1) for it in numbers))
    yield "result", _OK
    yield "deleted_count", len(numbers)


async def delete_column(given: Given, book: Book) -> Stream:
    """Deletes a column."""
    header, _ = await table(book)
    sheet = (await book.sheet())["sheetId"]
    await book.change(_deleted(sheet, "COLUMNS", column_of(header, given["column"])))
    yield "result", _OK


async def add_column(given: Given, book: Book) -> Stream:
    """Adds a column, at the end or before another."""
    header, rows = await table(book)
    position = str(given["position"] or "end")
    places = {"end": len(header), "start": 0}
    place = (
        places[position]
        if position in places
        else int(position)
        if position.isdigit()
        else column_of(header, position)
    )
    await book.change(await _inserted(book, "COLUMNS", place, 1))
    letter = letter_of(place)
    filled = (
        [[given["default_value"]]] * max(0, len(rows) - 1)
        if given["default_value"]
        else []
    )
    await book.write(f"{letter}1", [[given["header"]], *filled])
    yield "result", _OK
    yield "column_letter", letter
    yield "column_index", place


async def clear(given: Given, book: Book) -> Stream:
    """Empties the cells of a range."""
    yield (
        "result",
        await book.ask(
            "POST", f"/values/{await book.named(given['range'])}:clear", Sent(body={})
        ),
    )


async def sort(given: Given, book: Book) -> Stream:
    """Puts the rows in order, by one column or two."""
    header, rows = await table(book)
    sheet = (await book.sheet())["sheetId"]
    orders = []
    for column, order in (
        ("sort_column", "sort_order"),
        ("secondary_column", "secondary_order"),
    ):
        if given[column]:
            orders.append({"dimensionIndex": column_of(header, given[column]),
                           "sortOrder": str(given[order] or "ascending").upper()})  # fmt: skip
    area = {"sheetId": sheet, "startRowIndex": int(given["has_header"]), "endRowIndex": len(rows),
            "startColumnIndex": 0, "endColumnIndex": len(header)}  # fmt: skip
    await book.change({"sortRange": {"range": area, "sortSpecs": orders}})
    yield "result", _OK


async def import_csv(given: Given, book: Book) -> Stream:
    """Puts CSV into a sheet."""
    rows = list(csv.reader(io.StringIO(given["csv_data"])))
    if given["clear_existing"]:
        await book.ask("POST", f"/values/{await book.named('')}:clear", Sent(body={}))
    await book.write(given["start_cell"], rows)
    yield "result", _OK
    yield "rows_imported", len(rows)


async def remove_duplicates(given: Given, book: Book) -> Stream:
    """Deletes rows that are there already."""
    header, rows = await table(book)
    places = [column_of(header, it) for it in given["columns"]] or list(
        range(len(header))
    )
    marks: dict[tuple[str, ...], int] = {}
    gone = []
    for number, row in enumerate(rows[1:], 1):
        mark = tuple(
            str(row[it]) if given["match_case"] else str(row[it]).lower()
            for it in places
        )
        if mark in marks:
            gone.append(marks[mark] if given["keep"] == "last" else number)
        if mark not in marks or given["keep"] == "last":
            marks[mark] = number
    if gone:
        sheet = (await book.sheet())["sheetId"]
        await book.change(
            *(_deleted(sheet, "ROWS", it) for it in sorted(gone, reverse=True))
        )
    yield "result", _OK
    yield "removed_count", len(gone)
    yield "remaining_rows", len(rows) - 1 - len(gone)


async def create(given: Given, native: Native) -> Stream:
    """Makes a spreadsheet."""
    sheets = [{"properties": {"title": it}} for it in given["sheet_names"]]
    body = {"properties": {"title": given["title"]}, "sheets": sheets}
    made = await API.ask(native, borne(given), "POST", "", Sent(body=body))
    id, url = (
        made["spreadsheetId"],
        made.get("spreadsheetUrl") or PAGE.format(id=made["spreadsheetId"]),
    )
    yield "result", _OK
    yield (
        "spreadsheet",
        {"id": id, "name": given["title"], "mimeType": _TYPE, "url": url},
    )
    yield "spreadsheet_id", id
    yield "spreadsheet_url", url
