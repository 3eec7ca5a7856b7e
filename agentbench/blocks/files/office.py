"""Blocks for spreadsheets and PDF: read within bounds, written so that they do nothing."""

import io
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pydantic

from agentbench.blocks.base import about, block, library
from agentbench.blocks.base.archives import check_listed
from agentbench.blocks.base.confined import Workspace
from agentbench.blocks.base.separated import harmless, reader_of
from agentbench.blocks.base.sources import Source, source_of
from agentbench.domain.context import Context
from agentbench.domain.example import Example
from agentbench.domain.port import LongText

MOST_ROWS = 1_000_000
MOST_CELLS = 20_000_000
"""Empty ones too: a row of one cell in the last column comes with all before it."""
MOST_UNPACKED = 500_000_000
MOST_PAGES = 5000
_HELLO = "\n".join(
    (
        "%PDF-1.4",
        "1 0 obj",
        "<< /Type /Catalog /Pages 2 0 R >>",
        "endobj",
        "2 0 obj",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "endobj",
        "3 0 obj",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        "endobj",
        "4 0 obj",
        "<< /Length 31 >>",
        "stream",
        "BT /F 9 Tf 9 9 Td (Hello) Tj ET",
        "endstream",
        "endobj",
        "5 0 obj",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "endobj",
        "xref",
        "0 6",
        "0000000000 65535 f ",
        "0000000009 00000 n ",
        "0000000058 00000 n ",
        "0000000115 00000 n ",
        "0000000238 00000 n ",
        "0000000319 00000 n ",
        "trailer << /Size 6 /Root 1 0 R >>",
        "startxref",
        "389",
        "%%EOF",
        "",
    )
)
"""A PDF of one word, for the example."""
_File = Annotated[
    str | bytes | None,
    about("A path in the workspace, a data: URI, an https:// address, or bytes.", shown=True),
]  # fmt: skip


