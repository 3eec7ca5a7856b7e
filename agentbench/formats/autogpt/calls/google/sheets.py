"""AutoGPT's blocks for Google Sheets: the table of them."""

from collections.abc import Callable, Mapping
from typing import Any

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.autogpt.calls.google import changes, reading, writing
from agentbench.formats.autogpt.calls.google.cells import PAGE, Book
from agentbench.formats.autogpt.calls.google.files import HOSTS, opened, shared
from agentbench.formats.base import Native


def _does(
    work: Callable[..., Any], effects: Any = "sends", port: str = "spreadsheet"
) -> Work:
    """A block that gives its spreadsheet on, after what it does with it."""

    async def run(given: Given, native: Native) -> Stream:
        async for pair in work(given, Book(given, native, port)):
            yield pair
        yield "spreadsheet", given[port]

    return Does(function=run, effects=effects, hosts=HOSTS)


SHEETS: Mapping[str, Work] = {
    "GoogleSheetsReadBlock": _does(reading.read, "reads"),
    "GoogleSheetsMetadataBlock": _does(reading.metadata, "reads"),
    "GoogleSheetsGetRowBlock": _does(reading.get_row, "reads"),
    "GoogleSheetsGetColumnBlock": _does(reading.get_column, "reads"),
    "GoogleSheetsGetRowCountBlock": _does(reading.count_rows, "reads"),
    "GoogleSheetsFilterRowsBlock": _does(reading.filter_rows, "reads"),
    "GoogleSheetsLookupRowBlock": _does(reading.lookup, "reads"),
    "GoogleSheetsGetUniqueValuesBlock": _does(reading.unique, "reads"),
    "GoogleSheetsFindBlock": _does(reading.find, "reads"),
    "GoogleSheetsExportCsvBlock": _does(reading.export, "reads"),
    "GoogleSheetsGetNotesBlock": _does(reading.notes, "reads"),
    "GoogleSheetsListNamedRangesBlock": _does(reading.named_ranges, "reads"),
    "GoogleSheetsWriteBlock": _does(writing.write),
    "GoogleSheetsUpdateCellBlock": _does(writing.update_cell),
    "GoogleSheetsAppendRowBlock": _does(writing.append),
    "GoogleSheetsInsertRowBlock": _does(writing.insert_row),
    "GoogleSheetsUpdateRowBlock": _does(writing.update_row),
    "GoogleSheetsDeleteRowsBlock": _does(writing.delete_rows),
    "GoogleSheetsDeleteColumnBlock": _does(writing.delete_column),
    "GoogleSheetsAddColumnBlock": _does(writing.add_column),
    "GoogleSheetsClearBlock": _does(writing.clear),
    "GoogleSheetsSortBlock": _does(writing.sort),
    "GoogleSheetsImportCsvBlock": _does(writing.import_csv),
    "GoogleSheetsRemoveDuplicatesBlock": _does(writing.remove_duplicates),
    "GoogleSheetsCreateSpreadsheetBlock": Does(
        function=writing.create, effects="sends", hosts=HOSTS
    ),
    "GoogleSheetsFormatBlock": _does(changes.look),
    "GoogleSheetsFindReplaceBlock": _does(changes.find_replace),
    "GoogleSheetsBatchOperationsBlock": _does(changes.several),
    "GoogleSheetsManageSheetBlock": _does(changes.manage),
    "GoogleSheetsCreateNamedRangeBlock": _does(changes.name_range),
    "GoogleSheetsAddDropdownBlock": _does(changes.dropdown),
    "GoogleSheetsProtectRangeBlock": _does(changes.protect),
    "GoogleSheetsAddNoteBlock": _does(changes.note),
    "GoogleSheetsCopyToSpreadsheetBlock": _does(
        changes.copy, port="source_spreadsheet"
    ),
    "GoogleSheetsShareSpreadsheetBlock": Does(
        function=shared("spreadsheet", PAGE), effects="sends", hosts=HOSTS
    ),
    "GoogleSheetsSetPublicAccessBlock": Does(
        function=opened("spreadsheet", PAGE), effects="sends", hosts=HOSTS
    ),
}
