"""Separated values: CSV is read within bounds, and written so that it does nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

MOST_TEXT = 100_000_000
MOST_CELL = 1_000_000
"""Letters that one value may have."""
MOST_COLUMNS = 20_000
_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)
_PASSED_OVER = " \0\xa0\u200b\ufeff"
"""What a spreadsheet may pass over before it looks."""


def reader_of(
    text: str, separator: str = ",", quote: str = '"', escape: str = ""
) -> Iterator[list[str]]:
    """The rows of CSV text.

    Raises:
        ValueError: it cannot be read, or is too large.
    """
    if len(text) > MOST_TEXT:
        raise ValueError(f"The CSV has more than {MOST_TEXT} letters.")
    text = text.removeprefix("\ufeff")
    separator = separator.replace("\\t", "\t")
    if len(separator) != 1:
        raise ValueError(f"The separator is one letter, not {separator!r}.")
    before = csv.field_size_limit(MOST_CELL)
    try:
        rows = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=separator,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            escapechar=escape or None,
        )
        for row in rows:
            if len(row) > MOST_COLUMNS:
                raise ValueError(f"A row has more than {MOST_COLUMNS} values.")
            yield row
    except csv.Error as error:
        raise ValueError(f"The CSV cannot be read: {error}.") from error
    finally:
        csv.field_size_limit(before)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay what they are."""
    if not isinstance(value, str) or not value.lstrip(_PASSED_OVER).startswith(
        _FORMULA
    ):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
