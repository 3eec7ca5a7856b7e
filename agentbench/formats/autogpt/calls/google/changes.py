"""AutoGPT's blocks for Google Sheets that change more than values: looks, rules, notes, whole sheets."""

from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Sent
from agentbench.formats.autogpt.calls.google.cells import Book, grid_of

_OK = {"success": True}


async def _grid(given: Given, book: Book, said: str) -> dict[str, int]:
    """A range, in the sheet that it names, or that the node does."""
    title, _, _ = said.rpartition("!")
    sheet = await book.sheet(title.strip("'").replace("''", "'"))
    return grid_of(said, sheet["sheetId"]) if said else {"sheetId": sheet["sheetId"]}


async def look(given: Given, book: Book) -> Stream:
    """How the cells of a range look."""
    text: dict[str, Any] = {
        "bold": given["bold"],
        "italic": given["italic"],
        "fontSize": given["font_size"],
    }
    if given["text_color"]:
        text["foregroundColor"] = given["text_color"]
    form: dict[str, Any] = {"textFormat": text}
    fields = [
        "textFormat(bold,italic,fontSize"
        + (",foregroundColor)" if given["text_color"] else ")")
    ]
    if given["background_color"]:
        form["backgroundColor"] = given["background_color"]
        fields.append("backgroundColor")
    area = await _grid(given, book, given["range"])
    cell = {
        "range": area,
        "cell": {"userEnteredFormat": form},
        "fields": f"userEnteredFormat({','.join(fields)})",
    }
    await book.change({"repeatCell": cell})
    yield "result", _OK


async def find_replace(given: Given, book: Book) -> Stream:
    """Puts one text in the place of another, in one sheet or in all."""
    asked = {
        "find": given["find_text"],
        "replacement": given["replace_text"],
        "matchCase": given["match_case"],
        "matchEntireCell": given["match_entire_cell"],
    }
    asked |= (
        {"sheetId": given["sheet_id"]}
        if given["sheet_id"] >= 0
        else {"allSheets": True}
    )
    [reply] = await book.change({"findReplace": asked})
    yield "result", reply.get("findReplace") or {"occurrencesChanged": 0}


async def several(given: Given, book: Book) -> Stream:
    """Several changes of values: each puts rows into a range, or empties one."""
    puts, clears = [], []
    for one in given["operations"]:
        area = await book.named(str(one["range"]))
        if str(one.get("type", "update")) == "clear":
            clears.append(area)
        else:
            puts.append({"range": area, "values": one.get("values") or []})
    if puts:
        body = {"valueInputOption": "USER_ENTERED", "data": puts}
        await book.ask("POST", "/values:batchUpdate", Sent(body=body))
    if clears:
        await book.ask("POST", "/values:batchClear", Sent(body={"ranges": clears}))
    yield "result", {**_OK, "operations": len(given["operations"])}


async def manage(given: Given, book: Book) -> Stream:
    """Makes, deletes or copies a sheet."""
    what, name = str(given["operation"]), str(given["sheet_name"])
    if what == "create":
        [reply] = await book.change(
            {"addSheet": {"properties": {"title": name or "New sheet"}}}
        )
        yield "result", {**_OK, "sheetId": reply["addSheet"]["properties"]["sheetId"]}
    elif what == "delete":
        await book.change(
            {"deleteSheet": {"sheetId": (await book.sheet(name))["sheetId"]}}
        )
        yield "result", _OK
    elif what == "copy":
        source = given["source_sheet_id"] or (await book.sheet(name))["sheetId"]
        asked = {
            "sourceSheetId": source,
            "newSheetName": given["destination_sheet_name"]
            or f"Copy of {name or source}",
        }
        [reply] = await book.change({"duplicateSheet": asked})
        yield (
            "result",
            {**_OK, "sheetId": reply["duplicateSheet"]["properties"]["sheetId"]},
        )
    else:
        raise ValueError(
            f"A sheet can be made, deleted or copied; {what!r} is none of these."
        )


async def name_range(given: Given, book: Book) -> Stream:
    """Gives a range a name."""
    area = await _grid(given, book, given["range"])
    [reply] = await book.change(
        {"addNamedRange": {"namedRange": {"name": given["name"], "range": area}}}
    )
    yield "result", _OK
    yield "named_range_id", reply["addNamedRange"]["namedRange"]["namedRangeId"]


async def dropdown(given: Given, book: Book) -> Stream:
    """Lets the cells of a range be chosen from a list."""
    values = [{"userEnteredValue": str(it)} for it in given["options"]]
    rule = {
        "condition": {"type": "ONE_OF_LIST", "values": values},
        "strict": given["strict"],
        "showCustomUi": given["show_dropdown"],
    }
    area = await _grid(given, book, given["range"])
    await book.change({"setDataValidation": {"range": area, "rule": rule}})
    yield "result", _OK


async def protect(given: Given, book: Book) -> Stream:
    """Keeps others from changing a range, or warns them."""
    area = await _grid(given, book, given["range"])
    asked = {
        "range": area,
        "description": given["description"],
        "warningOnly": given["warning_only"],
    }
    [reply] = await book.change({"addProtectedRange": {"protectedRange": asked}})
    yield "result", _OK
    yield (
        "protection_id",
        reply["addProtectedRange"]["protectedRange"]["protectedRangeId"],
    )


async def note(given: Given, book: Book) -> Stream:
    """Puts a note on a cell."""
    area = await _grid(given, book, given["cell"])
    rows = [{"values": [{"note": given["note"]}]}]
    await book.change({"updateCells": {"range": area, "rows": rows, "fields": "note"}})
    yield "result", _OK


async def copy(given: Given, book: Book) -> Stream:
    """Copies a sheet into another spreadsheet."""
    sheet = await book.sheet(str(given["source_sheet_name"]))
    body = {"destinationSpreadsheetId": given["destination_spreadsheet_id"]}
    made = await book.ask("POST", f"/sheets/{sheet['sheetId']}:copyTo", Sent(body=body))
    yield "result", _OK
    yield "new_sheet_id", made["sheetId"]
    yield "new_sheet_name", made["title"]
