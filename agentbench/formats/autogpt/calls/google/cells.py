"""Cells: A1 notation, and the few calls that all of Google Sheets' blocks are made of.

Facts: developers.google.com/workspace/sheets/api/reference/rest/v4.
"""

import re
from typing import Any
from urllib.parse import quote

from agentbench.formats.autogpt.block import Given
from agentbench.formats.autogpt.calls.call import Api, Sent
from agentbench.formats.autogpt.calls.google.files import borne, file_id
from agentbench.formats.base import Native

API = Api("https://sheets.googleapis.com/v4/spreadsheets")
PAGE = "https://docs.google.com/spreadsheets/d/{id}/edit"
_CELL = re.compile(r"([A-Za-z]*)(\d*)")


def letter_of(place: int) -> str:
    """The letters of a column by its place, from 0: `A`, `Z`, `AA`."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def place_of(letters: str) -> int:
    """The place of a column by its letters, from 0."""
    place = 0
    for one in letters.upper():
        place = place * 26 + ord(one) - 64
    return place - 1


def grid_of(said: str, sheet: int) -> dict[str, int]:
    """A range such as `A1:B2`, `A:B` or `C3`, as the API has it."""
    first, _, last = said.rpartition("!")[2].partition(":")
    grid = {"sheetId": sheet}
    for part, column, row in (
        (first, "startColumnIndex", "startRowIndex"),
        (last or first, "endColumnIndex", "endRowIndex"),
    ):
        found = _CELL.fullmatch(part.replace("$", ""))
        if found is None:
            raise ValueError(f"{said!r} is no range of cells.")
        plus = 1 if column.startswith("end") else 0
        if found[1]:
            grid[column] = place_of(found[1]) + plus
        if found[2]:
            grid[row] = int(found[2]) - 1 + plus
    return grid


class Book:
    """A spreadsheet, as a node names it."""

    def __init__(self, given: Given, native: Native, port: str = "spreadsheet") -> None:
        self.id = file_id(given[port])
        self._given, self._native = borne(given), native
        self._name = str(given.get("sheet_name") or "")

    async def sheet(self, name: str = "") -> dict[str, Any]:
        """What is known of a sheet by its name; of the first where none is named.

        Raises:
            LookupError: there is no such sheet.
        """
        wanted = name or self._name
        for one in await self.sheets():
            if wanted in ("", one["title"]):
                return one
        raise LookupError(f"The spreadsheet has no sheet {wanted!r}.")

    async def sheets(self) -> list[dict[str, Any]]:
        """What is known of every sheet."""
        found = await self.ask("GET", "", Sent(params={"fields": "sheets.properties"}))
        return [it["properties"] for it in found["sheets"]]

    async def read(self, cells: str = "") -> list[list[Any]]:
        """The rows of a range; of the whole sheet where none is named."""
        found = await self.ask(
            "GET", f"/values/{quote(await self.named(cells), safe='')}"
        )
        return list(found.get("values") or [])

    async def write(
        self, cells: str, rows: list[list[Any]], option: Any = None
    ) -> dict[str, Any]:
        """Puts rows into a range."""
        params = {"valueInputOption": option or "USER_ENTERED"}
        place = f"/values/{quote(await self.named(cells), safe='')}"
        found: dict[str, Any] = await self.ask(
            "PUT", place, Sent(params=params, body={"values": rows})
        )
        return found

    async def named(self, cells: str) -> str:
        """A range with the name of its sheet."""
        if "!" in cells:
            return cells
        title = self._name or (await self.sheet())["title"]
        shown = "'" + title.replace("'", "''") + "'"
        return f"{shown}!{cells}" if cells else shown

    async def change(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        """Changes that the API carries out together; what each gives."""
        found = await self.ask(
            "POST", ":batchUpdate", Sent(body={"requests": list(requests)})
        )
        return list(found.get("replies") or [])

    async def ask(self, method: str, path: str, sent: Sent | None = None) -> Any:
        """What the API answers of this spreadsheet."""
        return await API.ask(
            self._native, self._given, method, f"/{self.id}{path}", sent
        )


def column_of(header: list[Any], said: str, *, is_header: bool = True) -> int:
    """The place of a column by its header or its letters.

    Raises:
        LookupError: there is no such column.
    """
    names = [str(it) for it in header]
    if is_header and said in names:
        return names.index(said)
    if re.fullmatch(r"[A-Za-z]{1,3}", said):
        return place_of(said)
    raise LookupError(
        f"There is no column {said!r}; there are {', '.join(names[:20])}."
    )


def padded(row: list[Any], size: int) -> list[Any]:
    """A row with empty cells at its end, which the API leaves out."""
    return [*row, *[""] * (size - len(row))]


async def table(book: Book) -> tuple[list[str], list[list[Any]]]:
    """The header of a sheet, and all its rows with the header, each as long as the longest."""
    rows = await book.read()
    size = max(map(len, rows), default=0)
    rows = [padded(row, size) for row in rows]
    return ([str(it) for it in rows[0]] if rows else []), rows
