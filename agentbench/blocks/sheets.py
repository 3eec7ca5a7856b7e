"""Blocks for Google Sheets, by its REST API."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.api import Api, BaseUrl
from agentbench.domain.context import Context
from agentbench.domain.credential import CredentialName

_API = Api("https://sheets.googleapis.com")
_Credential = Annotated[
    str,
    CredentialName("api_key", "oauth2", hosts=("sheets.googleapis.com",)),
    about("The credential: an OAuth2 token of Google."),
]
_Sheet = Annotated[str, about("The spreadsheet's id, or its address.")]
_Range = Annotated[str, about("Such as `Sheet1!A1:C10`.")]
_Rows = Annotated[list[list[Any]], about("A list a row.")]
_Entered = Annotated[
    Literal["USER_ENTERED", "RAW"],
    about("Whether Google reads dates, numbers and formulas, as if typed.", advanced=True),
]  # fmt: skip
_ID = re.compile(
    r"(?:https?://docs\.google\.com/spreadsheets/d/)?([\w-]{5,200})(?:[/?#].*)?"
)


def _path(sheet: str, range: str, end: str = "") -> str:  # noqa: A002
    found = _ID.fullmatch(sheet.strip())
    if not found:
        raise ValueError(f"'sheet' {sheet!r:.80} is no id of a spreadsheet.")
    return f"/v4/spreadsheets/{found[1]}/values/{quote(range, safe='')}{end}"


@block(
    id="sheets.read",
    title="Read Google Sheet",
    keywords=("google sheets", "spreadsheet", "cells", "rows", "range", "excel"),
    effects="reads",
    outputs={
        "rows": Annotated[list[list[Any]], about("A list a row, as they are.")],
        "records": Annotated[list[dict[str, Any]], about("A dictionary a row, by the first row.")],
    },
    examples=[
        example(
            {"sheet": "sheet-1", "range": "A1:B2", "credential": "google-sheets"},
            rows=[["name", "n"], ["Ada", "1"]],
            records=[{"name": "Ada", "n": "1"}],
        )
    ],
)  # fmt: skip
async def read(
    sheet: _Sheet,
    range: _Range,  # noqa: A002
    credential: _Credential,
    *,
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Reads cells of a spreadsheet of Google."""
    found = await _API.call(
        context, "GET", _path(sheet, range), credential=credential, base_url=base_url
    )
    rows = found.get("values") or []
    names = [str(name) for name in rows[0]] if rows else []
    records = [
        {name: row[at] if at < len(row) else "" for at, name in enumerate(names)}
        for row in rows[1:]
    ]
    return {"rows": rows, "records": records}


@block(
    id="sheets.write",
    title="Write Google Sheet",
    keywords=("google sheets", "spreadsheet", "cells", "update", "set", "excel"),
    effects="sends",
    outputs={
        "cells": Annotated[int, about("How many cells were written.")],
        "range": Annotated[str, about("Where they are.")],
    },
    examples=[
        example(
            {"sheet": "sheet-1", "range": "A1:B1", "rows": [["a", 1]], "credential": "google-sheets"},
            cells=2,
            range="A1:B1",
        )
    ],
)  # fmt: skip
async def write(
    sheet: _Sheet,
    range: _Range,  # noqa: A002
    rows: _Rows,
    credential: _Credential,
    *,
    entered: _Entered = "RAW",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Writes cells of a spreadsheet of Google; what was there is replaced."""
    found = await _API.call(
        context, "PUT", _path(sheet, range), credential=credential, base_url=base_url,
        params={"valueInputOption": entered}, body={"values": rows},
    )  # fmt: skip
    return {
        "cells": found.get("updatedCells", 0),
        "range": found.get("updatedRange", range),
    }


@block(
    id="sheets.append",
    title="Append to Google Sheet",
    keywords=("google sheets", "spreadsheet", "add row", "log", "insert", "excel"),
    effects="sends",
    outputs={
        "cells": Annotated[int, about("How many cells were written.")],
        "range": Annotated[str, about("Where they are.")],
    },
    examples=[
        example(
            {"sheet": "sheet-1", "rows": [["b", 2]], "credential": "google-sheets"},
            cells=2,
            range="Sheet1!A9:B9",
        )
    ],
)
async def append(
    sheet: _Sheet,
    rows: _Rows,
    credential: _Credential,
    *,
    range: Annotated[str, about("The sheet, or a table in it.")] = "Sheet1",  # noqa: A002
    entered: _Entered = "RAW",
    base_url: BaseUrl = "",
    context: Context,
) -> dict[str, Any]:
    """Adds rows below a table of a spreadsheet of Google."""
    found = await _API.call(
        context, "POST", _path(sheet, range, ":append"), credential=credential, base_url=base_url,
        params={"valueInputOption": entered, "insertDataOption": "INSERT_ROWS"},
        body={"values": rows},
    )  # fmt: skip
    updates = found.get("updates") or {}
    return {
        "cells": updates.get("updatedCells", 0),
        "range": updates.get("updatedRange", ""),
    }
