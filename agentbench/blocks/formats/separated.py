"""CSV as rows and back; what a spreadsheet would carry out is made harmless."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, Any

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.separated import harmless, reader_of
from agentbench.domain.port import LongText

_Separator = Annotated[str, about("What stands between values; `\\t` for a tab.")]


@block(
    id="formats.parse_csv",
    title="Read CSV text",
    keywords=("csv", "tsv", "comma separated", "rows", "parse", "spreadsheet"),
    examples=[
        example({"text": "a,b\n1,x\n"}, result=[{"a": "1", "b": "x"}]),
        example({"text": "1;x", "separator": ";", "header": False}, result=[{"0": "1", "1": "x"}]),
    ],
)  # fmt: skip
def parse_csv(
    text: Annotated[LongText, about("CSV.")],
    *,
    separator: _Separator = ",",
    header: Annotated[bool, about("The first line names the columns.")] = True,
) -> Annotated[list[dict[str, Any]], about("A dictionary a row; values are text.")]:
    """Reads CSV text as rows; a row that is longer than the header gets numbers as names."""
    rows = reader_of(text, separator)
    names = next(rows, []) if header else []
    return [
        {
            (names[at] if at < len(names) else str(at)): cell
            for at, cell in enumerate(row)
        }
        for row in rows
        if row
    ]


@block(
    id="formats.write_csv",
    title="Write CSV text",
    keywords=("csv", "tsv", "comma separated", "export", "spreadsheet", "to csv"),
    examples=[
        example({"rows": [{"a": 1, "b": "x"}, {"a": 2}]}, result="a,b\n1,x\n2,\n"),
        example({"rows": [{"a": "=1+1"}]}, result="a\n'=1+1\n", note="No formula comes to life."),
    ],
)  # fmt: skip
def write_csv(
    rows: Annotated[list[dict[str, Any]], about("A dictionary a row.")],
    *,
    separator: _Separator = ",",
    formulas: Annotated[
        bool, about("Leave text that begins as formulas do as it is.", advanced=True)
    ] = False,
) -> Annotated[str, about("CSV with a header.")]:
    """Writes rows as CSV text.

    Text that begins with = + - @ would be carried out by a spreadsheet; it gets a ' before.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    made = io.StringIO()
    writer = csv.writer(
        made, delimiter=separator.replace("\\t", "\t"), lineterminator="\n"
    )

    def line(cells: Iterable[Any]) -> list[Any]:
        return [one if formulas else harmless(one) for one in cells]

    writer.writerow(line(names))
    writer.writerows(line(row.get(name) for name in names) for row in rows)
    return made.getvalue()