@block(
    id="files.read_spreadsheet",
    title="Read spreadsheet",
    keywords=("excel", "xlsx", "csv", "rows", "workbook", "sheet", "table"),
    effects="reads",
    outputs={
        "row": Annotated[dict[str, Any], about("Each row, when they come one by one.")],
        "rows": Annotated[list[dict[str, Any]], about("All rows, when they come together.")],
    },
    examples=[
        Example(
            inputs={"contents": "a,b\n1, x \n2,y", "skip_columns": []},
            outputs={"rows": [[{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]]},
        ),
        Example(
            inputs={"file": "a.csv", "one_by_one": True, "skip_rows": 1},
            files={"a.csv": "a\n1\n2\n"},
            outputs={"row": [{"a": "2"}]},
        ),
    ],
)  # fmt: skip
async def read_spreadsheet(
    file: _File = None,
    contents: Annotated[LongText | None, about("Or the CSV itself.")] = None,
    *,
    sheet: Annotated[str, about("Of Excel: which sheet; the first when empty.")] = "",
    delimiter: Annotated[str, about("Of CSV: what stands between values.")] = ",",
    quotechar: Annotated[str, about("Of CSV: what stands around values.", advanced=True)] = '"',
    escapechar: Annotated[str, about("Of CSV: what stands before a sign that is meant.", advanced=True)] = "\\",
    has_header: Annotated[bool, about("The first row names the columns.")] = True,
    skip_rows: Annotated[int, pydantic.Field(ge=0), about("Rows left out after that.")] = 0,
    strip: Annotated[bool, about("Drop spaces around values.")] = True,
    skip_columns: Annotated[list[str], about("Columns left out, by name or number.", advanced=True)] = [],  # noqa: B006
    one_by_one: Annotated[bool, about("Give each row by itself.")] = False,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads rows of an Excel file or of CSV; every value is text.

    Formulas are not worked out: what Excel saw last is what is read.
    """
    if file is None and contents is None:
        raise ValueError("Say either 'file' or 'contents'.")
    found = None if file is None else await source_of(file, context)

    def rows() -> list[dict[str, Any]]:
        if found is not None and found.data[:4] == b"PK\x03\x04":
            lines = _excel(found, sheet)
        else:
            text = contents or "" if found is None else found.text
            lines = reader_of(text, delimiter, quotechar, escapechar)
        return _named(
            lines,
            has_header=has_header,
            skip=skip_rows,
            strip=strip,
            without=set(skip_columns),
        )

    made = await context.in_thread(rows)
    if not one_by_one:
        yield "rows", made
        return
    for row in made:
        yield "row", row


def _named(
    lines: Iterator[list[str]],
    *,
    has_header: bool,
    skip: int,
    strip: bool,
    without: set[str],
) -> list[dict[str, Any]]:
    names = next(lines, []) if has_header else []
    names = [name.strip() for name in names] if strip else names
    made: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        if number < skip or not line:
            continue
        if len(made) >= MOST_ROWS:
            raise ValueError(f"There are more than {MOST_ROWS} rows.")
        made.append(
            {
                (names[at] if at < len(names) else str(at)): cell.strip()
                if strip
                else cell
                for at, cell in enumerate(line)
                if str(at) not in without
                and (at >= len(names) or names[at] not in without)
            }
        )
    return made


def _excel(found: Source, sheet: str) -> Iterator[list[str]]:
    openpyxl = library("openpyxl", "Reading Excel", extra="office")
    try:
        _check_size(found.data)
        book = openpyxl.load_workbook(
            io.BytesIO(found.data), read_only=True, data_only=True, keep_links=False
        )
    except Exception as error:  # whatever a damaged file leads to
        raise ValueError(
            f"'file' is no Excel file that can be read: {error}."
        ) from error
    if sheet and sheet not in book.sheetnames:
        known = ", ".join(map(repr, book.sheetnames))
        raise ValueError(f"'sheet' {sheet!r} is not there; there are {known}.")
    chosen = book[sheet] if sheet else book.worksheets[0]
    left = MOST_CELLS
    for row in chosen.iter_rows(values_only=True):
        left -= len(row)
        if left < 0:
            raise ValueError(f"There are more than {MOST_CELLS} cells.")
        yield ["" if cell is None else str(cell) for cell in row]


def _check_size(data: bytes) -> None:
    check_listed(data, "it")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        size = sum(info.file_size for info in parts.infolist())
    if size > MOST_UNPACKED:
        raise ValueError(f"it unpacks to {size} bytes; {MOST_UNPACKED} is the most")


@block(
    id="files.write_spreadsheet",
    title="Write spreadsheet",
    keywords=("excel", "xlsx", "save", "export", "workbook", "rows", "table"),
    effects="writes",
    outputs={"path": Annotated[str, about("Its path inside the workspace.")]},
    examples=[
        Example(inputs={"rows": [{"a": 1}], "path": "out.xlsx"}, outputs={"path": ["out.xlsx"]}),
    ],
)  # fmt: skip
async def write_spreadsheet(
    rows: Annotated[list[dict[str, Any]], about("A dictionary a row.")],
    path: Annotated[str, about("Where it goes, such as `out/people.xlsx`.")],
    *,
    sheet: Annotated[str, about("What the sheet is called.")] = "Sheet1",
    formulas: Annotated[
        bool, about("Let text that begins with = be a formula.", advanced=True)
    ] = False,
    context: Context,
) -> dict[str, Any]:
    """Writes rows as an Excel file; text that looks like a formula stays text."""
    openpyxl = library("openpyxl", "Writing Excel", extra="office")

    def made() -> str:
        names = list(dict.fromkeys(name for row in rows for name in row))
        book = openpyxl.Workbook(write_only=True)
        page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31] or "Sheet1")
        page.append([harmless(name) for name in names])
        for row in rows:
            cells = [_cell(row.get(name)) for name in names]
            page.append(cells if formulas else [harmless(cell) for cell in cells])
        out = io.BytesIO()
        book.save(out)
        return Workspace(context.workspace).write(path, out.getvalue())

    return {"path": await context.in_thread(made)}


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROL.sub("", value)[:32_767]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)[:32_767]


@block(
    id="files.read_pdf",
    title="Read PDF",
    keywords=("pdf", "text", "document", "extract", "pages", "paper", "report"),
    effects="reads",
    outputs={
        "text": Annotated[str, about("What all pages say.")],
        "page": Annotated[str, about("What each page says.")],
        "pages": Annotated[int, about("How many pages it has.")],
        "title": Annotated[str, about("Its title, if it says one.")],
    },
    examples=[Example(inputs={"file": "hello.pdf"}, files={"hello.pdf": _HELLO}, outputs={"page": ["Hello"], "pages": [1]})],
)  # fmt: skip
async def read_pdf(
    file: Annotated[str | bytes, about("A path in the workspace, a data: URI, an https:// address, or bytes.")],
    *,
    first: Annotated[int, pydantic.Field(ge=1), about("The first page that is read.")] = 1,
    last: Annotated[int | None, pydantic.Field(ge=1), about("The last one; to the end when empty.")] = None,
    context: Context,
) -> AsyncIterator[tuple[str, Any]]:  # fmt: skip
    """Reads the text of a PDF. Pages that are pictures have none; nothing in it is run."""
    found = await source_of(file, context)

    def read() -> tuple[list[str], int, str]:
        pypdf = library("pypdf", "Reading PDF", extra="office")
        try:
            reader = pypdf.PdfReader(io.BytesIO(found.data), strict=False)
            count = len(reader.pages)
            chosen = reader.pages[first - 1 : min(last or count, MOST_PAGES)]
            texts = [page.extract_text() or "" for page in chosen]
            title = str((reader.metadata or {}).get("/Title") or "")
        except Exception as error:  # whatever a damaged file leads to
            raise ValueError(f"'file' is no PDF that can be read: {error}.") from error
        return texts, count, title

    texts, count, title = await context.in_thread(read)
    for text in texts:
        yield "page", text
    yield "text", "\n\n".join(texts)
    yield "pages", count
    yield "title", title
